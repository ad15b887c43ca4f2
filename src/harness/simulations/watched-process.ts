/**
 * A process that makes simulated runs for this one (simulation-worker.ts), as its parent sees it. It is ended when it
 * hangs, and never outlives its parent. (If the parent is killed, it sees its channel close.)
 */
import { fork, type ChildProcess } from 'node:child_process';
import { UserError } from '../../protocol/user-error.ts';
import { ALIVE_EVERY_MS, type FromSimulationWorker } from './simulation-worker.ts';
import { surroundings } from '../one-test/test-process.ts';

/** Maximum number of characters kept of its stderr, where normally only V8 writes when it crashes. */
const KEPT_STDERR = 4000;

export interface WatchedProcessEvents<Message> {
  /** True while it has work to do; only then must it send heartbeats. */
  isBusy(): boolean;
  heard(message: Message): void;
  /** A bug of ours, in the process or in starting it. */
  failed(error: Error): void;
  /** The process has ended, or was ended. */
  gone(): void;
  /** The process was silent for too long while it was busy, and is about to be ended. */
  stoodStill?(): void;
  /** Called every `ALIVE_EVERY_MS`. */
  looked?(): void;
}

export class WatchedProcess<Order extends object, Message extends { readonly kind: string }> {
  private readonly child: ChildProcess;
  private readonly looking: NodeJS.Timeout;
  /** Number of checks since its last message. A clock would count the time during which the machine is suspended. */
  private silentLooks = 0;
  /** The end of its stderr. */
  words = '';

  constructor(
    file: string,
    /** Milliseconds of silence after which a busy process is considered hung. */
    private readonly patienceMs: number,
    private readonly events: WatchedProcessEvents<Message>,
  ) {
    const child = fork(file, [], {
      ...surroundings([]),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: Message | FromSimulationWorker) => this.hear(message));
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      events.failed(error);
      this.end();
    });
    child.on('close', () => this.end());
    this.looking = setInterval(() => this.look(), ALIVE_EVERY_MS);
    living.add(this);
  }

  /** How it ended; both are null before that. */
  get exit(): { readonly code: number | null; readonly signal: NodeJS.Signals | null } {
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  send(order: Order): void {
    // The process's end is handled elsewhere.
    if (this.child.connected) this.child.send(order, () => {});
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private hear(message: Message | FromSimulationWorker): void {
    this.silentLooks = 0;
    if (isOfAll(message)) {
      if (message.kind === 'alive') return;
      if (message.kind === 'user-error')
        return this.events.failed(new UserError(message.message, message.hint));
      const error = new Error(message.message);
      if (message.stack !== undefined) error.stack = message.stack;
      return this.events.failed(error);
    }
    this.events.heard(message);
  }

  private look(): void {
    this.silentLooks = this.events.isBusy() ? this.silentLooks + 1 : 0;
    this.events.looked?.();
    if (this.silentLooks * ALIVE_EVERY_MS <= this.patienceMs) return;
    this.events.stoodStill?.();
    this.kill();
  }

  private end(): void {
    if (!living.delete(this)) return;
    clearInterval(this.looking);
    this.events.gone();
  }
}

const living = new Set<{ kill(): void }>();
// A single listener for all processes, since Node warns of more than ten.
process.on('exit', () => {
  for (const one of living) one.kill();
});

const isOfAll = (message: { readonly kind: string }): message is FromSimulationWorker =>
  message.kind === 'alive' || message.kind === 'failed' || message.kind === 'user-error';
