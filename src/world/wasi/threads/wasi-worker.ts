/**
 * The thread of a node in WebAssembly, for versions of Node that cannot suspend a program. It runs one process after
 * another, sleeps while they wait, and never returns to its event loop. Bundled as dist/wasi-worker.cjs, and started by
 * thread-keeper.ts.
 */
import { receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import type { TimedDisk } from '../../../guest/bridge.ts';
import { WallClock } from '../../simulated/wall-clock.ts';
import { MICROSECOND } from '../../simulated/turn/turn-clock.ts';
import {
  ASK,
  Channel,
  DISK,
  DRIFT,
  FIRST,
  HAS_MORE,
  KIND,
  LENGTH,
  NOW,
  OFFSET,
  OUTPUT,
  OUTPUT_BYTES,
  PROGRAM,
  RUN_HEAD_BYTES,
  SAY,
  SECOND,
  SINCE,
  SPENT,
  WHICH,
} from './channel.ts';
import { FolderFiles } from '../files/folder-files.ts';
import type { ProgramFolder } from '../files/program-folder.ts';
import { runBlocking, type RunnableModule } from '../calls/run-instance.ts';
import { makeSimulatedSystem, type ProcessFacts } from '../simulated-system.ts';
import { CHUNK_BYTES, type WasiSystem, type Woken } from '../calls/wasi-system.ts';

export interface WorkerOrder extends RunnableModule {
  readonly memory: SharedArrayBuffer;
  readonly folder: ProgramFolder | undefined;
  /** Receives the facts of each process. */
  readonly port: MessagePort;
}

/** Thrown to unwind a program whose process was ended. */
class Ended extends Error {}

const { memory, port, module, isGo, folder } = workerData as WorkerOrder; // set by ProgramThread
const folderFiles = folder === undefined ? undefined : new FolderFiles(folder);
const channel = new Channel(memory, PROGRAM);
const { words, numbers, output } = channel;
/** Offset of the last run of output, or -1 if there is none. */
let lastRun = -1;

const askDisk = (operation: (typeof DISK)[number], first = 0, second = 0): number => {
  words[WHICH] = DISK.indexOf(operation);
  numbers[FIRST] = first;
  numbers[SECOND] = second;
  ask(ASK.disk);
  return cell(FIRST);
};
const askDiskAt = (operation: (typeof DISK)[number], ...paths: string[]): number => {
  channel.put(Buffer.from(paths.join('\0')));
  return askDisk(operation);
};
const diskOfSimulation: TimedDisk = {
  find: (path) => askDiskAt('find', path),
  create: (path) => askDiskAt('create', path),
  makeFolder: (path) => void askDiskAt('makeFolder', path),
  list: (path) => {
    askDiskAt('list', path);
    return takeAll().toString();
  },
  rename: (from, to) => void askDiskAt('rename', from, to),
  remove: (path) => void askDiskAt('remove', path),
  hold: (id) => void askDisk('hold', id),
  release: (id) => void askDisk('release', id),
  size: (id) => askDisk('size', id),
  read: (id, target, position) => {
    words[LENGTH] = target.length;
    const count = askDisk('read', id, position);
    target.set(channel.taken());
    return count;
  },
  write: (id, data, position) => {
    channel.put(data);
    return askDisk('write', id, position) === 1;
  },
  truncate: (id, length) => askDisk('truncate', id, length) === 1,
  sync: (id) => void askDisk('sync', id),
  modifiedNanos: (id) => askDisk('modifiedNanos', id),
  setModified: (id, nanos) => void askDisk('setModified', id, nanos),
};

let order = pass(ASK.ready);
for (;;) order = order === SAY.start ? live() : pass(ASK.ready);

/** Runs a process to its end. Returns the next order of the simulation. */
function live(): number {
  // Sent by ProgramThread.
  const message: { readonly message: ProcessFacts } | undefined = receiveMessageOnPort(port);
  if (message === undefined) throw new Error('a process was started without its facts');
  try {
    const isOurs = (error: unknown): boolean => error instanceof Ended;
    const { code, words: lastWords } = runBlocking({ module, isGo }, systemOf(message.message), isOurs);
    if (lastWords !== '') write(2, Buffer.from(lastWords));
    numbers[FIRST] = code;
    return pass(ASK.exit);
  } catch (error) {
    if (error instanceof Ended) return pass(ASK.ready);
    throw error;
  }
}

/** Lets the simulation run until it replies; returns the reply. */
function pass(what: number): number {
  words[KIND] = what;
  channel.pass();
  channel.await();
  // The output has been taken, and the time noted.
  words[OUTPUT] = 0;
  lastRun = -1;
  return words[KIND] ?? 0;
}

function ask(what: number): number {
  const said = pass(what);
  if (said === SAY.end) throw new Ended();
  return said;
}

function systemOf(facts: ProcessFacts): WasiSystem {
  return makeSimulatedSystem(facts, folderFiles, {
    disk: diskOfSimulation,
    lookNanos: () => {
      numbers[SPENT] = cell(SPENT) + MICROSECOND;
      return cell(NOW) + cell(SPENT);
    },
    shownNanos,
    fillRandom,
    write,
    closed: (fd) => {
      words[WHICH] = fd;
      ask(ASK.closed);
    },
    wait: ({ input, delayNanos }) => {
      words[WHICH] = input ? 1 : 0;
      numbers[FIRST] = delayNanos;
      return woken(ask(ASK.wait));
    },
  });
}

function woken(said: number): Woken {
  return said === SAY.input ? { by: 'input', input: takeAll() } : { by: 'time' };
}

function shownNanos(nanos: number): number {
  const clock = new WallClock();
  clock.set({ offsetNanos: cell(OFFSET), drift: cell(DRIFT) }, cell(SINCE));
  return clock.shown(nanos);
}

function fillRandom(target: Uint8Array): void {
  for (let at = 0; at < target.length; at += CHUNK_BYTES) {
    const part = target.subarray(at, at + CHUNK_BYTES);
    words[LENGTH] = part.length;
    ask(ASK.random);
    part.set(channel.taken());
  }
}

/** Adds to the output until the simulation takes it. Each run is preceded by its descriptor and length. */
function write(fd: 1 | 2, data: Uint8Array): void {
  if ((words[OUTPUT] ?? 0) + RUN_HEAD_BYTES + data.length > OUTPUT_BYTES) ask(ASK.takeOutput);
  let at = words[OUTPUT] ?? 0;
  if (lastRun >= 0 && output.readUInt8(lastRun) === fd) {
    output.writeUInt32LE(output.readUInt32LE(lastRun + 1) + data.length, lastRun + 1);
  } else {
    lastRun = at;
    output.writeUInt8(fd, at);
    output.writeUInt32LE(data.length, at + 1);
    at += RUN_HEAD_BYTES;
  }
  output.set(data, at);
  words[OUTPUT] = at + data.length;
}

/** Returns all that the simulation has put, in as many pieces as needed. */
function takeAll(): Buffer {
  const pieces = [Buffer.from(channel.taken())];
  while (words[HAS_MORE] === 1) {
    ask(ASK.more);
    pieces.push(Buffer.from(channel.taken()));
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function cell(index: number): number {
  return numbers[index] ?? 0;
}
