/**
 * A history as columns, one row a client's operation, with where its lines are in history.jsonl; and the nemesis's
 * operations whole. Grows with the file. Only the beginning of each line is looked at: values may be megabytes.
 */
import { Float64Column, Int32Column, lengthened, Uint8Column } from '../columns/column.ts';
import { FastJsonOpReader } from '../history/fast-json-op.ts';
import { HistoryClock } from '../history/history-clock.ts';
import type { OpType } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import { bufferedFile } from './buffered-file.ts';
import { OPEN, outcomeNumber } from './outcome.ts';
import { textOf, type RunFile } from './run-source.ts';

const CHUNK_BYTES = 1 << 20;
/** As much of a line as is looked at for its fields before the value. */
export const HEAD_BYTES = 240;
const NEWLINE = 0x0a;
const HEAD =
  /^\{"index":(\d+),"time":(\d+),"type":"(invoke|ok|fail|info)","process":("nemesis"|\d+),"f":("(?:[^"\\]|\\.)*")/;

const VALUE_KEY = ',"value":';
export const OPERATION_TYPES: readonly OpType[] = ['invoke', 'ok', 'fail', 'info'];

/** An operation of the nemesis. */
export interface NemesisOp {
  readonly index: number;
  readonly time: number;
  readonly f: string;
  readonly value: Json;
  /** Where its line begins in the file. */
  readonly at: number;
}

export interface EntryHead {
  readonly index: number;
  readonly time: number;
  readonly type: OpType;
  readonly process: number | 'nemesis';
  readonly f: string;
}

/** How far beyond the operations seen so far an index may lie to have a place in the column. */
const INDEX_ROOM = 4096;
const NO_ROW = -1;
/** In place of the row of a process's operation: it waits for its next one. */
const NOT_BUSY = -1;

/**
 * The row of each position in the history, of invocations and completions. Indexes come from the file: those that leave large
 * gaps are kept in a map, so that memory goes by how many operations there are and not by what an index says.
 */
class RowsByIndex {
  private near = new Int32Array(0);
  private readonly far = new Map<number, number>();
  private count = 0;

  set(index: number, row: number): void {
    this.count++;
    if (index >= 0 && index < 4 * this.count + INDEX_ROOM && Number.isInteger(index)) {
      const { length } = this.near;
      if (index >= length)
        this.near = lengthened(this.near, Math.max(1024, index + 1, 2 * length)).fill(NO_ROW, length);
      this.near[index] = row;
    } else this.far.set(index, row);
  }

  get(index: number): number | undefined {
    const row = this.near[index];
    return row === undefined || row === NO_ROW ? this.far.get(index) : row;
  }
}

