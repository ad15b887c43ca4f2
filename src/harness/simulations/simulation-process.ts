/**
 * Carries out orders one after another in a separate process (simulation-worker.ts). If the process dies or hangs, all
 * its pending orders are given up, and it is restarted for the next one.
 */
import { yieldLimitMs } from './yield-limit.ts';
import { WatchedProcess } from './watched-process.ts';

/** The message of such a process when an order is done. */
export interface Carried<Answer> {
  readonly kind: 'carried';
  readonly number: number;
  readonly answer: Answer;
}

interface Waiting<Answer> {
  readonly number: number;
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: Error) => void;
}

export class SimulationProcess<Order extends { readonly number: number }, Answer> {
  private process: WatchedProcess<Order, Carried<Answer>> | undefined;
  private waiting: Waiting<Answer>[] = [];
  private isClosed = false;

  constructor(private readonly file: string) {}

  /** Number of its pending orders. */
  get load(): number {
    return this.waiting.length;
  }

  /** Resolves to undefined if the order was given up. */
  run(order: Order): Promise<Answer | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.waiting.push({ number: order.number, resolve, reject });
      this.process ??= this.start();
      this.process.send(order);
    });
  }

  close(): void {
    this.isClosed = true;
    this.process?.kill();
  }

  private start(): WatchedProcess<Order, Carried<Answer>> {
    return new WatchedProcess(this.file, yieldLimitMs(), {
      isBusy: () => this.waiting.length > 0,
      heard: ({ number, answer }) => {
        const at = this.waiting.findIndex((one) => one.number === number);
        const [done] = this.waiting.splice(at, 1);
        done?.resolve(answer);
      },
      failed: (error) => this.end(({ reject }) => reject(error)),
      gone: () => {
        this.process = undefined;
        this.end(({ resolve }) => resolve(undefined));
      },
    });
  }

  private end(tell: (waiting: Waiting<Answer>) => void): void {
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) tell(one);
  }
}
