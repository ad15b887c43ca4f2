/** `node:fs`, as far as it is about the three standard streams: a simulated node has no files. */
import { bridge } from './bridge.ts';

type Data = string | Uint8Array;

function unavailable(what: string): never {
  throw new Error(
    `${what} is not available in the simulation: a simulated node has no files, only stdin and stdout.`,
  );
}

const OUTPUTS = new Map<unknown, 1 | 2>([
  [1, 1],
  ['/dev/stdout', 1],
  ['/proc/self/fd/1', 1],
  [2, 2],
  ['/dev/stderr', 2],
  ['/proc/self/fd/2', 2],
]);

function output(file: unknown, call: string): 1 | 2 {
  return OUTPUTS.get(file) ?? unavailable(`fs.${call}(${JSON.stringify(file) ?? String(file)})`);
}

function writeSync(fd: number, data: Data): number {
  const target = output(fd, 'writeSync');
  bridge.write(target, data);
  return typeof data === 'string' ? bridge.textBytes(data, 'utf8') : data.byteLength;
}

type Done = (error: Error | null, bytes?: number) => void;

function write(fd: number, data: Data, ...rest: unknown[]): void {
  const bytes = writeSync(fd, data);
  const done = rest.findLast((item) => typeof item === 'function');
  if (done !== undefined) void Promise.resolve().then(() => (done as Done)(null, bytes));
}

function writeFileSync(file: unknown, data: Data): void {
  bridge.write(output(file, 'writeFileSync'), data);
}

function readSync(file: unknown, call: string): never {
  if (file === 0 || file === '/dev/stdin') {
    throw Object.assign(
      new Error(
        `fs.${call} would wait for stdin and stop the simulation: nothing else happens while a node waits. ` +
          `Read stdin with process.stdin.on('data', ...), with readline, or with the SDK.`,
      ),
      { code: 'EAGAIN' },
    );
  }
  return unavailable(`fs.${call}(${JSON.stringify(file) ?? String(file)})`);
}

const refuse =
  (name: string) =>
  (file: unknown): never =>
    unavailable(`fs.${name}(${JSON.stringify(file) ?? String(file)})`);

const refusePromise =
  (name: string) =>
  async (file: unknown): Promise<never> =>
    refuse(name)(file);

export const fsPromises = {
  access: refusePromise('promises.access'),
  appendFile: refusePromise('promises.appendFile'),
  mkdir: refusePromise('promises.mkdir'),
  open: refusePromise('promises.open'),
  readFile: refusePromise('promises.readFile'),
  readdir: refusePromise('promises.readdir'),
  rename: refusePromise('promises.rename'),
  rm: refusePromise('promises.rm'),
  stat: refusePromise('promises.stat'),
  unlink: refusePromise('promises.unlink'),
  writeFile: refusePromise('promises.writeFile'),
};

export const fsModule = {
  appendFileSync: writeFileSync,
  closeSync: (): void => {},
  createReadStream: refuse('createReadStream'),
  createWriteStream: refuse('createWriteStream'),
  existsSync: (file: unknown): boolean => OUTPUTS.has(file),
  fdatasyncSync: (): void => {},
  fsyncSync: (): void => {},
  mkdirSync: refuse('mkdirSync'),
  openSync: refuse('openSync'),
  promises: fsPromises,
  readFile: refuse('readFile'),
  readFileSync: (file: unknown): never => readSync(file, 'readFileSync'),
  readSync: (file: unknown): never => readSync(file, 'readSync'),
  readdirSync: refuse('readdirSync'),
  renameSync: refuse('renameSync'),
  rmSync: refuse('rmSync'),
  statSync: refuse('statSync'),
  unlinkSync: refuse('unlinkSync'),
  write,
  writeFile: refuse('writeFile'),
  writeFileSync,
  writeSync,
};
