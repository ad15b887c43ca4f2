/** `Dirent` and `Stats` of `node:fs`. */
import { bridge, settings } from '../bridge.ts';
import { constants } from './flags.ts';

const { disk } = bridge;

/** The id that all folders share. */
export const FOLDER = 0;

/** Stands for a standard stream, where an id is expected: it is not on the disk. */
export const PIPE = -1;

type Kind = 'file' | 'folder' | 'pipe';

const kindOf = (id: number): Kind => (id === PIPE ? 'pipe' : id === FOLDER ? 'folder' : 'file');

/** Base of both: the simulated disk has files and folders; the standard streams are pipes. */
class OfKind {
  // Private, so that it does not show up as a property of the entry.
  readonly #kind: Kind;
  constructor(kind: Kind) {
    this.#kind = kind;
  }
  isFile(): boolean {
    return this.#kind === 'file';
  }
  isDirectory(): boolean {
    return this.#kind === 'folder';
  }
  isSymbolicLink(): boolean {
    return false;
  }
  isBlockDevice(): boolean {
    return false;
  }
  isCharacterDevice(): boolean {
    return false;
  }
  isFIFO(): boolean {
    return this.#kind === 'pipe';
  }
  isSocket(): boolean {
    return false;
  }
}

/** An entry of a folder. */
export class Dirent extends OfKind {
  readonly name: string;
  readonly parentPath: string;
  readonly path: string;
  constructor(folder: string, below: string) {
    super(disk.find(`${folder}/${below}`) === FOLDER ? 'folder' : 'file');
    this.name = bridge.path('basename', [below]);
    this.parentPath = this.path = bridge.path('dirname', [`${folder}/${below}`]);
  }
}

const BLOCK_BYTES = 512;
/** `rw-r--r--`. */
const FILE_MODE = constants.S_IFREG | 0o644;
const FOLDER_MODE = constants.S_IFDIR | 0o755;
const PIPE_MODE = constants.S_IFIFO | 0o600;
const MODES: Readonly<Record<Kind, number>> = { file: FILE_MODE, folder: FOLDER_MODE, pipe: PIPE_MODE };

/** Node's `Stats`. All times equal the time of the last modification, the only one kept. */
export class Stats extends OfKind {
  readonly dev = 1;
  readonly mode: number;
  readonly nlink = 1;
  readonly uid = 1000;
  readonly gid = 1000;
  readonly rdev = 0;
  readonly blksize = 4096;
  readonly ino: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;
  constructor(id: number) {
    const kind = kindOf(id);
    const isFile = kind === 'file';
    super(kind);
    this.mode = MODES[kind];
    this.ino = id;
    this.size = isFile ? disk.size(id) : 0;
    this.blocks = Math.ceil(this.size / BLOCK_BYTES);
    const ms = settings.epochMs + (isFile ? disk.modifiedNanos(id) / NANOS_PER_MS : 0);
    this.atimeMs = this.mtimeMs = this.ctimeMs = this.birthtimeMs = ms;
    [this.atime, this.mtime, this.ctime, this.birthtime] = [
      new Date(ms),
      new Date(ms),
      new Date(ms),
      new Date(ms),
    ];
  }
}

export const NANOS_PER_MS = 1e6;

/** Returns the stats of a file. With `isBigint` all numbers are bigints, and times are also given in nanoseconds. */
export function factsOf(id: number, isBigint: boolean): Stats {
  const stats = new Stats(id);
  if (!isBigint) return stats;
  for (const [name, value] of Object.entries(stats)) {
    if (typeof value !== 'number') continue;
    Object.assign(stats, { [name]: BigInt(Math.floor(value)) });
    if (name.endsWith('timeMs'))
      Object.assign(stats, { [name.replace('Ms', 'Ns')]: BigInt(Math.floor(value * NANOS_PER_MS)) });
  }
  return stats;
}