/** What plots need of a history; rows are operations in order of invocation. */
export interface OperationColumns {
  readonly count: number;
  /** The time of the last entry. */
  readonly endNanos: number;
  readonly functions: readonly string[];
  readonly columns: {
    readonly invoked: Float64Column;
    /** NaN while open, and for those that never ended. */
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
  /** Lines that are no operations; none in histories that we wrote. */
  badLines = 0;
  /** By row, in order of invocation. */
  readonly columns = {
    index: new Float64Column(),
    invoked: new Float64Column(),
    completed: new Float64Column(),
    process: new Float64Column(),
    outcome: new Uint8Column(),
    f: new Int32Column(),
    /** Where the line of the invocation, and that of the completion, begins in the file; -1 for none. */
    invokeAt: new Float64Column(),
    completeAt: new Float64Column(),
  };
  private readonly rowsByIndex = new RowsByIndex();
  private readonly openRows = new Map<number, number>();
  private readonly functionNumbers = new Map<string, number>();
  private offset = 0;
  private refreshing: Promise<void> | undefined;
  private readonly heads = new EntryHeadReader();

  constructor(readonly file: RunFile) {}

  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** The row of the operation whose invocation or completion is at that position of the history. */
  rowOf(index: number): number | undefined {
    return this.rowsByIndex.get(index);
  }

  /** The line at that offset, cut to `maxBytes` bytes. */
  line(offset: number, maxBytes: number): string {
    return this.lines((read) => read(offset, maxBytes));
  }

  /** Reads several lines with the file open. */
  lines<T>(use: (read: (offset: number, maxBytes: number) => string) => T): T {
    return this.file.look((looked) => {
      const file = bufferedFile(looked);
      return use((offset, maxBytes) => {
        for (let size = Math.min(maxBytes, 512); ; size = Math.min(maxBytes, 8 * size)) {
          const buffer = new Uint8Array(size);
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
      const chunk = new Uint8Array(CHUNK_BYTES);
      let head = NO_BYTES;
      let lineStart = this.offset;
      for (let at = this.offset; ;) {
        const bytesRead = await file.read(chunk, at);
        // What follows the last newline is nothing, or not whole yet: read again next time.
        if (bytesRead === 0) break;
        const filled = chunk.subarray(0, bytesRead);
        let start = 0;
        for (let end = filled.indexOf(NEWLINE); end !== -1; end = filled.indexOf(NEWLINE, start)) {
          const rest = filled.subarray(start, Math.min(end, start + HEAD_BYTES));
          this.takeLine(head.length === 0 ? rest : joined(head, rest), lineStart);
          head = NO_BYTES;
          start = end + 1;
          lineStart = at + start;
        }
        const wanted = HEAD_BYTES - head.length;
        if (start < bytesRead && wanted > 0) head = joined(head, filled.subarray(start, start + wanted));
        at += bytesRead;
      }
      this.offset = lineStart;
    });
  }

  private takeLine(head: Uint8Array, offset: number): void {
    if (head.length === 0) return;
    const op = this.heads.read(head) ?? this.slowHead(offset);
    if (op === undefined) {
      this.badLines++;
      return;
    }
    this.endNanos = Math.max(this.endNanos, op.time);
    if (op.process === 'nemesis') this.takeNemesis(op, offset);
    else if (op.type === 'invoke') this.takeInvocation(op, op.process, offset);
    else this.takeCompletion(op, op.process, offset);
  }

  /** Histories that others wrote may have their fields in any order, and names of functions escapes. */
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
      // Too long, or cut off: that it happened is shown, but not which nodes it hit.
    }
    this.nemesis.push({ index, time, f, value, at: offset });
  }

  private takeInvocation({ index, time, f }: EntryHead, process: number, offset: number): void {
    const { columns } = this;
    const row = columns.index.push(index);
    columns.invoked.push(time);
    columns.completed.push(Number.NaN);
    columns.process.push(process);
    columns.outcome.push(OPEN);
    columns.f.push(this.functionNumber(f));
    columns.invokeAt.push(offset);
    columns.completeAt.push(-1);
    this.count = columns.index.length;
    this.rowsByIndex.set(index, row);
    this.openRows.set(process, row);
  }

  private takeCompletion({ index, time, type }: EntryHead, process: number, offset: number): void {
    const row = this.openRows.get(process);
    if (row === undefined || row === NOT_BUSY) {
      this.badLines++;
      return;
    }
    const { columns } = this;
    // Not deleted: a Map from which each entry is deleted and set again is built anew all the time.
    if (type === 'info') this.openRows.delete(process);
    else this.openRows.set(process, NOT_BUSY);
    // Operations are named by the entry that ends them, as in results; both entries lead to the row.
    columns.index.values[row] = index;
    columns.completed.values[row] = time;
    columns.outcome.values[row] = outcomeNumber(type);
    columns.completeAt.values[row] = offset;
    this.rowsByIndex.set(index, row);
  }

  private functionNumber(f: string): number {
    const known = this.functionNumbers.get(f);
    if (known !== undefined) return known;
    const number = this.functions.push(f) - 1;
    this.functionNumbers.set(f, number);
    return number;
  }
}

const isType = (type: unknown): type is OpType => OPERATION_TYPES.some((each) => each === type);

/** Reads the fields before the value, of lines in the order in which we write them. */
export class EntryHeadReader {
  /** How many bytes the fields took that were read last. */
  bytes = 0;
  private readonly fast = new FastJsonOpReader(new HistoryClock());

  /** Of a line's beginning. */
  read(line: Uint8Array): EntryHead | undefined {
    const outline = this.fast.outline(line, 0, line.length);
    if (outline !== undefined) {
      this.bytes = this.fast.position - VALUE_KEY.length;
      return outline;
    }
    const [all, index, time, type, process, f = ''] = HEAD.exec(textOf(line.subarray(0, HEAD_BYTES))) ?? [];
    if (all === undefined || !isType(type)) return undefined;
    this.bytes = new TextEncoder().encode(all).length;
    return {
      index: Number(index),
      time: Number(time),
      type,
      process: process === '"nemesis"' ? 'nemesis' : Number(process),
      // Matched as a JSON string.
      f: JSON.parse(f) as string,
    };
  }
}

const NO_BYTES = new Uint8Array(0);

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
