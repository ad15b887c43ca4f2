/** Threads in which nodes in WebAssembly run, one process after another; see channel.ts. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { Channel, ASK, KIND, SAY, SIMULATION } from './channel.ts';
import type { RunnableModule } from './run-instance.ts';
import type { ProcessFacts } from './simulated-system.ts';
import type { WorkerOrder } from './wasi-worker.ts';

/** How many threads wait for a process, at most. */
const KEPT = 32;
/** A thread takes this long at most to unwind a program that has been ended, and to begin. */
const UNWIND_MS = 1_000;
const BEGIN_MS = 30_000;

export class ProgramThread {
  readonly channel: Channel;
  private readonly worker: Worker;
  private readonly port: MessagePort;

  constructor(script: string, { module, isGo }: RunnableModule) {
    const memory = Channel.newMemory();
    const { port1, port2 } = new MessageChannel();
    this.channel = new Channel(memory, SIMULATION);
    this.port = port1;
    this.port.unref();
    const workerData: WorkerOrder = { memory, module, isGo, port: port2 };
    // Nothing of the harness's environment, arguments and streams is a node's.
    this.worker = new Worker(script, {
      eval: true,
      workerData,
      transferList: [port2],
      argv: [],
      execArgv: [],
      env: {},
    });
    this.worker.unref();
    // It is ended from here, when it has been left behind.
    this.worker.on('error', () => {});
    if (!this.channel.await(BEGIN_MS)) {
      this.close();
      throw new Error('a thread for a node in WebAssembly did not begin');
    }
  }

  begin(facts: ProcessFacts): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a port of Node's, which has none
    this.port.postMessage(facts);
    this.channel.words[KIND] = SAY.start;
  }

  /** The process in it is no more. */
  end(): void {
    this.channel.words[KIND] = SAY.end;
    this.channel.pass();
  }

  /** Whether another process may begin. */
  isReady(): boolean {
    return this.channel.await(UNWIND_MS) && [ASK.ready, ASK.exit].includes(this.channel.words[KIND] as 0); // what is there otherwise is none of them
  }

  close(): void {
    this.port.close();
    void this.worker.terminate();
  }
}

export class ProgramThreads {
  private readonly idle: ProgramThread[] = [];
  private readonly busy = new Set<ProgramThread>();

  constructor(
    private readonly script: string,
    private readonly runnable: RunnableModule,
  ) {}

  take(): ProgramThread {
    const thread = this.takeIdle() ?? new ProgramThread(this.script, this.runnable);
    this.busy.add(thread);
    return thread;
  }

  /** `isSound`: it can take another process; otherwise it was stopped somewhere. */
  giveBack(thread: ProgramThread, isSound: boolean): void {
    if (!this.busy.delete(thread)) return;
    if (isSound && this.idle.length < KEPT) this.idle.push(thread);
    else thread.close();
  }

  close(): void {
    for (const thread of [...this.idle, ...this.busy]) thread.close();
    this.idle.length = 0;
    this.busy.clear();
  }

  private takeIdle(): ProgramThread | undefined {
    for (let thread = this.idle.shift(); thread !== undefined; thread = this.idle.shift()) {
      if (thread.isReady()) return thread;
      thread.close();
    }
    return undefined;
  }
}
