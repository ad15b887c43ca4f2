/**
 * Reads EDN, the notation of Jepsen's histories and results.
 *
 * Strict where a mistake could change a verdict: unterminated input, odd maps, duplicate keys and unknown notation are
 * errors with line and column. Metadata (`^{...}`) is read and dropped. Nesting is limited, so hostile input cannot
 * overflow the stack. The grammar of single tokens (numbers, characters, ...) is in edn-token.ts.
 */
import { endOfString, readCharacter, readNumber, readString } from './edn-token.ts';
import { canonicalJson } from '../protocol/json.ts';
import {
  EdnList,
  EdnMap,
  EdnRegex,
  EdnSet,
  EdnSymbol,
  EdnTagged,
  Keyword,
  writeEdn,
  type Edn,
} from './edn-value.ts';

/** What is wrong with an EDN text, and where; lines and columns count from 1. */
export class EdnSyntaxError extends SyntaxError {
  override readonly name = 'EdnSyntaxError';
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${message} at line ${line}, column ${column}`);
  }
}

/** A form and where it begins. */
export interface EdnForm {
  readonly value: Edn;
  readonly line: number;
  readonly column: number;
}

/** Maximum nesting of collections. */
const DEEPEST_NESTING = 1000;

/** A token: everything up to a space, a comma, a bracket, a quote or a comment. */
const TOKEN = /[^\s,()[\]{}";]*/y;
const SPACE = /[\s,]*/y;

/** Marks "no form here" while reading, because every Edn value is a possible form. */
const NOTHING = Symbol('nothing');

/** Reads the top-level forms of a text one after another. */
export class EdnReader {
  private at = 0;
  private depth = 0;
  // The last requested position. Positions are requested in ascending order, so counting continues from here.
  private countedTo = 0;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly text: string) {}

  /** Returns the next form, or undefined at the end. Throws `EdnSyntaxError`. */
  next(): EdnForm | undefined {
    for (;;) {
      this.space();
      const start = this.at;
      if (start >= this.text.length) return undefined;
      const { line, column } = this.position(start);
      const value = this.form();
      if (value !== NOTHING) return { value, line, column };
    }
  }

  /** Reads one form; returns `NOTHING` for a discarded one. */
  private form(): Edn | typeof NOTHING {
    this.space();
    const start = this.at;
    const character = this.text.charAt(start);
    switch (character) {
      case '':
        throw this.error('the text ends where a value was expected', start);
      case '{':
        return this.map('');
      case '[':
        return this.sequence(']');
      case '(':
        return new EdnList(this.sequence(')'));
      case '"':
        return this.string();
      case ':':
        return this.keyword();
      case '\\':
        return this.character();
      case '#':
        return this.dispatch();
      case '^':
        this.at++;
        this.value();
        return this.value();
      case '}':
      case ']':
      case ')':
        throw this.error(`${character} without its opening bracket`, start);
      default:
        return this.numberOrSymbol();
    }
  }

  /** Reads one required form, skipping discarded ones. */
  private value(): Edn {
    this.enter();
    let value = this.form();
    while (value === NOTHING) value = this.form();
    this.depth--;
    return value;
  }

  /** Reads the forms up to the closing bracket. */
  private sequence(closer: string): Edn[] {
    const start = this.at;
    this.enter();
    this.at++;
    const items: Edn[] = [];
    for (;;) {
      this.space();
      if (this.at >= this.text.length) {
        const { line, column } = this.position(start);
        throw this.error(
          `the text ends inside what ${this.text.charAt(start)} began at line ${line}, column ${column}`,
          this.at,
        );
      }
      if (this.text.charAt(this.at) === closer) break;
      const item = this.form();
      if (item !== NOTHING) items.push(item);
    }
    this.at++;
    this.depth--;
    return items;
  }

  private map(namespace: string): EdnMap {
    const start = this.at;
    const items = this.sequence('}');
    if (items.length % 2 !== 0) throw this.error('a map with a key that has no value', start);
    const entries: [Edn, Edn][] = [];
    for (let index = 0; index < items.length; index += 2) {
      entries.push([qualified(items[index] ?? null, namespace), items[index + 1] ?? null]);
    }
    this.refuseDuplicates(
      entries.map(([key]) => key),
      'key',
      start,
    );
    return new EdnMap(entries);
  }

  private set(): EdnSet {
    const start = this.at;
    const items = this.sequence('}');
    this.refuseDuplicates(items, 'element', start);
    return new EdnSet(items);
  }

  private refuseDuplicates(keys: readonly Edn[], what: string, start: number): void {
    if (keys.length < 2) return;
    if (keys.every((key) => typeof key !== 'object') && new Set(keys).size === keys.length) return;
    const seen = new Set<string>();
    for (const key of keys) {
      const text = canonicalJson(key);
      if (seen.has(text)) {
        throw this.error(`the ${what} ${writeEdn(key).slice(0, 50)} twice`, start);
      }
      seen.add(text);
    }
  }

  private dispatch(): Edn | typeof NOTHING {
    const start = this.at;
    this.at++;
    const character = this.text.charAt(this.at);
    if (character === '{') return this.set();
    if (character === '"') return this.regex();
    if (character === '_') {
      this.at++;
      this.value();
      return NOTHING;
    }
    if (character === '#') {
      this.at++;
      const name = this.token();
      if (name === 'Inf') return Infinity;
      if (name === '-Inf') return -Infinity;
      if (name === 'NaN') return NaN;
      throw this.error(`##${name} is unknown; there are ##Inf, ##-Inf and ##NaN`, start);
    }
    const tag = this.token();
    if (tag.startsWith(':') && this.text.charAt(this.at) === '{') return this.map(tag.slice(1));
    if (tag === '' && this.at >= this.text.length) throw this.error('the text ends after #', this.at);
    if (!/^\p{L}/u.test(tag)) throw this.error(whyNoTag(tag || this.text.charAt(this.at)), start);
    return new EdnTagged(tag, this.value());
  }

  private keyword(): Keyword {
    const start = this.at;
    this.at++;
    const name = this.token();
    if (name === '' || name.startsWith(':') || name.endsWith('/')) {
      const why = name.startsWith(':') ? ': its namespace is known only to the program that wrote it' : '';
      throw this.error(`:${name} is no keyword${why}`, start);
    }
    return Keyword.of(name);
  }

  private character(): Edn {
    const start = this.at;
    // The character itself may be one that ends tokens, such as \( or \,.
    this.at += 1 + String.fromCodePoint(this.text.codePointAt(start + 1) ?? 0x20).length;
    this.token();
    const token = this.text.slice(start + 1, this.at);
    const value = readCharacter(token);
    if (value === undefined) throw this.error(`\\${token} is no character`, start);
    return value;
  }

  private string(): string {
    const start = this.at;
    const result = readString(this.text, start);
    if (typeof result.value === 'string') {
      this.at = result.end;
      return result.value;
    }
    if (result.end >= this.text.length) throw this.error('a string that does not end, begun', start);
    throw this.error('an unknown escape in a string', result.end);
  }

  private regex(): EdnRegex {
    const start = this.at;
    const end = endOfString(this.text, start);
    if (end === -1) throw this.error('a regular expression that does not end, begun', start - 1);
    this.at = end + 1;
    return new EdnRegex(this.text.slice(start + 1, end));
  }

  private numberOrSymbol(): Edn {
    const start = this.at;
    const token = this.token();
    if (token === 'nil') return null;
    if (token === 'true') return true;
    if (token === 'false') return false;
    if (/^[+-]?\d/.test(token)) {
      const number = readNumber(token);
      if (number === undefined) {
        throw this.error(`${token.slice(0, 50)} is no number`, start);
      }
      return number;
    }
    if (!/^[\p{L}*+!_?<>=.&$%/|'-]/u.test(token)) {
      const [shown = ''] = this.text.slice(start, start + 2);
      throw this.error(`${JSON.stringify(shown)} cannot begin a value`, start);
    }
    return new EdnSymbol(token);
  }

  private token(): string {
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text)?.[0] ?? '';
    this.at += token.length;
    return token;
  }

  private space(): void {
    // Usually there is one space, or none.
    if (this.text.charCodeAt(this.at) === 0x20) this.at++;
    const code = this.text.charCodeAt(this.at);
    if (code > 0x20 && code !== 0x2c && code !== 0x3b && code < 0x80) return;
    for (;;) {
      SPACE.lastIndex = this.at;
      this.at += SPACE.exec(this.text)?.[0].length ?? 0;
      if (this.text.charAt(this.at) !== ';') return;
      const newline = this.text.indexOf('\n', this.at);
      this.at = newline === -1 ? this.text.length : newline;
    }
  }

  private enter(): void {
    this.depth++;
    if (this.depth > DEEPEST_NESTING) {
      throw this.error(`nested more than ${DEEPEST_NESTING} levels deep`, this.at);
    }
  }

  private error(message: string, at: number): EdnSyntaxError {
    const { line, column } = this.position(at);
    return new EdnSyntaxError(message, line, column);
  }

  private position(at: number): { line: number; column: number } {
    if (at < this.countedTo) {
      this.countedTo = 0;
      this.line = 1;
      this.lineStart = 0;
    }
    for (
      let newline = this.text.indexOf('\n', this.countedTo);
      newline !== -1 && newline < at;
      newline = this.text.indexOf('\n', newline + 1)
    ) {
      this.line++;
      this.lineStart = newline + 1;
    }
    this.countedTo = at;
    return { line: this.line, column: at - this.lineStart + 1 };
  }
}

