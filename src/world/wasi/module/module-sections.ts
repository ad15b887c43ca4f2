/** Reads a WebAssembly module's imports, exports and memory limits. */

export interface ModuleFacts {
  readonly imports: readonly ModuleImport[];
  readonly exports: ReadonlyMap<string, ExternKind>;
  /** In pages of 64 KB; undefined if it has no memory of its own. */
  readonly memory: MemoryLimits | undefined;
  /** Compiled by Go itself (not TinyGo), whose scheduler waits for stdin and timers at the same time. */
  readonly isGo: boolean;
}

export type ExternKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
}

export interface MemoryLimits {
  readonly least: number;
  readonly most: number | undefined;
  readonly isShared: boolean;
  readonly is64: boolean;
}

const KINDS: readonly ExternKind[] = ['function', 'table', 'memory', 'global', 'tag'];
const HEADER_BYTES = 8;
const CUSTOM = 0;
const IMPORT = 2;
const MEMORY = 5;
const EXPORT = 7;
const HAS_MOST = 1;
const IS_SHARED = 2;
const IS_64 = 4;
const TYPED_REFERENCES = new Set([0x63, 0x64]);

interface Section {
  readonly id: number;
  /** Offset of its id. */
  readonly start: number;
  readonly contents: Buffer;
}

/** Throws a RangeError when the module is truncated or malformed. */
export function readModule(bytes: Buffer): ModuleFacts {
  const sections = [...sectionsOf(bytes)];
  const contents = (id: number): Buffer | undefined => sections.find((each) => each.id === id)?.contents;
  const imports = contents(IMPORT);
  const exports = contents(EXPORT);
  const memory = contents(MEMORY);
  return {
    imports: imports === undefined ? [] : readImports(new Reader(imports)),
    exports: exports === undefined ? new Map() : readExports(new Reader(exports)),
    memory: memory === undefined ? undefined : readMemory(new Reader(memory)),
    isGo: sections.some((each) => each.id === CUSTOM && isOfGo(each.contents)),
  };
}

/**
 * Returns the same module with its memory limited to that many pages. Beyond it `memory.grow` fails, as when memory is
 * short.
 */
export function limitMemory(bytes: Buffer, mostPages: number): Buffer {
  for (const { id, start, contents } of sectionsOf(bytes)) {
    if (id !== MEMORY) continue;
    const memories = new Reader(contents).list(readLimits).map((limits) => ({
      ...limits,
      most: Math.min(limits.most ?? Infinity, Math.max(limits.least, mostPages)),
    }));
    const body = [...leb(memories.length), ...memories.flatMap(limitBytes)];
    const end = start + 1 + lengthOfLeb(bytes, start + 1) + contents.length;
    return Buffer.concat([
      bytes.subarray(0, start),
      Buffer.from([MEMORY, ...leb(body.length), ...body]),
      bytes.subarray(end),
    ]);
  }
  return bytes;
}

function limitBytes({ least, most, isShared, is64 }: MemoryLimits & { readonly most: number }): number[] {
  const flags = HAS_MOST | (isShared ? IS_SHARED : 0) | (is64 ? IS_64 : 0);
  return [flags, ...leb(least), ...leb(most)];
}

function* sectionsOf(bytes: Buffer): Generator<Section> {
  const reader = new Reader(bytes, HEADER_BYTES);
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.byte();
    yield { id, start, contents: reader.bytes(reader.number()) };
  }
}

function readImports(reader: Reader): ModuleImport[] {
  return reader.list(() => {
    const module = reader.text();
    const name = reader.text();
    const kind = KINDS[reader.byte()];
    if (kind === 'function') reader.number();
    else if (kind === 'table') {
      readType(reader);
      readLimits(reader);
    } else if (kind === 'memory') readLimits(reader);
    else if (kind === 'global') {
      readType(reader);
      reader.byte();
    } else if (kind === 'tag') {
      reader.byte();
      reader.number();
    } else throw new RangeError('an import of an unknown kind');
    return { module, name, kind };
  });
}

function readType(reader: Reader): void {
  if (TYPED_REFERENCES.has(reader.byte())) reader.number();
}

function readExports(reader: Reader): ReadonlyMap<string, ExternKind> {
  const entries = reader.list((): [string, ExternKind] => {
    const name = reader.text();
    const kind = KINDS[reader.byte()];
    reader.number();
    if (kind === undefined) throw new RangeError('an export of an unknown kind');
    return [name, kind];
  });
  return new Map(entries);
}

const readMemory = (reader: Reader): MemoryLimits | undefined => reader.list(readLimits)[0];

function readLimits(reader: Reader): MemoryLimits {
  const flags = reader.byte();
  const least = reader.number();
  const most = (flags & HAS_MOST) === 0 ? undefined : reader.number();
  return { least, most, isShared: (flags & IS_SHARED) !== 0, is64: (flags & IS_64) !== 0 };
}

/** True for Go, which writes a build id and names its compiler in "producers". TinyGo does neither. */
function isOfGo(contents: Buffer): boolean {
  const reader = new Reader(contents);
  const name = reader.text();
  if (name === 'go:buildid' || name === 'go.buildid') return true;
  return name === 'producers' && contents.includes('Go cmd/compile');
}

class Reader {
  constructor(
    private readonly buffer: Buffer,
    public at = 0,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length;
  }

  byte(): number {
    return this.buffer.readUInt8(this.at++);
  }

  /** Reads an unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is too long');
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.buffer.length) throw new RangeError('it is cut off');
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }

  text(): string {
    return this.bytes(this.number()).toString();
  }

  list<T>(read: (reader: Reader) => T): T[] {
    const items: T[] = [];
    for (let left = this.number(); left > 0; left--) items.push(read(this));
    return items;
  }
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...leb(Math.floor(value / 0x80))];
}

function lengthOfLeb(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) < 0x80 ? 1 : 1 + lengthOfLeb(bytes, at + 1);
}
