/**
 * Starts the threads of nodes in WebAssembly, and reports those that die. It is a thread itself
 * (dist/thread-keeper.cjs): the simulation sleeps while a program runs, so it would receive the event of a thread's
 * death only after the watchdog has acted.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { ASK, Channel, KIND, PROGRAM } from './channel.ts';
import type { WorkerOrder } from './wasi-worker.ts';

export interface KeeperData {
  /** The script of the threads: wasi-worker.ts. */
  readonly script: string;
}

export type KeeperOrder =
  | { readonly kind: 'start'; readonly id: number; readonly order: WorkerOrder }
  | { readonly kind: 'end'; readonly id: number };

/** Maximum size of V8's own heap for a program: its tables and, if it uses garbage collection, its objects. */
const HEAP_MB = 512;

const { script } = workerData as KeeperData; // set by ProgramThreads
const threads = new Map<number, Worker>();

parentPort?.on('message', (said: KeeperOrder) => {
  if (said.kind === 'start') start(said.id, said.order);
  else end(said.id);
});

function start(id: number, order: WorkerOrder): void {
  // A node gets nothing of the harness's environment, arguments and streams.
  const thread = new Worker(script, {
    eval: true,
    workerData: order,
    transferList: [order.port],
    argv: [],
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  threads.set(id, thread);
  let reason = 'it ended';
  thread.on('error', (error) => (reason = error.message));
  thread.on('exit', () => {
    // A thread that `end` has terminated is not reported.
    if (threads.delete(id)) reportDeath(order.memory, reason);
  });
}

function end(id: number): void {
  const thread = threads.get(id);
  threads.delete(id);
  void thread?.terminate();
}

/** Answers in place of the dead thread; its output is still in the shared memory. */
function reportDeath(memory: SharedArrayBuffer, reason: string): void {
  const channel = new Channel(memory, PROGRAM);
  channel.put(Buffer.from(reason));
  channel.words[KIND] = ASK.died;
  channel.pass();
}
