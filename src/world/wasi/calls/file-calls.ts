/** The calls of WASI preview 1 for files, folders and descriptors. */
import {
  ALL_RIGHTS,
  ERRNO,
  FD_APPEND,
  FD_NONBLOCK,
  FILE_TYPE,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_TRUNC,
  PIPE_RIGHTS,
  RIGHT_READ,
  RIGHT_WRITE,
  SET_WRITTEN,
  SET_WRITTEN_NOW,
  type Errno,
} from './abi.ts';
import type { Descriptor, Descriptors } from './descriptors.ts';
import type { LinearMemory } from './linear-memory.ts';
import { placePath, type PlacedPath } from './paths.ts';
import { MOST_MOVED, piecesOf, type Calls, type FileFacts, type WasiFiles } from './wasi-system.ts';

type File = Extract<Descriptor, { readonly kind: 'file' }>;
type Folder = Extract<Descriptor, { readonly kind: 'folder' }>;

interface OpenOrder {
  /** `oflags` */
  readonly how: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** `fdflags` */
  readonly flags: number;
}

/** Maximum length of a file after one call; disks have their own limit. */
const MOST_LENGTH = 2 ** 40;
const PIPE: FileFacts = { kind: 'file', size: 0, inode: 0n, writtenNanos: 0n };
const NAME_AT = 24;

export class FileCalls {
  constructor(
    private readonly descriptors: Descriptors,
    private readonly memoryNow: () => LinearMemory,
    /** Returns the time of day. */
    private readonly wallNanos: () => bigint,
  ) {}

  calls(): Calls {
    return { ...this.fileCalls(), ...this.descriptorCalls(), ...this.pathCalls() };
  }

  read(file: File, vectors: number, count: number, target: number): Errno {
    const problem = this.readAt(file, [vectors, count], file.position, target);
    if (problem === ERRNO.success) file.position += this.memory.u32(target);
    return problem;
  }

  write(file: File, vectors: number, count: number, target: number): Errno {
    if ((file.flags & FD_APPEND) !== 0) file.position = file.file.facts().size;
    const problem = this.writeAt(file, [vectors, count], file.position, target);
    if (problem === ERRNO.success) file.position += this.memory.u32(target);
    return problem;
  }

  private get memory(): LinearMemory {
    return this.memoryNow();
  }

  // Reading and writing files

  private readAt(
    { file, reads }: File,
    [vectors, count]: readonly [number, number],
    position: number,
    target: number,
  ): Errno {
    if (!reads) return ERRNO.badf;
    const parts = this.memory.vectors(vectors, count, MOST_MOVED);
    this.memory.setU32(target, 0);
    let done = 0;
    for (const piece of parts.flatMap(piecesOf)) {
      const got = file.read(piece, position + done);
      if (got < 0) return -got as Errno; // see OpenFile
      done += got;
      if (got < piece.length) break;
    }
    this.memory.setU32(target, done);
    return ERRNO.success;
  }

  /**
   * Writes all parts as one write, which a kill may tear. A long one is written in pieces, as it passes through a
   * thread's channel.
   */
  private writeAt(
    { file, writes }: File,
    [vectors, count]: readonly [number, number],
    position: number,
    target: number,
  ): Errno {
    if (!writes) return ERRNO.badf;
    const parts = this.memory.vectors(vectors, count, MOST_MOVED);
    this.memory.setU32(target, 0);
    const [first] = parts;
    if (first === undefined) return ERRNO.success;
    const whole = parts.length === 1 ? first : Buffer.concat(parts);
    if (position + whole.length > MOST_LENGTH) return ERRNO.fbig;
    let done = 0;
    for (const piece of piecesOf(whole)) {
      const put = file.write(piece, position + done);
      // Data written before the disk was full stays.
      if (put < 0 && done === 0) return -put as Errno; // see OpenFile
      done += Math.max(0, put);
      if (put < piece.length) break;
    }
    this.memory.setU32(target, done);
    return ERRNO.success;
  }

