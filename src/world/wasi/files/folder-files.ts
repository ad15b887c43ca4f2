/**
 * Gives a program in WebAssembly access to its own folder (program-folder.ts): as read-only files, and under which
 * names.
 */
import { ERRNO, type Errno } from '../calls/abi.ts';
import type { ProgramFolder } from './program-folder.ts';
import type { FileFacts, OpenFile, Preopen, WasiFiles } from '../calls/wasi-system.ts';

const PROGRAM_DIR = '/program';
/** Inodes beyond those of the data folder. */
const FIRST_INODE = 2n ** 40n;
/** The modification time of all files: the beginning of 2000. */
const WRITTEN_NANOS = 946_684_800_000_000_000n;

/** A read-only file system. */
export class FolderFiles implements WasiFiles {
  private readonly places = new Map<string, number>();
  private readonly names = new Map<string, string[]>([['/', []]]);

  constructor(private readonly folder: ProgramFolder) {
    for (const [place, { kind, path }] of folder.entries.entries()) {
      this.places.set(path, place);
      const slash = path.lastIndexOf('/');
      this.names.get(slash === 0 ? '/' : path.slice(0, slash))?.push(path.slice(slash + 1));
      if (kind === 'folder') this.names.set(path, []);
    }
  }

  facts(path: string): FileFacts | number {
    const writtenNanos = WRITTEN_NANOS;
    if (path === '/') return { kind: 'folder', size: 0, inode: FIRST_INODE, writtenNanos };
    const place = this.places.get(path);
    const entry = place === undefined ? undefined : this.folder.entries[place];
    if (place === undefined || entry === undefined) return -this.absent(path);
    const size = entry.kind === 'file' ? entry.length : 0;
    return { kind: entry.kind, size, inode: FIRST_INODE + BigInt(place + 1), writtenNanos };
  }

  open(path: string, writes: boolean): OpenFile | number {
    const facts = this.facts(path);
    if (typeof facts === 'number') return facts === -ERRNO.noent && writes ? -ERRNO.rofs : facts;
    const entry = this.folder.entries[this.places.get(path) ?? -1];
    if (entry?.kind !== 'file') return -ERRNO.isdir;
    if (writes) return -ERRNO.rofs;
    const content = this.folder.bytes.subarray(entry.at, entry.at + entry.length);
    return {
      facts: () => facts,
      read: (target, position) => {
        const part = content.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      write: () => -ERRNO.rofs,
      truncate: () => ERRNO.rofs,
      sync: () => ERRNO.success,
      setWritten: () => ERRNO.rofs,
      close: () => {},
    };
  }

  list(path: string): readonly string[] {
    return this.names.get(path) ?? [];
  }

  /** Returns the top-level folders. */
  folders(): readonly string[] {
    return this.list('/')
      .map((name) => `/${name}`)
      .filter((path) => this.names.has(path));
  }

  setWritten(): Errno {
    return ERRNO.rofs;
  }

  makeFolder(path: string): Errno {
    return typeof this.facts(path) === 'number' ? ERRNO.rofs : ERRNO.exist;
  }

  removeFile(path: string): Errno {
    return this.refusal(path);
  }

  removeFolder(path: string): Errno {
    return this.refusal(path);
  }

  rename(from: string): Errno {
    return this.refusal(from);
  }

  private refusal(path: string): Errno {
    const facts = this.facts(path);
    return typeof facts === 'number' ? (-facts as Errno) : ERRNO.rofs; // see `facts`
  }

  /** Returns why nothing is at that path: a part of it may be a file. */
  private absent(path: string): Errno {
    let above = path;
    while (above !== '' && !this.places.has(above)) above = above.slice(0, above.lastIndexOf('/'));
    return above === '' || this.names.has(above) ? ERRNO.noent : ERRNO.notdir;
  }
}

/**
 * Returns the preopened folders: the data folder under its name and as `.`, and those of the program's own folder, if
 * any.
 */
export const preopensOf = (
  dataDir: string,
  files: WasiFiles,
  folder: FolderFiles | undefined,
): readonly Preopen[] => [
  { name: dataDir, files, path: '/' },
  { name: '.', files, path: '/' },
  ...(folder === undefined ? [] : folderPreopens(folder)),
];

const folderPreopens = (files: FolderFiles): Preopen[] => [
  { name: PROGRAM_DIR, files, path: '/' },
  ...files.folders().map((path) => ({ name: path, files, path })),
];
