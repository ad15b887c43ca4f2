/**
 * A folder as a zip archive, written as a stream: entries are stored, not compressed, each followed by its checksum and
 * size, with the 64-bit records where an archive or a file is larger than 4 GiB (APPNOTE 6.3.3).
 */
import { readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { openPlainHandle } from '../files/plain-file.ts';

const MAX_32 = 0xffffffff;
const CHUNK_BYTES = 256 * 1024;
/** Bit 3: sizes follow the content; bit 11: names are UTF-8. */
const FLAGS = 0x0808;

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly bytes: number;
  readonly crc: number;
  readonly dosTime: number;
}

/**
 * The archive's bytes. `prefix` is the folder's name within it. Files that grow meanwhile are taken as they are when read; one
 * that cannot be read is left out.
 */
export async function* zipFolder(folder: string, prefix: string): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let offset = 0;
  for (const { path, name: shown } of await filesBelow(Buffer.from(folder), prefix)) {
    const file = await openPlainHandle(path).catch(() => undefined);
    if (file === undefined) continue;
    try {
      const name = Buffer.from(shown);
      const { mtime, size } = await file.stat();
      const dosTime = dosTimeOf(mtime);
      const start = offset;
      const header = localHeader(name, dosTime);
      yield header;
      offset += header.length;
      let crc = 0;
      let bytes = 0;
      while (bytes < size) {
        const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - bytes));
        const { bytesRead } = await file.read(chunk, 0, chunk.length);
        if (bytesRead === 0) break;
        const part = chunk.subarray(0, bytesRead);
        crc = crc32(part, crc);
        bytes += bytesRead;
        yield part;
      }
      const descriptor = dataDescriptor(crc, bytes);
      yield descriptor;
      offset += bytes + descriptor.length;
      entries.push({ name, offset: start, bytes, crc, dosTime });
    } finally {
      await file.close();
    }
  }
  yield directory(entries, offset);
}

interface FoundFile {
  /** As the system has it: names need not be UTF-8. */
  readonly path: Buffer;
  /** In the archive. */
  readonly name: string;
}

const SLASH = Buffer.from('/');

/** Plain files only, in the order of their names: links may lead anywhere. */
async function filesBelow(folder: Buffer, name: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const names = new Set<string>();
  const found = await Promise.all(
    entries
      .toSorted((a, b) => Buffer.compare(a.name, b.name))
      .map(async (entry) => {
        const path = Buffer.concat([folder, SLASH, entry.name]);
        const below = `${name}/${newName(entry.name, names)}`;
        if (entry.isDirectory()) return filesBelow(path, below);
        return entry.isFile() ? [{ path, name: below }] : [];
      }),
  );
  return found.flat();
}

/**
 * A name that every system can unpack. A backslash or a colon would lead elsewhere on some, control characters and what is no
 * UTF-8 can be written on few; what then looks like another name gets a number.
 */
function newName(bytes: Buffer, taken: Set<string>): string {
  // oxlint-disable-next-line no-control-regex
  const plain = bytes.toString('utf8').replaceAll(/[\\:*?"<>|\u0000-\u001f\u007f\ufffd]/g, '_');
  let name = plain;
  for (let number = 2; taken.has(name); number++) name = `${plain}~${number}`;
  taken.add(name);
  return name;
}

function localHeader(name: Buffer, dosTime: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt32LE(dosTime, 10);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function dataDescriptor(crc: number, bytes: number): Buffer {
  const isLarge = bytes >= MAX_32;
  const descriptor = Buffer.alloc(isLarge ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (isLarge) {
    descriptor.writeBigUInt64LE(BigInt(bytes), 8);
    descriptor.writeBigUInt64LE(BigInt(bytes), 16);
  } else {
    descriptor.writeUInt32LE(bytes, 8);
    descriptor.writeUInt32LE(bytes, 12);
  }
  return descriptor;
}

function directory(entries: readonly Entry[], start: number): Buffer {
  const records = entries.map(directoryRecord);
  const size = records.reduce((sum, record) => sum + record.length, 0);
  const isLarge = start + size >= MAX_32 || entries.length >= 0xffff;
  return Buffer.concat([
    ...records,
    ...(isLarge ? [largeEnd(entries.length, size, start)] : []),
    end(Math.min(entries.length, 0xffff), Math.min(size, MAX_32), Math.min(start, MAX_32)),
  ]);
}

function directoryRecord({ name, offset, bytes, crc, dosTime }: Entry): Buffer {
  const isLarge = bytes >= MAX_32 || offset >= MAX_32;
  const extra = Buffer.alloc(isLarge ? 28 : 0);
  if (isLarge) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(BigInt(bytes), 4);
    extra.writeBigUInt64LE(BigInt(bytes), 12);
    extra.writeBigUInt64LE(BigInt(offset), 20);
  }
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(isLarge ? 45 : 20, 4);
  record.writeUInt16LE(isLarge ? 45 : 20, 6);
  record.writeUInt16LE(FLAGS, 8);
  record.writeUInt32LE(dosTime, 12);
  record.writeUInt32LE(crc, 16);
  record.writeUInt32LE(isLarge ? MAX_32 : bytes, 20);
  record.writeUInt32LE(isLarge ? MAX_32 : bytes, 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(isLarge ? MAX_32 : offset, 42);
  return Buffer.concat([record, name, extra]);
}

function largeEnd(count: number, size: number, start: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(start + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function end(count: number, size: number, start: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(start, 16);
  return record;
}

/** DOS has two-second steps and begins in 1980: date in the high word, time in the low one. UTC. */
function dosTimeOf(time: Date): number {
  const year = Math.max(0, time.getUTCFullYear() - 1980);
  const date = (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return date * 0x10000 + clock;
}
