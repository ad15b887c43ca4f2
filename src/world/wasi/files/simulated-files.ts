/** The data folder of a simulated node, on its disk. */
import type { TimedDisk } from '../../../guest/bridge.ts';
import { ERRNO, type Errno } from '../calls/abi.ts';
import type { FileFacts, OpenFile, WasiFiles } from '../calls/wasi-system.ts';

const NOTHING = -1;
const FOLDER = 0;

export class SimulatedFiles implements WasiFiles {
  /** `root` is the path of the data folder on the disk; `epochNanos` is the time of day at virtual time 0. */
  constructor(
    private readonly disk: TimedDisk,
    private readonly root: string,
    private readonly epochNanos: bigint,
  ) {}

  facts(path: string): FileFacts | number {
    const id = this.find(path);
    if (id === NOTHING) return -this.absent(path);
    return this.factsOf(id);
  }

  open(path: string): OpenFile | number {
    const there = this.find(path);
    if (there === FOLDER) return -ERRNO.isdir;
    if (there === NOTHING) {
      const problem = this.absent(path);
      if (problem !== ERRNO.noent || this.find(parentOf(path)) !== FOLDER) return -problem;
    }
    const { disk } = this;
    const id = there === NOTHING ? disk.create(this.place(path)) : there;
    disk.hold(id);
    return {
      facts: () => this.factsOf(id),
      read: (target, position) => disk.read(id, target, position),
      write: (data, position) => (disk.write(id, data, position) ? data.length : -ERRNO.nospc),
      truncate: (length) => (disk.truncate(id, length) ? ERRNO.success : ERRNO.nospc),
      sync: () => {
        disk.sync(id);
        return ERRNO.success;
      },
      setWritten: (nanos) => this.setWrittenOf(id, nanos),
      close: () => disk.release(id),
    };
  }

  list(path: string): readonly string[] {
    return JSON.parse(this.disk.list(this.place(path))) as string[]; // serialised by the disk
  }

  makeFolder(path: string): Errno {
    if (this.find(path) !== NOTHING) return ERRNO.exist;
    if (this.find(parentOf(path)) !== FOLDER) return this.absent(path);
    this.disk.makeFolder(this.place(path));
    return ERRNO.success;
  }

  setWritten(path: string, nanos: bigint): Errno {
    const id = this.find(path);
    return id === NOTHING ? this.absent(path) : this.setWrittenOf(id, nanos);
  }

  removeFile(path: string): Errno {
    const id = this.find(path);
    if (id === NOTHING) return this.absent(path);
    if (id === FOLDER) return ERRNO.isdir;
    this.disk.remove(this.place(path));
    return ERRNO.success;
  }

  removeFolder(path: string): Errno {
    const id = this.find(path);
    if (id === NOTHING) return this.absent(path);
    if (id !== FOLDER) return ERRNO.notdir;
    if (path === '/') return ERRNO.perm;
    if (this.list(path).length > 0) return ERRNO.notempty;
    this.disk.remove(this.place(path));
    return ERRNO.success;
  }

  rename(from: string, to: string): Errno {
    const moved = this.find(from);
    const there = this.find(to);
    if (moved === NOTHING) return this.absent(from);
    if (from === '/' || to === '/') return ERRNO.perm;
    if (from === to) return ERRNO.success;
    if (to.startsWith(`${from}/`)) return ERRNO.inval;
    if (there === NOTHING && this.find(parentOf(to)) !== FOLDER) return this.absent(to);
    if (from.startsWith(`${to}/`)) return ERRNO.notempty;
    if (there === FOLDER && moved !== FOLDER) return ERRNO.isdir;
    if (there > FOLDER && moved === FOLDER) return ERRNO.notdir;
    if (there === FOLDER && this.list(to).length > 0) return ERRNO.notempty;
    this.disk.rename(this.place(from), this.place(to));
    return ERRNO.success;
  }

  /** Returns why nothing is at that path: a part of it may be a file. */
  private absent(path: string): Errno {
    for (let above = parentOf(path); above !== '/'; above = parentOf(above))
      if (this.find(above) > FOLDER) return ERRNO.notdir;
    return ERRNO.noent;
  }

  private factsOf(id: number): FileFacts {
    const kind = id === FOLDER ? 'folder' : 'file';
    const { disk, epochNanos } = this;
    return {
      kind,
      size: id === FOLDER ? 0 : disk.size(id),
      inode: BigInt(id + 1),
      // Looked up only when needed, since each question to the disk wakes another thread.
      get writtenNanos() {
        return epochNanos + BigInt(id === FOLDER ? 0 : Math.floor(disk.modifiedNanos(id)));
      },
    };
  }

  /** Folders keep no time. */
  private setWrittenOf(id: number, nanos: bigint): Errno {
    if (id !== FOLDER) this.disk.setModified(id, Number(nanos - this.epochNanos));
    return ERRNO.success;
  }

  private find(path: string): number {
    return this.disk.find(this.place(path));
  }

  private place(path: string): string {
    return path === '/' ? this.root : this.root + path;
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));
