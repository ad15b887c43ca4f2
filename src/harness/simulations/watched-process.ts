/**
 * A process that makes simulated runs for this one (simulation-worker.ts), as its parent sees it. It is ended when it stands still, and
 * never outlives its parent. (Should that be killed, it sees that the channel is closed.)
 */
import { fork, type ChildProcess } from 'node:child_process';
import { UserError } from '../../protocol/user-error.ts';
import { ALIVE_EVERY_MS, type FromSimulationWorker } from './simulation-worker.ts';
import { surroundings } from '../one-test/test-process.ts';

/** Of what it prints, which is mostly nothing but the last words of V8. */
const KEPT_STDERR = 4000;

export interface WatchedProcessEvents<Message> {
  /** Whether it has something to do: only then it must not be silent. */
  isBusy(): boolean;
  heard(message: Message): void;
  /** A mistake of ours, in the process or in starting it. */
  failed(error: Error): void;
  /** It has ended, or was ended. */
  gone(): void;
  /** It was silent for too long while it was busy, and is about to be ended. */
  stoodStill?(): void;
  /** Called every `ALIVE_EVERY_MS`. */
  looked?(): void;
}

export class WatchedProcess<Order extends object, Message extends { readonly kind: string }> {
  private readonly child: ChildProcess;
  private readonly looking: NodeJS.Timeout;
  /** Looks since it last said something: a clock would count the time that a suspended machine sleeps. */
  private silentLooks = 0;
  /** The end of what it printed. */
  words = '';

  constructor(
    file: string,
    /** A process that has not said a word for this long, while it was busy, stands still. */
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

  /** How it ended; both null before that. */
  get exit(): { readonly code: number | null; readonly signal: NodeJS.Signals | null } {
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  send(order: Order): void {
    // That it is gone is seen elsewhere.
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
// One listener, however many processes there are: Node warns of more than ten.
process.on('exit', () => {
  for (const one of living) one.kill();
});

const isOfAll = (message: { readonly kind: string }): message is FromSimulationWorker =>
  message.kind === 'alive' || message.kind === 'failed' || message.kind === 'user-error';
