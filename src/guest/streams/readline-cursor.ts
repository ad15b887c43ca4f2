/**
 * The functions of `node:readline` that move a terminal's cursor, and the class `Readline` of `readline/promises`, which
 * collects such moves: they write escape sequences to any stream, such as a progress line on stderr.
 */
import { nextTick } from '../time/event-loop.ts';
import { invalidValue, wrongArgument } from '../wrong-argument.ts';

interface Output {
  write(text: string, done?: () => void): boolean;
}

type Done = (error?: Error | null) => void;

const CSI = '\u001b[';
const CLEAR_SCREEN_DOWN = `${CSI}0J`;

function cursorText(x: unknown, y?: unknown): string {
  if (Number.isNaN(x)) throw invalidValue('x', x);
  if (Number.isNaN(y)) throw invalidValue('y', y);
  if (typeof x !== 'number') {
    if (typeof y !== 'number') return '';
    const error = new TypeError('Cannot set cursor row without setting its column');
    throw Object.assign(error, { code: 'ERR_INVALID_CURSOR_POS' });
  }
  return typeof y === 'number' ? `${CSI}${y + 1};${x + 1}H` : `${CSI}${x + 1}G`;
}

function moveText(dx: number, dy: number): string {
  const across = dx === 0 ? '' : `${CSI}${Math.abs(dx)}${dx < 0 ? 'D' : 'C'}`;
  const down = dy === 0 ? '' : `${CSI}${Math.abs(dy)}${dy < 0 ? 'A' : 'B'}`;
  return across + down;
}

/** Clears the line to the left of the cursor (-1), to its right (1), or all of it (0). */
const clearText = (direction: number): string => `${CSI}${direction < 0 ? 1 : direction > 0 ? 0 : 2}K`;

function put(output: Output | null | undefined, text: string, done?: Done): boolean {
  if (done !== undefined && typeof done !== 'function') throw wrongArgument('callback', 'function', done);
  if (output !== null && output !== undefined && text !== '') return output.write(text, done);
  if (done !== undefined) nextTick(() => done(null));
  return true;
}

export const cursorFunctions = {
  clearLine: (output: Output | null, direction: number, done?: Done): boolean =>
    put(output, clearText(direction), done),
  clearScreenDown: (output: Output | null, done?: Done): boolean => put(output, CLEAR_SCREEN_DOWN, done),
  cursorTo: (output: Output | null, x: number, y?: number | Done, done?: Done): boolean =>
    typeof y === 'function' ? put(output, cursorText(x), y) : put(output, cursorText(x, y), done),
  moveCursor: (output: Output | null, dx: number, dy: number, done?: Done): boolean =>
    put(output, moveText(dx, dy), done),
};

/** Collects moves of the cursor until `commit`, or writes each at once with `autoCommit`. */
export class Readline {
  #text = '';
  readonly #output: Output;
  readonly #isImmediate: boolean;
  constructor(output: Output, options?: { readonly autoCommit?: boolean }) {
    if (typeof output?.write !== 'function') throw wrongArgument('stream', 'an instance of Writable', output);
    this.#output = output;
    this.#isImmediate = options?.autoCommit === true;
  }
  cursorTo(x: number, y?: number): this {
    return this.#add(cursorText(x, y));
  }
  moveCursor(dx: number, dy: number): this {
    return this.#add(moveText(dx, dy));
  }
  clearLine(direction: number): this {
    return this.#add(clearText(direction));
  }
  clearScreenDown(): this {
    return this.#add(CLEAR_SCREEN_DOWN);
  }
  commit(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    return new Promise((resolve) => void this.#output.write(text, resolve));
  }
  rollback(): this {
    this.#text = '';
    return this;
  }
  #add(text: string): this {
    if (this.#isImmediate) nextTick(() => void this.#output.write(text));
    else this.#text += text;
    return this;
  }
}
