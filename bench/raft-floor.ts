/**
 * The floor below `hunting raft`: what five nodes of examples/raft cost by themselves. Lines go from node to node through one
 * queue: no network, no journal, no faults, no checker, and a disk that keeps nothing.
 *
 *     node bench/run.mjs raft-floor [fresh]
 *
 * With `fresh`, each node of each run has a realm of its own, as in a simulated run; otherwise all share this one.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, createContext, Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type { FileSystem, Timers, Transport } from '../src/node/index.ts';
import { EventQueue } from '../src/world/event-queue.ts';
import { settlePromises } from '../src/world/rejections.ts';
import { startRaft } from './raft-node.ts';

const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];
const SECONDS = 60;
const RATE = 200;
const KEYS = 8;
const MS = 1_000_000;

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const start = process.argv[2] === 'fresh' ? inFreshRealm() : startRaft;

/** Returns a function that starts a node in a new realm. */
function inFreshRealm(): typeof startRaft {
  const [built] = buildSync({
    entryPoints: [join(folder, 'raft-node.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'raft',
    target: 'node20',
    write: false,
  }).outputFiles;
  // The SDK reads the environment when it is evaluated.
  const script = new Script(
    `(process) => { globalThis.process = process; ${built?.text ?? ''}; return raft.startRaft; }`,
  );
  return (...parts) => {
    const realm = createContext(constants.DONT_CONTEXTIFY);
    const open = script.runInContext(realm) as (host: NodeJS.Process) => typeof startRaft; // see above
    open(process)(...parts);
  };
}

class Cluster {
  messages = 0;
  private nowNanos = 0;
  private readonly queue = new EventQueue();
  private readonly readers = new Map<string, (line: string) => void>();
  private seed = 1;

  run(): void {
    for (const name of NODES) this.start(name);
    settlePromises();
    for (const name of NODES)
      this.send(name, line('c0', name, { type: 'init', msg_id: 1, node_id: name, node_ids: NODES }));
    for (let count = 0; count < SECONDS * RATE; count++)
      this.queue.push((1_000 + (count * 1_000) / RATE) * MS, () => this.request(count));
    for (
      let event = this.queue.pop();
      event !== undefined && event.atNanos < (1 + SECONDS) * 1_000 * MS;
      event = this.queue.pop()
    ) {
      this.nowNanos = event.atNanos;
      event.run();
      settlePromises();
    }
  }

  private start(name: string): void {
    const transport: Transport = {
      start: (onLine) => void this.readers.set(name, onLine),
      send: (text) => this.send(/"dest":"(\w+)"/.exec(text)?.[1] ?? '', text),
      log: () => {},
      exit: () => {},
    };
    const timers: Timers = {
      after: (delayMs, task) => this.after(delayMs, task),
      every: (periodMs, task) => {
        const beat = (): void => {
          task();
          this.after(periodMs, beat);
        };
        return this.after(periodMs, beat);
      },
      now: () => this.nowNanos / MS,
      random: () => this.random(),
    };
    start(transport, timers, NO_DISK);
  }

  private after(delayMs: number, task: () => void): () => void {
    const scheduled = this.queue.push(this.nowNanos + delayMs * MS, task);
    return () => scheduled.cancel();
  }

  private send(dest: string, text: string): void {
    this.messages++;
    const reader = this.readers.get(dest);
    // Handling a message takes some microseconds.
    if (reader !== undefined) this.queue.push(this.nowNanos + 50_000, () => reader(text));
  }

  private request(count: number): void {
    const dest = NODES[count % NODES.length] ?? 'n1';
    const key = Math.floor(this.random() * KEYS);
    const [from, to] = [Math.floor(this.random() * 5), Math.floor(this.random() * 5)];
    const request = [
      { type: 'read', key },
      { type: 'read', key },
      { type: 'write', key, value: to },
      { type: 'cas', key, from, to },
    ][Math.floor(this.random() * 4)];
    this.send(dest, line(`c${1 + (count % NODES.length)}`, dest, { ...request, msg_id: count + 2 }));
  }

  private random(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.seed / 2 ** 32;
  }
}

const line = (src: string, dest: string, body: object): string => JSON.stringify({ id: 1, src, dest, body });

const NO_DISK: FileSystem = {
  existsSync: () => false,
  mkdirSync: () => undefined,
  readFileSync: () => '',
  openSync: () => 3,
  writeSync: (_, text) => text.length,
  fsyncSync: () => {},
  closeSync: () => {},
  renameSync: () => {},
  unlinkSync: () => {},
};

for (let round = 0; round < 4; round++) {
  const cluster = new Cluster();
  const { user, system } = await measured(cluster);
  const cpuMs = (user + system) / 1000;
  console.log(
    `raft-floor ${cluster.messages} messages, ${((1000 * cpuMs) / cluster.messages).toFixed(1)} us each, ` +
      `${Math.round(cluster.messages / cpuMs)} thousand a second`,
  );
}

/** Runs it from a callback of the event loop, where promises can be settled. */
function measured(cluster: Cluster): Promise<NodeJS.CpuUsage> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const begin = process.cpuUsage();
      cluster.run();
      resolve(process.cpuUsage(begin));
    });
  });
}
