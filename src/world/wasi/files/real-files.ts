/**
 * The data folder of a node in WebAssembly in the real world. Gives no access to anything outside it, not even through
 * links.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  futimesSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ERRNO, type Errno } from '../calls/abi.ts';
import type { FileFacts, OpenFile, WasiFiles } from '../calls/wasi-system.ts';

const ERRNO_OF = new Map<string, Errno>([
  ['EEXIST', ERRNO.exist],
  ['EFBIG', ERRNO.fbig],
  ['EINVAL', ERRNO.inval],
  ['EISDIR', ERRNO.isdir],
  ['ELOOP', ERRNO.loop],
  ['EMFILE', ERRNO.mfile],
  ['ENAMETOOLONG', ERRNO.nametoolong],
  ['ENOENT', ERRNO.noent],
  ['ENOSPC', ERRNO.nospc],
  ['ENOTDIR', ERRNO.notdir],
  ['ENOTEMPTY', ERRNO.notempty],
  ['EACCES', ERRNO.perm],
  ['EPERM', ERRNO.perm],
]);

/** Thrown for a path that leads outside through a link. */
class Outside extends Error {}

export class RealFiles implements WasiFiles {
  private readonly root: string;

  constructor(root: string) {
    this.root = realpathSync(root);
  }

  facts(path: string): FileFacts | number {
    return numbered(() => factsOf(statSync(this.place(path), { bigint: true })));
  }

  open(path: string, writes: boolean): OpenFile | number {
    return numbered(() => {
      const how = writes ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY;
      const fd = openSync(this.place(path), how | constants.O_NOFOLLOW, 0o644);
      return {
        facts: () => factsOf(fstatSync(fd, { bigint: true })),
        read: (target, position) => numbered(() => readSync(fd, target, 0, target.length, position)),
        write: (data, position) => numbered(() => writeSync(fd, data, 0, data.length, position)),
        truncate: (length) => errnoOf(() => ftruncateSync(fd, length)),
        sync: () => errnoOf(() => fsyncSync(fd)),
        setWritten: (nanos) => errnoOf(() => futimesSync(fd, secondsOf(nanos), secondsOf(nanos))),
        close: () => closeSync(fd),
      };
    });
  }

  list(path: string): readonly string[] {
    try {
      return readdirSync(this.place(path)).toSorted();
    } catch {
      // The folder has been removed meanwhile.
      return [];
    }
  }

  setWritten(path: string, nanos: bigint): Errno {
    return errnoOf(() => utimesSync(this.place(path), secondsOf(nanos), secondsOf(nanos)));
  }

  makeFolder(path: string): Errno {
    return errnoOf(() => mkdirSync(this.place(path)));
  }

  removeFile(path: string): Errno {
    return errnoOf(() => unlinkSync(this.placeItself(path)));
  }

  removeFolder(path: string): Errno {
    return path === '/' ? ERRNO.perm : errnoOf(() => rmdirSync(this.placeItself(path)));
  }

  rename(from: string, to: string): Errno {
    return errnoOf(() => renameSync(this.placeItself(from), this.placeItself(to)));
  }

  /** Returns the real path, with links followed. Throws an Outside when it is outside the data folder. */
  private place(path: string): string {
    let real;
    try {
      real = realpathSync(join(this.root, path));
    } catch {
      // The path does not exist yet.
      return this.placeItself(path);
    }
    return this.within(real);
  }

  /** Returns the path of the entry itself, which may be a link. */
  private placeItself(path: string): string {
    if (path === '/') return this.root;
    const place = join(this.root, path);
    return join(this.within(realpathSync(dirname(place))), place.slice(dirname(place).length));
  }

  private within(real: string): string {
    if (real !== this.root && !real.startsWith(this.root + sep)) throw new Outside();
    return real;
  }
}

const secondsOf = (nanos: bigint): number => Number(nanos) / 1e9;

function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: stats.isDirectory() ? 'folder' : 'file',
    size: Number(stats.size),
    inode: stats.ino,
    writtenNanos: stats.mtimeNs,
  };
}

/** Returns a negative errno in place of what the system throws. */
function numbered<T>(act: () => T): T | number {
  try {
    return act();
  } catch (error) {
    return -codeOf(error);
  }
}

function errnoOf(act: () => void): Errno {
  try {
    act();
    return ERRNO.success;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): Errno {
  if (error instanceof Outside) return ERRNO.notcapable;
  return ERRNO_OF.get((error as NodeJS.ErrnoException).code ?? '') ?? ERRNO.io;
}
