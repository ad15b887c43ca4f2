/**
 * Reads an operation from the bytes of its JSON, with the six fields in any order. For histories of millions of operations:
 * it takes half as long as decoding and parsing (bench/check-file.ts).
 */
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
import type { Op, OpType, Process } from '../op.ts';

export class FastJsonOpReader extends FastOpReader {
  protected operation(position: number, defaultF: string | undefined): Op | undefined {
    let index = position;
    let time = 0;
    let type: OpType | undefined;
    let process: Process | undefined;
    let f = defaultF;
    let value: Json = null;
    this.expect(OPEN_OBJECT);
    for (;;) {
      const key = this.string();
      this.expect(COLON);
      switch (key) {
        case 'index':
          index = this.integer();
          break;
        case 'time':
          time = this.time();
          break;
        case 'type':
          type = typeOf(this.string());
          break;
        case 'process':
          process = this.process();
          break;
        case 'f':
          f = wordOf(this.string());
          break;
        case 'value':
          value = this.value(0);
          break;
        default:
          return undefined;
      }
      const next = this.token();
      this.at++;
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return undefined;
    }
    if (!this.isOver() || type === undefined || process === undefined || f === undefined) return undefined;
    return { index, time, type, process, f, value };
  }

  /**
   * Reads the operation up to its value, if it is written as opToJsonLine writes it. Reading only the times and outcomes
   * of a history takes a fifth of the time (bench/after-run.ts).
   */
  outline(bytes: Uint8Array, start: number, end: number): Op | undefined {
    this.begin(bytes, start, end);
    try {
      return this.plainOutline();
    } catch (error) {
      if (error === TOO_HARD) return undefined;
      throw error;
    }
  }

  private plainOutline(): Op | undefined {
    if (!this.word('{"index":')) return undefined;
    const index = this.integer();
    if (!this.word(',"time":')) return undefined;
    const time = this.time();
    if (!this.word(',"type":')) return undefined;
    const type = typeOf(this.string());
    if (!this.word(',"process":')) return undefined;
    const process = this.process();
    if (!this.word(',"f":')) return undefined;
    const f = this.string();
    return this.word(',"value":') ? { index, time, type, process, f, value: null } : undefined;
  }

  private process(): Process {
    if (this.token() !== QUOTE) return this.integer();
    if (this.string() === 'nemesis') return 'nemesis';
    throw TOO_HARD;
  }

  private value(depth: number): Json {
    const first = this.token();
    if (first === OPEN_ARRAY) return this.array(depth);
    if (first === QUOTE) return this.string();
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.integer();
    if (this.word('null')) return null;
    if (this.word('true')) return true;
    if (this.word('false')) return false;
    throw TOO_HARD;
  }

  private array(depth: number): Json {
    if (depth > DEEPEST) throw TOO_HARD;
    this.at++;
    const items: Json[] = [];
    if (this.token() === CLOSE_ARRAY) {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      const next = this.token();
      this.at++;
      if (next === CLOSE_ARRAY) return items;
      if (next !== COMMA) throw TOO_HARD;
    }
  }

  protected isBlank(byte: number): boolean {
    return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
  }
}
