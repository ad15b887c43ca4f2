/**
 * A process that makes simulated runs, as its parent sees it: it carries out one order after the other (simulation-worker.ts). When it
 * dies, or stands still, all that it still had to do comes to nothing, and it is started anew with the next order.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { ALIVE_EVERY_MS, type FromSimulationWorker } from './simulation-worker.ts';
import { surroundings } from './test-process.ts';

/** A process that has not said a word for this long stands still; one that is loading takes a while. */
const PATIENCE_MS = 10_000;

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
  private child: ChildProcess | undefined;
  private waiting: Waiting<Answer>[] = [];
  private silentLooks = 0;
  private isClosed = false;

  constructor(private readonly file: string) {
    // None outlives this process. (Should it be killed, they see that their channel is closed.)
    process.on('exit', this.kill);
  }

  /** How many orders it has. */
  get load(): number {
    return this.waiting.length;
  }

  /** Undefined when the order came to nothing. */
  run(order: Order): Promise<Answer | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.waiting.push({ number: order.number, resolve, reject });
      const child = (this.child ??= this.start());
      // That it is gone is seen elsewhere.
      if (child.connected) child.send(order, () => {});
    });
  }

  close(): void {
    this.isClosed = true;
    process.off('exit', this.kill);
    this.kill();
  }

  private start(): ChildProcess {
    const child = fork(this.file, [], {
      ...surroundings([]),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.silentLooks = 0;
    const looking = setInterval(() => {
      this.silentLooks = this.waiting.length === 0 ? 0 : this.silentLooks + 1;
      if (this.silentLooks * ALIVE_EVERY_MS > PATIENCE_MS) this.kill();
    }, ALIVE_EVERY_MS);
    child.on('message', (message: FromSimulationWorker | Carried<Answer>) => this.hear(message));
    child.on('error', (error) => this.end(({ reject }) => reject(error)));
    child.on('close', () => {
      clearInterval(looking);
      this.child = undefined;
      this.end(({ resolve }) => resolve(undefined));
    });
    return child;
  }

  private hear(message: FromSimulationWorker | Carried<Answer>): void {
    this.silentLooks = 0;
    switch (message.kind) {
      case 'alive':
        return;
      case 'failed': {
        const error = new Error(message.message);
        if (message.stack !== undefined) error.stack = message.stack;
        return this.end(({ reject }) => reject(error));
      }
      case 'carried': {
        const at = this.waiting.findIndex(({ number }) => number === message.number);
        const [done] = this.waiting.splice(at, 1);
        done?.resolve(message.answer);
      }
    }
  }

  private end(tell: (waiting: Waiting<Answer>) => void): void {
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) tell(one);
  }

  private readonly kill = (): void => void this.child?.kill('SIGKILL');
}
