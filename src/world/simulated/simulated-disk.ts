/**
 * The disk of a simulated node: in memory, one per node name, kept across the node's lives.
 *
 * Writes take effect immediately and survive the process. Only a kill may tear the last write, unless its file has been
 * synced since: then only a prefix of it remains.
 */
import type { TornWrite } from './turn/turn-chance.ts';

const LIMIT_BYTES = 256 * 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Smaller ids than those of files. */
export const NOTHING = -1;
export const FOLDER = 0;

interface DiskFile {
  bytes: Buffer;
  length: number;
  /** The modification time. */
  modifiedNanos: number;
}

/** The last write, while it can still be torn. */
interface Unsynced {
  readonly file: DiskFile;
  readonly position: number;
  readonly length: number;
  /** The bytes that it has overwritten. */
  readonly before: Buffer;
  readonly lengthBefore: number;
}

export class SimulatedDisk {
  private readonly entries = new Map<string, number>();
  private readonly files = new Map<number, DiskFile>();
  /** Indexed by file id: how often the file is open. */
  private readonly holds = new Map<number, number>();
  /** Files that were removed but may still be open. */
  private readonly nameless = new Set<number>();
  private nextId = FOLDER + 1;
  private usedBytes = 0;
  private unsynced: Unsynced | undefined;

  /** `root` is a folder that exists from the start. All paths are absolute and normalised. */
  constructor(
    root: string,
    private readonly limitBytes = LIMIT_BYTES,
  ) {
    this.entries.set(root, FOLDER);
  }

  /** Returns the id of a file, FOLDER, or NOTHING. */
  find(path: string): number {
    return this.entries.get(path) ?? NOTHING;
  }

  create(path: string): number {
    const id = this.nextId++;
    this.entries.set(path, id);
    this.files.set(id, { bytes: Buffer.alloc(0), length: 0, modifiedNanos: 0 });
    return id;
  }

  makeFolder(path: string): void {
    this.entries.set(path, FOLDER);
  }

  /** Returns the names in a folder, sorted. */
  list(path: string): readonly string[] {
    const below = `${path}/`;
    const names = [...this.entries.keys()].filter((entry) => entry.startsWith(below));
    return names
      .map((entry) => entry.slice(below.length))
      .filter((name) => !name.includes('/'))
      .sort();
  }

  /** Renames a file or a folder, replacing what `to` named. Immediate and durable, as with a journaling file system. */
  rename(from: string, to: string): void {
    if (from === to) return;
    const moved = [...this.entries].filter(([path]) => path === from || path.startsWith(`${from}/`));
    this.remove(to);
    for (const [path, id] of moved) {
      this.entries.delete(path);
      this.entries.set(to + path.slice(from.length), id);
    }
  }

  /** Removes a file, or a folder with its contents. An open file exists until it is released. */
  remove(path: string): void {
    for (const [entry, id] of this.entries) {
      if (entry !== path && !entry.startsWith(`${path}/`)) continue;
      this.entries.delete(entry);
      if (id === FOLDER) continue;
      this.nameless.add(id);
      this.freeUnused(id);
    }
  }

  /** Opens the file once more. */
  hold(id: number): void {
    this.holds.set(id, (this.holds.get(id) ?? 0) + 1);
  }

  release(id: number): void {
    this.holds.set(id, (this.holds.get(id) ?? 1) - 1);
    this.freeUnused(id);
  }

  /** Closes all files of a process that is gone. */
  releaseAll(): void {
    this.holds.clear();
    for (const id of this.nameless) this.freeUnused(id);
  }

  size(id: number): number {
    return this.file(id).length;
  }

  modifiedNanos(id: number): number {
    return this.file(id).modifiedNanos;
  }

  setModified(id: number, nanos: number): void {
    this.file(id).modifiedNanos = nanos;
  }

  /** Copies bytes from that position into the target; returns how many. */
  read(id: number, target: Uint8Array, position: number): number {
    const { bytes, length } = this.file(id);
    const count = Math.max(0, Math.min(target.length, length - position));
    target.set(bytes.subarray(position, position + count));
    return count;
  }

  /** Writes the data; returns false if there is no room. */
  write(id: number, data: Uint8Array, position: number): boolean {
    const file = this.prepared(id, data.length, position);
    file?.bytes.set(data, position);
    return file !== undefined;
  }

  /** Writes the text as UTF-8; returns the number of bytes, or -1 if there is no room. */
  writeText(id: number, text: string, position: number): number {
    const length = Buffer.byteLength(text);
    const file = this.prepared(id, length, position);
    if (file === undefined) return -1;
    file.bytes.write(text, position, length);
    return length;
  }

  /** Returns false if there is no room. */
  truncate(id: number, length: number): boolean {
    const file = this.file(id);
    if (!this.resize(file, length)) return false;
    file.bytes.fill(0, Math.min(length, file.length));
    file.length = length;
    if (this.unsynced?.file === file) this.unsynced = undefined;
    return true;
  }

  sync(id: number): void {
    if (this.unsynced?.file === this.file(id)) this.unsynced = undefined;
  }

  /**
   * Called when the process is killed. Half of the time, and always in a calm world, loses the end of the last write if
   * it was not synced.
   */
  tear(chance: TornWrite): void {
    const { unsynced } = this;
    this.unsynced = undefined;
    if (unsynced === undefined || unsynced.length === 0 || !chance.boolean()) return;
    const { file, position, length, before, lengthBefore } = unsynced;
    const kept = chance.int(length);
    file.bytes.fill(0, position + kept, position + length);
    if (kept < before.length) before.copy(file.bytes, position + kept, kept);
    file.length = Math.max(lengthBefore, position + kept);
  }

  private file(id: number): DiskFile {
    const file = this.files.get(id);
    if (file === undefined) throw new Error(`SimulatedDisk: there is no file ${id}`);
    return file;
  }

  /**
   * Makes room for that many bytes at that position, and keeps what they will overwrite. Returns undefined if there is no room.
   */
  private prepared(id: number, length: number, position: number): DiskFile | undefined {
    const file = this.file(id);
    const end = position + length;
    if (!this.resize(file, Math.max(file.length, end))) return undefined;
    const { bytes, length: lengthBefore } = file;
    const before =
      position >= lengthBefore
        ? NO_BYTES
        : Buffer.from(bytes.subarray(position, Math.min(end, lengthBefore)));
    this.unsynced = { file, position, length, before, lengthBefore };
    file.length = Math.max(lengthBefore, end);
    return file;
  }

  private freeUnused(id: number): void {
    if (!this.nameless.has(id) || (this.holds.get(id) ?? 0) > 0) return;
    this.usedBytes -= this.files.get(id)?.bytes.length ?? 0;
    this.files.delete(id);
    this.nameless.delete(id);
    this.holds.delete(id);
  }

  private resize(file: DiskFile, length: number): boolean {
    if (length <= file.bytes.length) return true;
    const capacity = Math.max(256, length, 2 * file.bytes.length);
    if (this.usedBytes + capacity - file.bytes.length > this.limitBytes) return false;
    this.usedBytes += capacity - file.bytes.length;
    const larger = Buffer.alloc(capacity);
    file.bytes.copy(larger, 0, 0, file.length);
    file.bytes = larger;
    return true;
  }
}
