/**
 * A history as columns, one row per client operation, with the offsets of its lines in history.jsonl; and the nemesis's
 * operations in full. Grows with the file. Only the beginning of each line is read, since values may be megabytes.
 */
import { Float64Column, Int32Column, lengthened, Uint8Column } from '../../columns/column.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import type { Json } from '../../protocol/json.ts';
import { bufferedFile } from '../files/buffered-file.ts';
import { newlineFrom } from '../files/cut-pieces.ts';
import { EntryHeadReader, HEAD_BYTES, isType, type EntryHead } from './entry-head.ts';
import { OPEN, outcomeNumber } from './outcome.ts';
import { textOf, type RunFile, type ScannedFile } from '../run-source.ts';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** An operation of the nemesis. */
export interface NemesisOp {
  readonly index: number;
  readonly time: number;
  readonly f: string;
  readonly value: Json;
  /** Offset of its line in the file. */
  readonly at: number;
}

const FIRST_ROWS = 1024;
const MOST_GROWTH = 64;
/** How far an index may exceed the number of operations seen so far to be stored in the column. */
const INDEX_ROOM = 4096;
/** Stored in place of a row: the process has no operation in progress. */
const NOT_BUSY = -1;

/**
 * Indexed by position in the history: the row of an invocation or completion. Indexes come from the file: those with
 * large gaps are stored in a map, so that memory is proportional to the number of operations, whatever their indexes.
 */
class RowsByIndex {
  /** One more than the row, so that 0 means none in a new column. */
  private near = new Int32Array(0);
  private readonly far = new Map<number, number>();
  private count = 0;

  /** Sets the row; `expected` is an estimate of the final number of rows. */
  set(index: number, row: number, expected: number): void {
    this.count++;
    if (index >= 0 && index < 4 * this.count + INDEX_ROOM && Number.isInteger(index)) {
      const { length } = this.near;
      // Two entries for each row: an invocation and a completion.
      if (index >= length) this.near = lengthened(this.near, Math.max(2 * expected, index + 1, 2 * length));
      this.near[index] = row + 1;
    } else this.far.set(index, row);
  }

  get(index: number): number | undefined {
    const next = this.near[index] ?? 0;
    return next === 0 ? this.far.get(index) : next - 1;
  }
}

/** What plots use from a history; rows are operations in order of invocation. */
export interface OperationColumns {
  readonly count: number;
  /** The time of the last entry. */
  readonly endNanos: number;
  readonly functions: readonly string[];
  readonly columns: {
    readonly invoked: Float64Column;
    /** NaN while open, and for operations that never ended. */
    readonly completed: Float64Column;
    readonly outcome: Uint8Column;
    readonly f: Int32Column;
  };
}

export class RunOperations implements OperationColumns {
  count = 0;
  endNanos = 0;
  readonly functions: string[] = [];
  readonly nemesis: NemesisOp[] = [];
  /** Number of invalid lines; 0 in histories that we wrote. */
  badLines = 0;
  /** Indexed by row, in order of invocation. */
  readonly columns = {
    /** Index of the invocation, which is the operation's number. */
    index: new Float64Column(),
    invoked: new Float64Column(),
    completed: new Float64Column(),
    process: new Float64Column(),
    outcome: new Uint8Column(),
    f: new Int32Column(),
    /** Offsets of the lines of the invocation and of the completion in the file; -1 for none. */
    invokeAt: new Float64Column(),
    completeAt: new Float64Column(),
  };
  private readonly rowsByIndex = new RowsByIndex();
  private readonly openRows = new Map<number, number>();
  private readonly functionNumbers = new Map<string, number>();
  private offset = 0;
  /** Size of the file when it was last opened. */
  private fileBytes = 0;
  private refreshing: Promise<void> | undefined;
  /** Reads the heads of the file's lines. */
  readonly heads = new EntryHeadReader();

  constructor(readonly file: RunFile) {}

  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** Returns the row of the operation whose invocation or completion is at that index of the history. */
  rowOf(index: number): number | undefined {
    return this.rowsByIndex.get(index);
  }

  /** Returns the number of the operation with an entry at that index; see history/operation-names.ts. */
  readonly numberOf: NumberOf = (index) => {
    const row = this.rowOf(index);
    return row === undefined ? index : this.columns.index.at(row);
  };

  /** Returns the line at that offset, cut to `maxBytes` bytes. */
  line(offset: number, maxBytes: number): string {
    return this.lines((read) => read(offset, maxBytes));
  }

  /** Reads several lines with the file opened once. */
  lines<T>(use: (read: (offset: number, maxBytes: number) => string) => T): T {
    return this.file.look((looked) => {
      const file = bufferedFile(looked);
      const short = new Uint8Array(512);
      return use((offset, maxBytes) => {
        for (let size = Math.min(maxBytes, short.length); ; size = Math.min(maxBytes, 8 * size)) {
          const buffer = size <= short.length ? short.subarray(0, size) : new Uint8Array(size);
          const got = file.read(buffer, offset);
          const end = buffer.subarray(0, got).indexOf(NEWLINE);
          if (end !== -1) return textOf(buffer.subarray(0, end));
          if (got < size || size === maxBytes) return textOf(buffer.subarray(0, got));
        }
      });
    });
  }