  private fileCalls(): Calls {
    return {
      fd_pread: (fd: number, vectors: number, count: number, offset: bigint, target: number) =>
        this.withFile(fd, (file) => this.readAt(file, [vectors, count], positionOf(offset), target)),
      fd_pwrite: (fd: number, vectors: number, count: number, offset: bigint, target: number) =>
        this.withFile(fd, (file) => this.writeAt(file, [vectors, count], positionOf(offset), target)),
      fd_seek: (fd: number, offset: bigint, whence: number, target: number) =>
        this.withFile(fd, (file) => this.seek(file, offset, whence, target)),
      fd_tell: (fd: number, target: number) =>
        this.withFile(fd, (file) => {
          this.memory.setU64(target, BigInt(file.position));
          return ERRNO.success;
        }),
      fd_sync: (fd: number) => this.sync(fd),
      fd_datasync: (fd: number) => this.sync(fd),
      fd_advise: (fd: number) => this.withFile(fd, () => ERRNO.success),
      fd_allocate: (fd: number, offset: bigint, length: bigint) =>
        this.withFile(fd, (file) => {
          const end = positionOf(offset) + positionOf(length);
          return end > file.file.facts().size ? truncate(file, end) : ERRNO.success;
        }),
      fd_filestat_set_size: (fd: number, size: bigint) =>
        this.withFile(fd, (file) => truncate(file, positionOf(size))),
      fd_filestat_set_times: (fd: number, _read: bigint, written: bigint, which: number) => {
        const descriptor = this.descriptors.get(fd);
        if (descriptor === undefined || descriptor.kind === 'pipe') return ERRNO.badf;
        return this.setWritten(which, written, (nanos) =>
          descriptor.kind === 'file'
            ? descriptor.file.setWritten(nanos)
            : descriptor.files.setWritten(descriptor.path, nanos),
        );
      },
    };
  }

