/**
 * Starts the threads of nodes in WebAssembly, and reports those that die: dist/thread-keeper.cjs, a thread of its own. The simulation
 * sleeps while a program runs, so the event that says that its thread has died would reach it only after the watchdog.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { ASK, Channel, KIND, PROGRAM } from './channel.ts';
import type { WorkerOrder } from './wasi-worker.ts';

export interface KeeperData {
  /** Of the threads: wasi-worker.ts. */
  readonly script: string;
}

export type KeeperOrder =
  | { readonly kind: 'start'; readonly id: number; readonly order: WorkerOrder }
  | { readonly kind: 'end'; readonly id: number };

/** What a program may hold in V8's own heap: its tables and, where it has a garbage collector, its objects. */
const HEAP_MB = 512;

const { script } = workerData as KeeperData; // put there by ProgramThreads
const threads = new Map<number, Worker>();

parentPort?.on('message', (said: KeeperOrder) => {
  if (said.kind === 'start') start(said.id, said.order);
  else end(said.id);
});

function start(id: number, order: WorkerOrder): void {
  // Nothing of the harness's environment, arguments and streams is a node's.
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
    // One that was ended is missed by no one.
    if (threads.delete(id)) reportDeath(order.memory, reason);
  });
}

function end(id: number): void {
  const thread = threads.get(id);
  threads.delete(id);
  void thread?.terminate();
}

/** In its place: what it has printed is still in the memory that it shared. */
function reportDeath(memory: SharedArrayBuffer, reason: string): void {
  const channel = new Channel(memory, PROGRAM);
  channel.put(Buffer.from(reason));
  channel.words[KIND] = ASK.died;
  channel.pass();
}
