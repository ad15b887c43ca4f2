/**
 * A process of a hunt as its parent sees it. A thread would not do: a node that fills the memory can end the whole process, one
 * inside a call of V8's own cannot be ended, and in a thread the stack is deeper and the time zone another, so that a run would not be
 * what `maelstrom test` makes of it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { ALIVE_EVERY_MS } from '../harness/simulation-worker.ts';
import { surroundings } from '../harness/test-process.ts';
import type { HuntPlan } from './hunt-plan.ts';
import type { HuntedProgram, Job, Ran } from './job.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface WorkerEvents {
  ran(job: Job, ran: Ran): void;
  /** It has died, or was ended because it stood still. `left` are the runs that it still had, the one in progress first; `words` what it printed. */
  gone(left: readonly Job[], words: string): void;
  /** A mistake of ours. */
  failed(error: Error): void;
}

/** A process that has not said a word for this long, during a run, stands still. */
const PATIENCE_MS = 2000;
/** Of what it prints, which is nothing but the last words of V8. */
const KEPT_STDERR = 4000;

export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly jobs: Job[] = [];
  private readonly watching: NodeJS.Timeout;
  private isReady = false;
  /** Looks since it last said something: a clock would count the time that a suspended machine sleeps. */
  private silentLooks = 0;
  private isClosed = false;
  private words = '';
  /** Processor time that it has used, as it last said. */
  cpuMs = 0;

  constructor(
    /** dist/hunt-worker.js. */
    file: string,
    plan: HuntPlan,
    private readonly program: HuntedProgram,
    private readonly events: WorkerEvents,
  ) {
    this.child = fork(file, [], {
      ...surroundings([]),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const { child } = this;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: FromWorker) => this.hear(message));
    child.on('error', (error) => {
      if (child.pid === undefined) this.events.failed(error);
    });
    child.on('close', () => this.onGone());
    this.watching = setInterval(() => this.look(), ALIVE_EVERY_MS);
    this.follow(plan);
  }

  /** Runs that it has been given and that are not done. */
  get load(): number {
    return this.jobs.length;
  }

  /** Its runs from now on are of that plan. */
  follow(plan: HuntPlan): void {
    this.send({ kind: 'prepare', plan, program: this.program });
  }

  give(job: Job): void {
    this.jobs.push(job);
    this.send({ kind: 'run', job });
  }

  close(): void {
    this.isClosed = true;
    this.kill();
  }

  private hear(message: FromWorker): void {
    this.silentLooks = 0;
    switch (message.kind) {
      case 'ready':
        this.isReady = true;
        return;
      case 'alive':
        return;
      case 'ran': {
        this.cpuMs = message.cpuMs;
        const job = this.jobs.shift();
        if (job?.number !== message.number) throw new Error(`run ${message.number} came out of its order`);
        return this.events.ran(job, message.ran);
      }
      case 'failed': {
        const error = new Error(message.message);
        if (message.stack !== undefined) error.stack = message.stack;
        return this.events.failed(error);
      }
    }
  }

  private look(): void {
    if (!this.isReady || this.jobs.length === 0) return;
    this.silentLooks++;
    if (this.silentLooks * ALIVE_EVERY_MS > PATIENCE_MS) this.kill();
  }

  private onGone(): void {
    clearInterval(this.watching);
    if (!this.isClosed) this.events.gone(this.jobs.splice(0), this.words.trim());
  }

  private kill(): void {
    this.child.kill('SIGKILL');
  }

  private send(message: ToWorker): void {
    // That it is gone is seen elsewhere.
    if (this.child.connected) this.child.send(message, () => {});
  }
}
