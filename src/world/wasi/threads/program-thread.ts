/** Threads that run nodes in WebAssembly, one process after another; see channel.ts. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { Channel, ASK, KIND, SAY, SIMULATION } from './channel.ts';
import type { ProgramFolder } from '../files/program-folder.ts';
import type { RunnableModule } from '../calls/run-instance.ts';
import type { ProcessFacts } from '../simulated-system.ts';
import type { KeeperData, KeeperOrder } from './thread-keeper.ts';
import type { WorkerOrder } from './wasi-worker.ts';

/** Maximum number of idle threads. */
const KEPT = 32;
/** Maximum time that a thread takes to unwind a program that has been ended, and to begin. */
const UNWIND_MS = 1_000;
const BEGIN_MS = 30_000;

/** The two scripts that threads need. */
export interface ThreadScripts {
  /** The script of each thread: wasi-worker.ts. */
  readonly thread: string;
  /** The script of the thread that starts them: thread-keeper.ts. */
  readonly keeper: string;
}

export interface ThreadProgram extends RunnableModule {
  /** In memory that threads share. */
  readonly folder: ProgramFolder | undefined;
}

export class ProgramThread {
  readonly channel: Channel;
  private readonly port: MessagePort;

  constructor(
    private readonly keeper: ThreadKeeper,
    { module, isGo, folder }: ThreadProgram,
  ) {
    const memory = Channel.newMemory();
    const { port1, port2 } = new MessageChannel();
    this.channel = new Channel(memory, SIMULATION);
    this.port = port1;
    this.port.unref();
    this.keeper.start(this, { memory, module, isGo, folder, port: port2 });
    if (!this.channel.await(BEGIN_MS)) {
      this.close();
      throw new Error('a thread for a node in WebAssembly did not begin');
    }
    if (this.hasDied)
      throw new Error(`a thread for a node in WebAssembly: ${this.channel.taken().toString()}`);
  }

  begin(facts: ProcessFacts): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a port of Node's, which has none
    this.port.postMessage(facts);
    this.channel.words[KIND] = SAY.start;
  }

  /** Ends its process. */
  end(): void {
    this.channel.words[KIND] = SAY.end;
    this.channel.pass();
  }

  /** Whether another process can begin. */
  isReady(): boolean {
    // Any other value of the cell is simply not in the list.
    return this.channel.await(UNWIND_MS) && [ASK.ready, ASK.exit].includes(this.channel.words[KIND] as 0);
  }

  get hasDied(): boolean {
    return this.channel.words[KIND] === ASK.died;
  }

  close(): void {
    this.port.close();
    this.keeper.end(this);
  }
}

/** The simulation's side of thread-keeper.ts. */
class ThreadKeeper {
  private readonly worker: Worker;
  private readonly ids = new Map<ProgramThread, number>();
  private nextId = 0;

  constructor({ thread, keeper }: ThreadScripts) {
    const data: KeeperData = { script: thread };
    this.worker = new Worker(keeper, { eval: true, workerData: data, argv: [], execArgv: [], env: {} });
    this.worker.unref();
    // A ProgramThread that waits for it gets no answer, and gives up after BEGIN_MS.
    this.worker.on('error', () => {});
  }

  start(thread: ProgramThread, order: WorkerOrder): void {
    const id = this.nextId++;
    this.ids.set(thread, id);
    this.tell({ kind: 'start', id, order }, [order.port]);
  }

  end(thread: ProgramThread): void {
    const id = this.ids.get(thread);
    if (id === undefined) return;
    this.ids.delete(thread);
    this.tell({ kind: 'end', id });
  }

  /** Ends it with its threads. */
  close(): void {
    void this.worker.terminate();
  }

  private tell(order: KeeperOrder, transfer: readonly MessagePort[] = []): void {
    this.worker.postMessage(order, [...transfer]);
  }
}

export class ProgramThreads {
  private readonly idle: ProgramThread[] = [];
  private readonly busy = new Set<ProgramThread>();
  private keeper: ThreadKeeper | undefined;

  constructor(
    private readonly scripts: ThreadScripts,
    private readonly program: ThreadProgram,
  ) {}

  take(): ProgramThread {
    const thread = this.takeIdle() ?? this.start();
    this.busy.add(thread);
    return thread;
  }

  /** `isSound` says that the thread can take another process; otherwise it was stopped at an arbitrary point. */
  giveBack(thread: ProgramThread, isSound: boolean): void {
    if (!this.busy.delete(thread)) return;
    if (isSound && this.idle.length < KEPT) this.idle.push(thread);
    else thread.close();
  }

  close(): void {
    for (const thread of [...this.idle, ...this.busy]) thread.close();
    this.idle.length = 0;
    this.busy.clear();
    this.keeper?.close();
    this.keeper = undefined;
  }

  private start(): ProgramThread {
    this.keeper ??= new ThreadKeeper(this.scripts);
    return new ProgramThread(this.keeper, this.program);
  }

  private takeIdle(): ProgramThread | undefined {
    for (let thread = this.idle.shift(); thread !== undefined; thread = this.idle.shift()) {
      if (thread.isReady()) return thread;
      thread.close();
    }
    return undefined;
  }
}