/** Returns why what follows a # is no tag. Code is never evaluated. */
function whyNoTag(tag: string): string {
  switch (tag.charAt(0)) {
    case '=':
      return '#= is code that Clojure would evaluate as it reads, which is never done here: write the value itself';
    case '(':
      return '#( begins a function of Clojure, which is no EDN';
    case "'":
      return `#${tag} is a variable of Clojure, which is no EDN`;
    default:
      return `#${tag} is no EDN`;
  }
}

/** In `#:ns{:a 1 :_/b 2}` keywords without a namespace get `ns`, and those with the namespace `_` get none. */
function qualified(key: Edn, namespace: string): Edn {
  if (namespace === '' || !(key instanceof Keyword)) return key;
  if (key.name.startsWith('_/')) return Keyword.of(key.name.slice(2));
  return key.name.includes('/') ? key : Keyword.of(`${namespace}/${key.name}`);
}

/** Reads the single form of a text. Throws `EdnSyntaxError` when there is none, or more than one. */
export function readEdn(text: string): Edn {
  const reader = new EdnReader(text);
  const form = reader.next();
  if (form === undefined) throw new EdnSyntaxError('there is no value in the text', 1, 1);
  const second = reader.next();
  if (second !== undefined) {
    throw new EdnSyntaxError('a second value where one was expected', second.line, second.column);
  }
  return form.value;
}
