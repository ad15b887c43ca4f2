/**
 * Trials in processes of their own, several at once. A trial that ends its process, or stands still, is none that fails alike: what is
 * looked for is a verdict.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { ALIVE_EVERY_MS } from '../harness/simulation-worker.ts';
import { surroundings } from '../harness/test-process.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { lookAt } from './one-trial.ts';
import type { FromTrials, ToTrials } from './trial-messages.ts';
import { NO_VERDICT, type LookedAtTrial, type Trial, type TrialRunner } from './trials.ts';

/** A process that has not said a word for this long stands still; one that is loading takes a while. */
const PATIENCE_MS = 10_000;

interface Waiting {
  readonly number: number;
  readonly resolve: (trial: Trial) => void;
  readonly reject: (error: Error) => void;
}

export class TrialProcesses implements TrialRunner {
  private readonly processes: OneProcess[];
  private count = 0;

  constructor(
    /** dist/trial-worker.js. */
    file: string,
    /** The program as `bundleNode` has prepared it. */
    private readonly bin: string,
    readonly width: number,
  ) {
    this.processes = Array.from({ length: width }, () => new OneProcess(file));
  }

  run(spec: TestSpec): Promise<Trial> {
    const [idlest] = this.processes.toSorted((one, other) => one.load - other.load);
    if (idlest === undefined) throw new Error('there is a process for trials');
    return idlest.run({ number: this.count++, spec: { ...spec, bin: this.bin } });
  }

  look(spec: TestSpec): Promise<LookedAtTrial> {
    return lookAt({ ...spec, bin: this.bin });
  }

  close(): void {
    for (const one of this.processes) one.close();
  }
}

/** Started anew with the next trial after it has ended. */
class OneProcess {
  private child: ChildProcess | undefined;
  private waiting: Waiting[] = [];
  private silentLooks = 0;
  private isClosed = false;

  constructor(private readonly file: string) {
    process.on('exit', this.kill);
  }

  get load(): number {
    return this.waiting.length;
  }

  run(order: ToTrials): Promise<Trial> {
    if (this.isClosed) return Promise.resolve(NO_VERDICT);
    return new Promise((resolve, reject) => {
      this.waiting.push({ number: order.number, resolve, reject });
      const child = (this.child ??= this.start());
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
    child.on('message', (message: FromTrials) => this.hear(message));
    child.on('error', (error) => this.end(({ reject }) => reject(error)));
    child.on('close', () => {
      clearInterval(looking);
      this.child = undefined;
      this.end(({ resolve }) => resolve(NO_VERDICT));
    });
    return child;
  }

  private hear(message: FromTrials): void {
    this.silentLooks = 0;
    if (message.kind === 'failed') this.end(({ reject }) => reject(new Error(message.message)));
    if (message.kind !== 'tried') return;
    const at = this.waiting.findIndex(({ number }) => number === message.number);
    const [done] = this.waiting.splice(at, 1);
    done?.resolve(message.trial);
  }

  private end(tell: (waiting: Waiting) => void): void {
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) tell(one);
  }

  private readonly kill = (): void => void this.child?.kill('SIGKILL');
}
