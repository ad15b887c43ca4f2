/**
 * stdin, stdout and stderr as files: by their numbers, and by the paths that name them, such as `/dev/stdout`. A call of
 * `node:fs` that may be given one of them goes through here; other files are those of files.ts.
 *
 * Opening such a path gives the stream's own number, and closing it leaves the stream open. Reading stdin waits for input
 * where the result comes later; a synchronous read is refused, since no input arrives during a turn.
 */
import { bridge } from '../bridge.ts';
import { Buffer } from '../bytes/buffer.ts';
import { stdin } from '../streams/stdin.ts';
import { loadStreams, type Readable } from '../streams/streams.ts';
import { Exited, finish } from '../time/event-loop.ts';
import { PIPE, factsOf, type Stats } from './facts.ts';
import * as files from './files.ts';

type Data = string | Uint8Array;
type Standard = 0 | 1 | 2;

const STREAMS = ['stdin', 'stdout', 'stderr'] as const;
const STANDARD = new Map<unknown, Standard>(
  ([0, 1, 2] as const).flatMap((fd) =>
    [fd, `/dev/${STREAMS[fd]}`, `/dev/fd/${fd}`, `/proc/self/fd/${fd}`].map((file) => [file, fd] as const),
  ),
);

/** Returns the number of the standard stream that a number or a path means; undefined for other files. */
export const standardOf = (file: unknown): Standard | undefined => STANDARD.get(file);

export function openSync(path: unknown, flags?: unknown): number {
  const standard = typeof path === 'string' ? standardOf(path) : undefined;
  return standard ?? files.openSync(path, flags);
}

export function closeSync(fd: number): void {
  if (standardOf(fd) === undefined) files.closeSync(fd);
}

export function fsyncSync(fd: number): void {
  if (standardOf(fd) === undefined) files.fsyncSync(fd);
}

export function fstatSync(fd: number, options?: unknown): Stats {
  return standardOf(fd) === undefined
    ? files.fstatSync(fd, options)
    : factsOf(PIPE, files.wantsBigInts(options));
}

export function statSync(path: unknown, options?: unknown): Stats | undefined {
  const isStandard = typeof path === 'string' && standardOf(path) !== undefined;
  return isStandard ? factsOf(PIPE, files.wantsBigInts(options)) : files.statSync(path, options);
}

export function existsSync(path: unknown): boolean {
  return (typeof path === 'string' && standardOf(path) !== undefined) || files.existsSync(path);
}

export function accessSync(path: unknown): void {
  if (!existsSync(path)) files.accessSync(path);
}

export function writeSync(fd: number, data: Data, ...rest: readonly unknown[]): number {
  const standard = standardOf(fd);
  if (standard === undefined || standard === 0) return files.writeSync(fd, data, ...rest);
  return typeof data === 'string' && rest.length === 0
    ? writeTo(standard, data)
    : writeTo(standard, files.bytesToWrite(data, rest).bytes);
}

export function writevSync(fd: number, parts: readonly Uint8Array[], position?: unknown): number {
  if (standardOf(fd) === undefined) return files.writevSync(fd, parts, position);
  return parts.reduce((sum, part) => sum + writeSync(fd, part), 0);
}

export function writeFileSync(file: unknown, data: Data, options?: unknown): void {
  const standard = standardOf(file);
  if (standard === undefined || standard === 0) files.writeFileSync(file, data, options);
  else writeTo(standard, data);
}

export function appendFileSync(file: unknown, data: Data, options?: unknown): void {
  const standard = standardOf(file);
  if (standard === undefined || standard === 0) files.appendFileSync(file, data, options);
  else writeTo(standard, data);
}

function writeTo(output: 1 | 2, data: Data): number {
  bridge.write(output, data);
  return typeof data === 'string' ? bridge.textBytes(data, 'utf8') : data.byteLength;
}

export function readFileSync(file: unknown, options?: unknown): unknown {
  refuseStdin(file, 'readFileSync');
  return files.readFileSync(file, options);
}

export function readSync(fd: number, target: Uint8Array, ...rest: readonly unknown[]): number {
  refuseStdin(fd, 'readSync');
  return files.readSync(fd, target, ...rest);
}

/** A program that polls stdin synchronously would loop forever, since no message arrives during a turn. */
const MOST_REFUSALS = 1000;
let refusals = 0;

function refuseStdin(file: unknown, call: string): void {
  if (standardOf(file) !== 0) return;
  const text =
    `fs.${call} would wait for stdin and stop the simulation: nothing else happens while a node waits. ` +
    `Read stdin with process.stdin.on('data', ...), with readline, or with the SDK.`;
  if (++refusals < MOST_REFUSALS) throw Object.assign(new Error(text), { code: 'EAGAIN' });
  bridge.write(2, `\n${text} It was tried ${refusals} times, so the node was ended.\n`);
  finish(1);
  throw new Exited('The process has exited');
}

/** The parts of a Readable that are used to read on demand. */
interface Source extends Readable {
  readonly readableEnded: boolean;
  read(): Uint8Array | string | null;
  unshift(chunk: Uint8Array): void;
}

/** Waits for input, and passes on up to `most` bytes of it; null at its end. */
export function readStdin(most: number, done: (bytes: Uint8Array | null) => void): void {
  loadStreams();
  const input = stdin as unknown as Source; // which it is from now on
  const finished = (bytes: Uint8Array | null): void => {
    input.off('readable', take);
    input.off('end', atEnd);
    done(bytes);
  };
  const atEnd = (): void => finished(null);
  const take = (): void => {
    const chunk = input.read();
    if (chunk === null) return;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (bytes.length > most) input.unshift(bytes.subarray(most));
    finished(bytes.subarray(0, most));
  };
  if (input.readableEnded || input.destroyed) {
    done(null);
    return;
  }
  input.on('end', atEnd);
  input.on('readable', take);
}

/** Waits for input, and copies it to the part of the buffer that the arguments of `fs.read` mean. */
export function readStdinInto(
  target: Uint8Array,
  rest: readonly unknown[],
  done: (count: number) => void,
): void {
  const [offset, length] = files.spanOf(target, rest);
  readStdin(length, (bytes) => {
    if (bytes !== null) target.set(bytes, offset);
    done(bytes?.length ?? 0);
  });
}
