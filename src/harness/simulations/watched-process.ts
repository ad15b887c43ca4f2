/**
 * A process that makes simulated runs for this one (simulation-worker.ts), as its parent sees it. It is ended when it
 * hangs, and never outlives its parent. (If the parent is killed, it sees its channel close.)
 */
import { readSentError } from '../sent-error.ts';
import { SimulatingChild } from '../simulating-child.ts';
import { ALIVE_EVERY_MS, type FromSimulationWorker } from './simulation-worker.ts';

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
  private readonly child: SimulatingChild<Order>;
  private readonly looking: NodeJS.Timeout;
  /** Number of checks since its last message. A clock would count the time during which the machine is suspended. */
  private silentLooks = 0;
  private hasEnded = false;

  constructor(
    file: string,
    /** Milliseconds of silence after which a busy process is considered hung. */
    private readonly patienceMs: number,
    private readonly events: WatchedProcessEvents<Message>,
  ) {
    this.child = new SimulatingChild(file);
    const { process: child } = this.child;
    child.on('message', (message: Message | FromSimulationWorker) => this.hear(message));
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      events.failed(error);
      this.end();
    });
    child.on('close', () => this.end());
    this.looking = setInterval(() => this.look(), ALIVE_EVERY_MS);
  }

  /** The end of its stderr. */
  get words(): string {
    return this.child.words;
  }

  /** How it ended; both are null before that. */
  get exit(): { readonly code: number | null; readonly signal: NodeJS.Signals | null } {
    const { exitCode: code, signalCode: signal } = this.child.process;
    return { code, signal };
  }

  send(order: Order): void {
    this.child.send(order);
  }

  kill(): void {
    this.child.kill();
  }

  private hear(message: Message | FromSimulationWorker): void {
    this.silentLooks = 0;
    if (isOfAll(message)) {
      if (message.kind === 'failed') this.events.failed(readSentError(message.error));
      return;
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
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearInterval(this.looking);
    this.events.gone();
  }
}

const isOfAll = (message: { readonly kind: string }): message is FromSimulationWorker =>
  message.kind === 'alive' || message.kind === 'failed';
