/**
 * Carries out one order after the other in a process of its own (simulation-worker.ts). When that dies, or stands still, all that it
 * still had to do comes to nothing, and it is started anew with the next order.
 */
import { yieldLimitMs } from './yield-limit.ts';
import { WatchedProcess } from './watched-process.ts';

/** What such a process says when it has carried out an order. */
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

  /** How many orders it has. */
  get load(): number {
    return this.waiting.length;
  }

  /** Undefined when the order came to nothing. */
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
