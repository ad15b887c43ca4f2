/** `Dirent` and `Stats` of `node:fs`. */
import { bridge, settings } from '../bridge.ts';
import { constants } from './flags.ts';

const { disk } = bridge;

/** The id that all folders share. */
export const FOLDER = 0;

/** Base of both: the simulated disk has files and folders, and no other kinds. */
class OfKind {
  // Private, so that it does not show up as a property of the entry.
  readonly #isFolder: boolean;
  constructor(isFolder: boolean) {
    this.#isFolder = isFolder;
  }
  isFile(): boolean {
    return !this.#isFolder;
  }
  isDirectory(): boolean {
    return this.#isFolder;
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
    return false;
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
    super(disk.find(`${folder}/${below}`) === FOLDER);
    this.name = bridge.path('basename', [below]);
    this.parentPath = this.path = bridge.path('dirname', [`${folder}/${below}`]);
  }
}

const BLOCK_BYTES = 512;
/** `rw-r--r--`. */
const FILE_MODE = constants.S_IFREG | 0o644;
const FOLDER_MODE = constants.S_IFDIR | 0o755;

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
    const isFolder = id === FOLDER;
    super(isFolder);
    this.mode = isFolder ? FOLDER_MODE : FILE_MODE;
    this.ino = id;
    this.size = isFolder ? 0 : disk.size(id);
    this.blocks = Math.ceil(this.size / BLOCK_BYTES);
    const ms = settings.epochMs + (isFolder ? 0 : disk.modifiedNanos(id) / NANOS_PER_MS);
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
