/**
 * Reads an operation from the bytes of its EDN as Jepsen and this project write it: a map, plain or tagged
 * `#jepsen.history.Op`, with the six fields in any order and words as keywords. Four times as fast as going through EDN
 * values (bench/check-file.ts).
 */
import { keyword } from '../../edn/edn-value.ts';
import type { Json } from '../../protocol/json.ts';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DEEPEST,
  FastOpReader,
  MINUS,
  NINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  TOO_HARD,
  typeOf,
  wordOf,
  ZERO,
} from './fast-op.ts';
import { isTransactional, withNamedMicroOps } from '../micro-ops.ts';
import type { Op, OpType, Process } from '../op.ts';

const HASH = 0x23;
const SEMICOLON = 0x3b;
const OPEN_LIST = 0x28;
const CLOSE_LIST = 0x29;
const LONGEST_KEYWORD = 32;

/** Each field occurs at most once: a map with a duplicate key is an error, which the exact reader reports. */
const FIELDS = ['index', 'time', 'type', 'process', 'f', 'value'];

export class FastEdnOpReader extends FastOpReader {
  /** True while the value of a transaction is being read. */
  private isTransaction = false;

  protected operation(position: number, defaultF: string | undefined): Op | undefined {
    let index = position;
    let time = 0;
    let type: OpType | undefined;
    let process: Process | undefined;
    let f = defaultF;
    let value: Json = null;
    let seen = 0;
    this.isTransaction = false;
    if (this.token() === HASH && !this.word('#jepsen.history.Op')) return undefined;
    this.expect(OPEN_OBJECT);
    while (this.token() !== CLOSE_OBJECT) {
      const key = this.keyword();
      const field = 1 << FIELDS.indexOf(key);
      if ((seen & field) !== 0) return undefined;
      seen |= field;
      switch (key) {
        case 'index':
          index = this.wholeInteger();
          break;
        case 'time':
          time = this.ended(this.time());
          break;
        case 'type':
          type = typeOf(this.keyword());
          break;
        case 'process':
          process = this.process();
          break;
        case 'f':
          f = this.token() === QUOTE ? wordOf(this.wholeString()) : this.keyword();
          break;
        case 'value':
          this.isTransaction = isTransactional(f);
          value = this.value(0);
          break;
        default:
          return undefined;
      }
    }
    this.at++;
    // If f followed the value, the value was read without knowing that it holds micro-operations.
    if (isTransactional(f) && !this.isTransaction) value = withNamedMicroOps(value);
    // These are rare, and their keywords are read differently.
    if (process === 'nemesis' && value !== null) return undefined;
    if (!this.isOver() || type === undefined || process === undefined || f === undefined) return undefined;
    return { index, time, type, process, f, value };
  }

  protected isBlank(byte: number): boolean {
    return byte === 0x20 || byte === COMMA || byte === 0x0a || byte === 0x0d || byte === 0x09;
  }

  private process(): Process {
    if (this.token() !== COLON) return this.wholeInteger();
    if (this.keyword() === 'nemesis') return 'nemesis';
    throw TOO_HARD;
  }

  private value(depth: number): Json {
    const first = this.token();
    if (first === OPEN_ARRAY) return this.sequence(CLOSE_ARRAY, depth);
    if (first === OPEN_LIST) return this.sequence(CLOSE_LIST, depth);
    if (first === COLON) return keyword(this.keyword());
    if (first === QUOTE) return this.wholeString();
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.wholeInteger();
    if (this.word('nil')) return this.ended(null);
    if (this.word('true')) return this.ended(true);
    if (this.word('false')) return this.ended(false);
    throw TOO_HARD;
  }

  private sequence(closer: number, depth: number): Json {
    if (depth > DEEPEST) throw TOO_HARD;
    this.at++;
    const items: Json[] = [];
    if (depth === 1 && this.isTransaction && this.token() === COLON) items.push(this.keyword());
    while (this.token() !== closer) items.push(this.value(depth + 1));
    this.at++;
    return items;
  }

  private wholeInteger(): number {
    return this.ended(this.integer());
  }

  private wholeString(): string {
    return this.ended(this.string());
  }

  /** Reads a keyword and returns its name. */
  private keyword(): string {
    this.expect(COLON);
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let hash = 0;
    for (; at < this.end; at++) {
      const byte = bytes[at] ?? 0;
      if (!isWordByte(byte)) break;
      hash = (hash * 31 + byte) | 0;
    }
    if (at === start || at - start > LONGEST_KEYWORD) throw TOO_HARD;
    this.at = at;
    return this.ended(this.interned(start, at, hash));
  }

  /** Gives up unless the token ends here: 12abc is not a number. */
  private ended<T>(value: T): T {
    if (this.at >= this.end) return value;
    const byte = this.bytes[this.at] ?? 0;
    const isOver =
      this.isBlank(byte) ||
      byte === CLOSE_ARRAY ||
      byte === CLOSE_OBJECT ||
      byte === CLOSE_LIST ||
      byte === SEMICOLON;
    if (!isOver) throw TOO_HARD;
    return value;
  }
}

/** Letters, digits, and the other characters in names that Jepsen uses: `cas`, `final-read`, `valid?`. */
const isWordByte = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= ZERO && byte <= NINE) ||
  byte === MINUS ||
  byte === 0x5f ||
  byte === 0x3f;