  private read(): Promise<void> {
    return this.file.scan(async (file) => {
      this.fileBytes = file.size;
      const chunk = new Uint8Array(CHUNK_BYTES);
      // Text after the last newline is incomplete, and is read again next time.
      for (let taken = -1; taken !== 0; this.offset += taken) {
        const bytesRead = await file.read(chunk, this.offset);
        taken = this.takeLines(chunk.subarray(0, bytesRead));
        if (taken === 0 && bytesRead === chunk.length) taken = await this.takeLongLine(file, chunk);
      }
    });
  }

  /** Takes the complete lines of the bytes from `offset` on; returns their length in bytes. */
  private takeLines(bytes: Uint8Array): number {
    const { heads, offset } = this;
    for (let start = 0; ;) {
      const head = heads.read(bytes, start, bytes.length);
      const end = newlineFrom(bytes, head === undefined ? start : start + heads.bytes, bytes.length);
      if (end === -1) return start;
      if (end > start) this.take(head ?? this.slowHead(offset + start), offset + start);
      start = end + 1;
    }
  }

  /**
   * Takes a line of which the chunk contains only the beginning; returns its length in bytes, or 0 if it is incomplete.
   */
  private async takeLongLine(file: ScannedFile, chunk: Uint8Array): Promise<number> {
    const { heads, offset } = this;
    const start = chunk.slice(0, HEAD_BYTES);
    for (let at = offset + chunk.length; ;) {
      const bytesRead = await file.read(chunk, at);
      if (bytesRead === 0) return 0;
      const end = chunk.subarray(0, bytesRead).indexOf(NEWLINE);
      at += end === -1 ? bytesRead : end + 1;
      if (end === -1) continue;
      this.take(heads.read(start, 0, start.length) ?? this.slowHead(offset), offset);
      return at - offset;
    }
  }

  private take(op: EntryHead | undefined, offset: number): void {
    if (op === undefined) {
      this.badLines++;
      return;
    }
    this.endNanos = Math.max(this.endNanos, op.time);
    if (op.process === 'nemesis') this.takeNemesis(op, offset);
    else if (op.type === 'invoke') this.takeInvocation(op, op.process, offset);
    else this.takeCompletion(op, op.process, offset);
  }

  /** Reads lines of foreign histories, which may have fields in any order and escapes in names of functions. */
  private slowHead(offset: number): EntryHead | undefined {
    try {
      // Checked field by field.
      const { index, time, type, process, f } = JSON.parse(this.line(offset, 64 << 20)) as Record<
        string,
        unknown
      >;
      if (typeof index !== 'number' || typeof time !== 'number' || !isType(type)) return undefined;
      if (typeof f !== 'string' || (typeof process !== 'number' && process !== 'nemesis')) return undefined;
      return { index, time, type, process, f };
    } catch {
      return undefined;
    }
  }

  private takeNemesis({ index, time, f }: EntryHead, offset: number): void {
    let value: Json = null;
    try {
      value = (JSON.parse(this.line(offset, 1 << 20)) as { value?: Json }).value ?? null;
    } catch {
      // Too long, or cut off: the operation is shown, but not which nodes it affected.
    }
    this.nemesis.push({ index, time, f, value, at: offset });
  }

  private takeInvocation({ index, time, f }: EntryHead, process: number, offset: number): void {
    const { columns } = this;
    if (this.count === columns.index.values.length) {
      const rows = this.expectedRows(offset);
      for (const column of Object.values(columns)) column.reserve(rows);
    }
    const row = columns.index.push(index);
    columns.invoked.push(time);
    columns.completed.push(Number.NaN);
    columns.process.push(process);
    columns.outcome.push(OPEN);
    columns.f.push(this.functionNumber(f));
    columns.invokeAt.push(offset);
    columns.completeAt.push(-1);
    this.count = columns.index.length;
    this.rowsByIndex.set(index, row, columns.index.values.length);
    this.openRows.set(process, row);
  }

  private takeCompletion({ index, time, type }: EntryHead, process: number, offset: number): void {
    const row = this.openRows.get(process);
    if (row === undefined || row === NOT_BUSY) {
      this.badLines++;
      return;
    }
    const { columns } = this;
    // Overwritten instead of deleted, since deleting and re-adding entries makes a Map rebuild itself again and again.
    if (type === 'info') this.openRows.delete(process);
    else this.openRows.set(process, NOT_BUSY);
    // Both entries lead to the row.
    columns.completed.values[row] = time;
    columns.outcome.values[row] = outcomeNumber(type);
    columns.completeAt.values[row] = offset;
    this.rowsByIndex.set(index, row, columns.index.values.length);
  }

  /**
   * Returns the number of rows to reserve when the columns are full: an estimate of the file's total from its part read
   * so far. Growing step by step would cost a large history as much time as reading it (bench/after-run.ts).
   */
  private expectedRows(offset: number): number {
    const { count } = this;
    if (count < FIRST_ROWS) return FIRST_ROWS;
    const expected = Math.ceil((count / offset) * this.fileBytes * 1.02);
    return Math.min(Math.max(expected, Math.ceil(1.5 * count)), MOST_GROWTH * count);
  }

  private functionNumber(f: string): number {
    const known = this.functionNumbers.get(f);
    if (known !== undefined) return known;
    const number = this.functions.push(f) - 1;
    this.functionNumbers.set(f, number);
    return number;
  }
}
