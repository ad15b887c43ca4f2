/**
 * Runs a module as a process in the real world: dist/run-wasm.cjs [--in-folder FOLDER] MODULE [ARGUMENT ...].
 *
 * The program has its own thread, which sleeps while it waits. The main thread reads stdin for it, a chunk at a time,
 * so that the program can wait for stdin and time at once.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { checkModule, MEMORY_LIMIT_BYTES, PAGE_BYTES } from './module/check-module.ts';
import { limitMemory } from './module/module-sections.ts';
import { FolderFiles, preopensOf } from './files/folder-files.ts';
import { IN_FOLDER, readProgramFolder, type ProgramFolder } from './files/program-folder.ts';
import { RealFiles } from './files/real-files.ts';
import { runBlocking, type RunnableModule } from './calls/run-instance.ts';
import { CHUNK_BYTES, type Want, type WasiSystem, type Woken } from './calls/wasi-system.ts';
import { engine } from './calls/web-assembly.ts';

interface ProgramOrder extends RunnableModule {
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: ProgramFolder | undefined;
  readonly shared: SharedArrayBuffer;
}

/** Indexes of cells: the state of the slot for stdin, and its number of bytes. */
const STATE = 0;
const LENGTH = 1;
/** A cell that never changes, to sleep on. */
const SLEEP = 2;
const CELLS_BYTES = 16;
const EMPTY = 0;
const FULL = 1;
const ENDED = 2;

/** What the program's thread asks of the reading one: the next chunk, or to close stdin. */
type Wish = 'more' | 'close';

/** The exit code that a shell reports for SIGPIPE. */
const BROKEN_PIPE = 141;
const WRITE_AGAIN_MS = 1;
const NANOS_PER_MS = 1_000_000;

if (isMainThread) begin();
else live(workerData as ProgramOrder); // set by `begin`

// The reading thread

function begin(): void {
  const given = process.argv.slice(2);
  const folder = given[0] === IN_FOLDER ? readProgramFolder(given[1] ?? '') : undefined;
  const [path = '', ...args] = folder === undefined ? given : given.slice(2);
  const bytes = readFileSync(path);
  const facts = checkModule(bytes);
  if ('problem' in facts) {
    console.error(`${path} cannot be run: ${facts.problem} ${facts.advice}`);
    process.exit(126);
  }
  const module = new engine.Module(limitMemory(bytes, MEMORY_LIMIT_BYTES / PAGE_BYTES));
  const shared = new SharedArrayBuffer(CELLS_BYTES + CHUNK_BYTES);
  const order: ProgramOrder = { module, isGo: facts.isGo, name: basename(path), args, folder, shared };
  const worker = new Worker(__filename, { workerData: order, execArgv: [] });
  worker.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
  worker.on('exit', (code) => process.exit(code));
  readInput(worker, shared);
}

/**
 * Reads stdin into the slot, a chunk at a time. As a stream, and not by `fs.read`: a process cannot exit while a thread
 * of Node's is in `read`, so the end of the program would be noticed after its next message.
 */
function readInput(worker: Worker, shared: SharedArrayBuffer): void {
  const { cells, slot } = viewsOf(shared);
  const { stdin } = process;
  /** What was read and is not in the slot yet. */
  let rest: Buffer = Buffer.alloc(0);
  let isSlotEmpty = true;
  let hasEnded = false;
  const fill = (): void => {
    if (!isSlotEmpty || (rest.length === 0 && !hasEnded)) return;
    const chunk = rest.subarray(0, CHUNK_BYTES);
    rest = rest.subarray(chunk.length);
    slot.set(chunk);
    cells[LENGTH] = chunk.length;
    isSlotEmpty = false;
    Atomics.store(cells, STATE, chunk.length > 0 ? FULL : ENDED);
    Atomics.notify(cells, STATE);
  };
  const end = (): void => {
    hasEnded = true;
    fill();
  };
  stdin.on('data', (chunk: Buffer) => {
    stdin.pause();
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    fill();
  });
  stdin.on('end', end);
  stdin.on('error', end);
  worker.on('message', (wish: Wish) => {
    // The stream leaves its descriptor open, as that of any standard stream.
    if (wish === 'close') return void stdin.destroy().once('close', () => closeSync(0));
    isSlotEmpty = true;
    if (rest.length === 0 && !hasEnded) stdin.resume();
    fill();
  });
}

function viewsOf(shared: SharedArrayBuffer): { readonly cells: Int32Array; readonly slot: Uint8Array } {
  return {
    cells: new Int32Array(shared, 0, CELLS_BYTES / 4),
    slot: new Uint8Array(shared, CELLS_BYTES, CHUNK_BYTES),
  };
}

// The program's thread

function live(order: ProgramOrder): never {
  const { code, words } = runBlocking(order, realSystem(order));
  if (words !== '') writeAll(2, Buffer.from(words));
  process.exit(code);
}

function realSystem({ name, args, folder, shared }: ProgramOrder): WasiSystem {
  const { env } = process;
  const dataDir = env['MAELSTROM_DATA_DIR'] ?? process.cwd();
  const beganNanos = process.hrtime.bigint();
  // The time of day is read once at the start, and then advances with the monotonic clock.
  const wallNanos = BigInt(Date.now()) * 1_000_000n - beganNanos;
  return {
    args: [name, ...args],
    // The program's working directory is the data folder.
    env: { ...(env as Readonly<Record<string, string>>), PWD: dataDir }, // no variable of a process is undefined
    preopens: preopensOf(
      dataDir,
      new RealFiles(dataDir),
      folder === undefined ? undefined : new FolderFiles(folder),
    ),
    monotonicNanos: () => process.hrtime.bigint(),
    wallNanos: () => wallNanos + process.hrtime.bigint(),
    usedNanos: () => process.hrtime.bigint() - beganNanos,
    fillRandom: (target) => void randomFillSync(target),
    write: writeAll,
    closed: (fd) => (fd === 0 ? ask('close') : closeSync(fd)),
    wait: (want) => wait(want, shared),
  };
}

function wait({ input, delayNanos }: Want, shared: SharedArrayBuffer): Woken {
  const { cells, slot } = viewsOf(shared);
  const delayMs = delayNanos / NANOS_PER_MS;
  if (!input) {
    Atomics.wait(cells, SLEEP, 0, delayMs);
    return { by: 'time' };
  }
  const sleeps = Atomics.load(cells, STATE) === EMPTY;
  if (sleeps && Atomics.wait(cells, STATE, EMPTY, delayMs) === 'timed-out') return { by: 'time' };
  if (Atomics.load(cells, STATE) === ENDED) return { by: 'input', input: undefined };
  const chunk = slot.slice(0, cells[LENGTH]);
  Atomics.store(cells, STATE, EMPTY);
  ask('more');
  return { by: 'input', input: chunk };
}

function ask(wish: Wish): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a port of Node's, which has none
  parentPort?.postMessage(wish);
}

function writeAll(fd: 1 | 2, data: Uint8Array): void {
  for (let at = 0; at < data.length;) {
    try {
      at += writeSync(fd, data, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(BROKEN_PIPE);
      // The pipe is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WRITE_AGAIN_MS);
    }
  }
}
