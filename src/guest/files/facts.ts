/** What `node:fs` says of files and folders: entries of a folder, and the facts of one. */
import { bridge, settings } from '../bridge.ts';
import { constants } from './flags.ts';

const { disk } = bridge;

/** The id of every folder. */
export const FOLDER = 0;

/** Files and folders; there are no other kinds. */
class OfKind {
  // A method, so that it is no property of what is listed.
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
/** Read and written by the owner, read by the rest. */
const FILE_MODE = constants.S_IFREG | 0o644;
const FOLDER_MODE = constants.S_IFDIR | 0o755;

/** What Node knows of a file. Of its times there is that of the last change alone. */
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

/** With `isBigint` all numbers are bigints, and times are there in nanoseconds, too. */
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
