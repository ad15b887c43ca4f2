/**
 * Reads the fields of an entry of history.jsonl that precede its value, directly from the bytes. Columns need no more,
 * and values may be megabytes.
 */
import { FastJsonOpReader } from '../../history/reading/fast-json-op.ts';
import { HistoryClock } from '../../history/reading/history-clock.ts';
import type { OpType } from '../../history/op.ts';
import { encoded } from '../files/byte-writer.ts';
import { textOf } from '../run-source.ts';

/** Number of bytes of a line searched for its fields before the value. */
export const HEAD_BYTES = 240;
const HEAD =
  /^\{"index":(\d+),"time":(\d+),"type":"(invoke|ok|fail|info)","process":("nemesis"|\d+),"f":("(?:[^"\\]|\\.)*")/;

const VALUE_KEY = ',"value":';
export const OPERATION_TYPES: readonly OpType[] = ['invoke', 'ok', 'fail', 'info'];

export interface EntryHead {
  readonly index: number;
  readonly time: number;
  readonly type: OpType;
  readonly process: number | 'nemesis';
  readonly f: string;
}

/** Integers of up to this many digits are exact. */
const MOST_DIGITS = 15;
/** Maximum number of functions recognised by their bytes; more than any workload has. */
const MOST_KNOWN = 32;
const ZERO = 0x30;
const NEWLINE = 0x0a;

const INDEX = encoded('{"index":');
const TIME = encoded(',"time":');
const TYPES = OPERATION_TYPES.map((type) => ({ type, word: encoded(`,"type":"${type}","process":`) }));
const NEMESIS = encoded('"nemesis"');

/** Reads the fields before the value, fastest for lines with the field order in which we write them. */
export class EntryHeadReader {
  /** Number of bytes of the fields read last. */
  bytes = 0;
  private readonly clock = new HistoryClock();
  private readonly exact = new FastJsonOpReader(this.clock);
  /** The entry read last: one object reused for all lines. */
  private readonly head: { -readonly [Field in keyof EntryHead]: EntryHead[Field] } = {
    index: 0,
    time: 0,
    type: 'invoke',
    process: 0,
    f: '',
  };
  /** The functions seen so far, with the bytes by which they are recognised. */
  private readonly functions: { readonly f: string; readonly word: Uint8Array }[] = [];
  private readonly lastLine = new Uint8Array(2 * HEAD_BYTES);
  private at = 0;

  /**
   * Reads the line that begins at `start`, from the bytes before `end`. The returned object is valid until the next
   * call.
   */
  read(bytes: Uint8Array, start: number, end: number): EntryHead | undefined {
    if (end - start >= HEAD_BYTES)
      return this.plain(bytes, start) ?? this.other(bytes.subarray(start, start + HEAD_BYTES));
    // Copied with room behind it, so that no bounds need checking.
    const { lastLine } = this;
    lastLine.fill(0);
    lastLine.set(bytes.subarray(start, end));
    return this.plain(lastLine, 0) ?? this.other(lastLine.subarray(0, end - start));
  }

  /**
   * Reads a line in the usual form word by word, without allocating an object: this halves the time to read a history
   * of 1.2 million operations (bench/after-run.ts).
   */
  private plain(bytes: Uint8Array, start: number): EntryHead | undefined {
    this.at = start;
    if (!this.word(bytes, INDEX)) return undefined;
    const index = this.integer(bytes);
    if (index === -1 || !this.word(bytes, TIME)) return undefined;
    const time = this.integer(bytes);
    if (time === -1) return undefined;
    const type = this.type(bytes);
    if (type === undefined) return undefined;
    const process = this.word(bytes, NEMESIS) ? 'nemesis' : this.integer(bytes);
    if (process === -1) return undefined;
    const f = this.knownFunction(bytes);
    if (f === undefined) return undefined;
    const { head } = this;
    this.bytes = this.at - start - VALUE_KEY.length;
    head.index = index;
    head.time = this.clock.ofInteger(time);
    head.type = type;
    head.process = process;
    head.f = f;
    return head;
  }

  /** Reads a line with a new function, with times since 1970, or as other programs may write it. */
  private other(bytes: Uint8Array): EntryHead | undefined {
    const end = bytes.indexOf(NEWLINE);
    const line = end === -1 ? bytes : bytes.subarray(0, end);
    const outline = this.exact.outline(line, 0, line.length);
    if (outline !== undefined) {
      this.bytes = this.exact.position - VALUE_KEY.length;
      this.learn(outline.f);
      return outline;
    }
    const [all, index, time, type, process, f = ''] = HEAD.exec(textOf(line)) ?? [];
    if (all === undefined || !isType(type)) return undefined;
    this.bytes = encoded(all).length;
    return {
      index: Number(index),
      time: Number(time),
      type,
      process: process === '"nemesis"' ? 'nemesis' : Number(process),
      // Matched as a JSON string.
      f: JSON.parse(f) as string,
    };
  }

  private learn(f: string): void {
    const { functions } = this;
    if (functions.length === MOST_KNOWN || functions.some((known) => known.f === f)) return;
    functions.push({ f, word: encoded(`,"f":"${f}"${VALUE_KEY}`) });
  }

  private type(bytes: Uint8Array): OpType | undefined {
    for (const each of TYPES) if (this.word(bytes, each.word)) return each.type;
    return undefined;
  }

  private knownFunction(bytes: Uint8Array): string | undefined {
    for (const { f, word } of this.functions) if (this.word(bytes, word)) return f;
    return undefined;
  }

  private word(bytes: Uint8Array, word: Uint8Array): boolean {
    const { at } = this;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
    this.at = at + word.length;
    return true;
  }

  /** Reads a non-negative integer without leading zeros; returns -1 for anything else. */
  private integer(bytes: Uint8Array): number {
    let { at } = this;
    const from = at;
    let number = 0;
    for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - ZERO)
      number = 10 * number + digit;
    const digits = at - from;
    this.at = at;
    return digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[from] === ZERO) ? -1 : number;
  }
}

export const isType = (type: unknown): type is OpType => OPERATION_TYPES.some((each) => each === type);