  private withFile(fd: number, act: (file: File) => Errno): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.kind === 'pipe') return ERRNO.spipe;
    return descriptor.kind === 'file' ? act(descriptor) : ERRNO.badf;
  }

  private seek(file: File, offset: bigint, whence: number, target: number): Errno {
    const from = [0, file.position, file.file.facts().size][whence];
    if (from === undefined) return ERRNO.inval;
    const position = from + Number(offset);
    if (position < 0 || position > MOST_LENGTH) return ERRNO.inval;
    file.position = position;
    this.memory.setU64(target, BigInt(position));
    return ERRNO.success;
  }

  private sync(fd: number): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.kind === 'file') return descriptor.file.sync();
    // Names are durable immediately.
    return descriptor.kind === 'folder' ? ERRNO.success : ERRNO.inval;
  }

  // Calls for descriptors

  private descriptorCalls(): Calls {
    return {
      fd_close: (fd: number) => {
        if (this.descriptors.get(fd) === undefined) return ERRNO.badf;
        this.descriptors.close(fd);
        return ERRNO.success;
      },
      fd_renumber: (from: number, to: number) => {
        if (this.descriptors.get(from) === undefined || this.descriptors.get(to) === undefined)
          return ERRNO.badf;
        this.descriptors.move(from, to);
        return ERRNO.success;
      },
      fd_fdstat_get: (fd: number, target: number) => this.putDescriptorFacts(fd, target),
      fd_fdstat_set_flags: (fd: number, flags: number) => {
        const descriptor = this.descriptors.get(fd);
        if (descriptor === undefined) return ERRNO.badf;
        if (descriptor.kind !== 'folder') descriptor.flags = flags & (FD_APPEND | FD_NONBLOCK);
        return ERRNO.success;
      },
      fd_fdstat_set_rights: (fd: number) =>
        this.descriptors.get(fd) === undefined ? ERRNO.badf : ERRNO.success,
      fd_filestat_get: (fd: number, target: number) => {
        const descriptor = this.descriptors.get(fd);
        if (descriptor === undefined) return ERRNO.badf;
        if (descriptor.kind === 'pipe') return this.putFacts(PIPE, target, FILE_TYPE.unknown);
        if (descriptor.kind === 'file') return this.putFacts(descriptor.file.facts(), target);
        return this.putFactsAt(descriptor, target);
      },
      fd_prestat_get: (fd: number, target: number) => {
        const name = this.preopen(fd);
        if (name === undefined) return ERRNO.badf;
        this.memory.setU32(target, 0);
        this.memory.setU32(target + 4, Buffer.byteLength(name));
        return ERRNO.success;
      },
      fd_prestat_dir_name: (fd: number, target: number, length: number) => {
        const name = this.preopen(fd);
        if (name === undefined) return ERRNO.badf;
        const bytes = Buffer.from(name);
        if (length >>> 0 < bytes.length) return ERRNO.nametoolong;
        this.memory.bytes(target, bytes.length).set(bytes);
        return ERRNO.success;
      },
      fd_readdir: (fd: number, target: number, length: number, cookie: bigint, used: number) =>
        this.readFolder(fd, [target, length], cookie, used),
    };
  }

  private preopen(fd: number): string | undefined {
    const descriptor = this.descriptors.get(fd);
    return descriptor?.kind === 'folder' ? descriptor.preopen : undefined;
  }

  private putDescriptorFacts(fd: number, target: number): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    const { kind } = descriptor;
    const { memory } = this;
    memory.bytes(target, 24).fill(0);
    const type =
      kind === 'pipe' ? FILE_TYPE.unknown : kind === 'file' ? FILE_TYPE.regular : FILE_TYPE.directory;
    memory.setU8(target, type);
    memory.setU16(target + 2, kind === 'folder' ? 0 : descriptor.flags);
    memory.setU64(target + 8, kind === 'pipe' ? PIPE_RIGHTS : ALL_RIGHTS);
    memory.setU64(target + 16, kind === 'pipe' ? 0n : ALL_RIGHTS);
    return ERRNO.success;
  }

  private putFactsAt({ files, path }: Folder, target: number): Errno {
    const facts = files.facts(path);
    return typeof facts === 'number' ? (-facts as Errno) : this.putFacts(facts, target);
  }

  private putFacts(facts: FileFacts, target: number, type: number = typeOf(facts)): Errno {
    const { memory } = this;
    memory.bytes(target, 64).fill(0);
    memory.setU64(target + 8, facts.inode);
    memory.setU8(target + 16, type);
    memory.setU64(target + 24, 1n);
    memory.setU64(target + 32, BigInt(facts.size));
    for (const at of [40, 48, 56]) memory.setU64(target + at, facts.writtenNanos);
    return ERRNO.success;
  }

  /**
   * Writes the entries from the cookie on. The last one may be cut off, which tells the caller that the buffer is full.
   */
  private readFolder(
    fd: number,
    [target, length]: readonly [number, number],
    cookie: bigint,
    used: number,
  ): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor?.kind !== 'folder') return descriptor === undefined ? ERRNO.badf : ERRNO.notdir;
    const into = this.memory.bytes(target, length);
    const names = ['.', '..', ...descriptor.files.list(descriptor.path)];
    let at = 0;
    for (let i = positionOf(cookie); i < names.length && at < into.length; i++) {
      const name = names[i] ?? '';
      const entry = this.entry(name, descriptor, i + 1).subarray(0, into.length - at);
      into.set(entry, at);
      at += entry.length;
    }
    this.memory.setU32(used, at);
    return ERRNO.success;
  }

  private entry(name: string, { files, path }: Folder, next: number): Buffer {
    const facts = name === '.' || name === '..' ? undefined : files.facts(below(path, name));
    const bytes = Buffer.from(name);
    const entry = Buffer.alloc(NAME_AT + bytes.length);
    entry.writeBigUInt64LE(BigInt(next), 0);
    const known = typeof facts === 'object' ? facts : undefined;
    entry.writeBigUInt64LE(known?.inode ?? 0n, 8);
    entry.writeUInt32LE(bytes.length, 16);
    entry.writeUInt8(known === undefined ? FILE_TYPE.directory : typeOf(known), 20);
    bytes.copy(entry, NAME_AT);
    return entry;
  }

  /** Sets the modification time, the only one that is kept. */
  private setWritten(which: number, written: bigint, set: (nanos: bigint) => Errno): Errno {
    const isNow = (which & SET_WRITTEN_NOW) !== 0;
    const isGiven = (which & SET_WRITTEN) !== 0;
    if (isNow && isGiven) return ERRNO.inval;
    if (isNow) return set(this.wallNanos());
    return isGiven ? set(BigInt.asUintN(64, written)) : ERRNO.success;
  }

  // Calls by path

  private pathCalls(): Calls {
    return {
      path_open: (
        fd: number,
        _follow: number,
        pointer: number,
        length: number,
        how: number,
        rights: bigint,
        _inheriting: bigint,
        flags: number,
        target: number,
      ) =>
        this.withPath(fd, pointer, length, (placed, files) =>
          this.openPath(
            files,
            placed,
            { how, reads: (rights & RIGHT_READ) !== 0n, writes: (rights & RIGHT_WRITE) !== 0n, flags },
            target,
          ),
        ),
      path_filestat_get: (fd: number, _follow: number, pointer: number, length: number, target: number) =>
        this.withPath(fd, pointer, length, (placed, files) => {
          const facts = files.facts(placed.path);
          if (typeof facts === 'number') return -facts as Errno; // see WasiFiles
          return placed.isFolder && facts.kind === 'file' ? ERRNO.notdir : this.putFacts(facts, target);
        }),
      path_filestat_set_times: (
        fd: number,
        _follow: number,
        pointer: number,
        length: number,
        _read: bigint,
        written: bigint,
        which: number,
      ) =>
        this.withPath(fd, pointer, length, ({ path }, files) => {
          const facts = files.facts(path);
          if (typeof facts === 'number') return -facts as Errno; // see WasiFiles
          return this.setWritten(which, written, (nanos) => files.setWritten(path, nanos));
        }),
      path_create_directory: (fd: number, pointer: number, length: number) =>
        this.withPath(fd, pointer, length, ({ path }, files) => files.makeFolder(path)),
      path_remove_directory: (fd: number, pointer: number, length: number) =>
        this.withPath(fd, pointer, length, ({ path }, files) => files.removeFolder(path)),
      path_unlink_file: (fd: number, pointer: number, length: number) =>
        this.withPath(fd, pointer, length, ({ path }, files) => files.removeFile(path)),
      // Symbolic links do not exist here.
      path_readlink: (fd: number, pointer: number, length: number) =>
        this.withPath(fd, pointer, length, ({ path }, files) => {
          const facts = files.facts(path);
          return typeof facts === 'number' ? (-facts as Errno) : ERRNO.inval;
        }),
      path_rename: (
        fd: number,
        pointer: number,
        length: number,
        toFd: number,
        toPointer: number,
        toLength: number,
      ) =>
        this.withPath(fd, pointer, length, (from, files) =>
          this.withPath(toFd, toPointer, toLength, (to, others) =>
            files === others ? files.rename(from.path, to.path) : ERRNO.xdev,
          ),
        ),
    };
  }

  private withPath(
    fd: number,
    pointer: number,
    length: number,
    act: (placed: PlacedPath, files: WasiFiles) => Errno,
  ): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor?.kind !== 'folder') return descriptor === undefined ? ERRNO.badf : ERRNO.notdir;
    const placed = placePath(descriptor.path, this.memory.text(pointer, length));
    return typeof placed === 'number' ? (-placed as Errno) : act(placed, descriptor.files);
  }

  private openPath(
    files: WasiFiles,
    { path, isFolder }: PlacedPath,
    { how, reads, writes, flags }: OpenOrder,
    target: number,
  ): Errno {
    this.memory.setU32(target, 0);
    const facts = files.facts(path);
    const isThere = typeof facts !== 'number';
    if (!isThere && ((how & O_CREAT) === 0 || -facts !== ERRNO.noent)) return -facts as Errno;
    if (isThere && (how & O_CREAT) !== 0 && (how & O_EXCL) !== 0) return ERRNO.exist;
    if (isThere && facts.kind === 'folder') {
      if ((how & O_CREAT) !== 0 && (how & O_DIRECTORY) === 0 && writes) return ERRNO.isdir;
      return this.opened({ kind: 'folder', files, path, preopen: undefined }, target);
    }
    if (isFolder || (how & O_DIRECTORY) !== 0) return isThere ? ERRNO.notdir : ERRNO.noent;
    const file = files.open(path, writes || !isThere || (how & O_TRUNC) !== 0);
    if (typeof file === 'number') return -file as Errno;
    const problem = (how & O_TRUNC) === 0 ? ERRNO.success : file.truncate(0);
    if (problem !== ERRNO.success) {
      file.close();
      return problem;
    }
    const kept = flags & (FD_APPEND | FD_NONBLOCK);
    return this.opened({ kind: 'file', file, reads, writes, position: 0, flags: kept }, target);
  }

  private opened(descriptor: Descriptor, target: number): Errno {
    const fd = this.descriptors.add(descriptor);
    if (fd === undefined) {
      if (descriptor.kind === 'file') descriptor.file.close();
      return ERRNO.mfile;
    }
    this.memory.setU32(target, fd);
    return ERRNO.success;
  }
}

function truncate({ file, writes }: File, length: number): Errno {
  if (!writes) return ERRNO.badf;
  return length > MOST_LENGTH ? ERRNO.fbig : file.truncate(length);
}

/** Offsets are unsigned, so a negative one is beyond the end of any file. */
const positionOf = (offset: bigint): number => Number(BigInt.asUintN(64, offset));

const typeOf = ({ kind }: FileFacts): number => (kind === 'file' ? FILE_TYPE.regular : FILE_TYPE.directory);
const below = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);
