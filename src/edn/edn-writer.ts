/** Writes EDN: on one line for machines, over several lines for people. */
import { JsonNumber } from '../protocol/json.ts';
import { CHARACTER_NAMES } from './edn-token.ts';
import {
  EdnChar,
  EdnDecimal,
  EdnList,
  EdnMap,
  EdnRatio,
  EdnSet,
  EdnSymbol,
  EdnTagged,
  Keyword,
  type Edn,
} from './edn-value.ts';

/** Writes a value on one line; `readEdn(writeEdn(x))` equals `x`. */
export function writeEdn(value: Edn): string {
  if (typeof value === 'string') return writeEdnString(value);
  if (typeof value === 'number') return writeEdnNumber(value);
  if (typeof value === 'bigint') return writeEdnInteger(value);
  if (typeof value === 'boolean') return String(value);
  if (value === null) return 'nil';
  if (value instanceof Keyword) return `:${value.name}`;
  if (value instanceof EdnSymbol) return value.name;
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof EdnChar) return writeCharacter(value.char);
  if (value instanceof EdnRatio) return `${value.numerator}/${value.denominator}`;
  if (value instanceof EdnDecimal) return `${value.text}M`;
  if (value instanceof EdnTagged) return `#${value.tag} ${writeEdn(value.value)}`;
  if (value instanceof EdnList) return `(${value.items.map(writeEdn).join(' ')})`;
  if (value instanceof EdnSet) return `#{${value.items.map(writeEdn).join(' ')}}`;
  if (value instanceof EdnMap) {
    return `{${value.entries.map(([key, field]) => `${writeEdn(key)} ${writeEdn(field)}`).join(', ')}}`;
  }
  return `[${value.map(writeEdn).join(' ')}]`;
}

/** A string literal: JSON's escapes are all EDN's too. */
export function writeEdnString(text: string): string {
  return JSON.stringify(text);
}

const LONG = 2n ** 63n;

/** An integer; with N when it is beyond 64 bits, as Clojure writes those. */
export function writeEdnInteger(value: bigint): string {
  return value >= -LONG && value < LONG ? value.toString() : `${value}N`;
}

export function writeEdnNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value)) return writeEdnInteger(BigInt(value));
  if (Number.isNaN(value)) return '##NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '##Inf' : '##-Inf';
}

function writeCharacter(character: string): string {
  const name = CHARACTER_NAMES.get(character);
  if (name !== undefined) return `\\${name}`;
  // Visible ones as themselves.
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `\\${character}`;
  return character.length === 1
    ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    : `\\${character}`;
}

/** The same over several lines of at most about `width` characters, indented, for results that people read. */
export function writePrettyEdn(value: Edn, width = 100): string {
  return pretty(value, 0, width);
}

function pretty(value: Edn, column: number, width: number): string {
  const flat = writeEdn(value);
  if (column + flat.length <= width) return flat;
  if (value instanceof EdnMap) {
    const entries = value.entries.map(([key, field]) => {
      const name = writeEdn(key);
      const beside = `${name} ${pretty(field, column + name.length + 2, width)}`;
      // A deep value under its key wastes less of the line than beside a long one.
      return name.length > 20 && beside.includes('\n')
        ? `${name}\n${' '.repeat(column + 1)}${pretty(field, column + 1, width)}`
        : beside;
    });
    return `{${entries.join(`,\n${' '.repeat(column + 1)}`)}}`;
  }
  if (value instanceof EdnSet) return `#{${items(value.items, column + 2, width)}}`;
  if (value instanceof EdnList) return `(${items(value.items, column + 1, width)})`;
  if (value instanceof EdnTagged) {
    return `#${value.tag} ${pretty(value.value, column + value.tag.length + 2, width)}`;
  }
  return Array.isArray(value) ? `[${items(value as readonly Edn[], column + 1, width)}]` : flat; // Array.isArray forgets readonly
}

/** Short items several to a line, long ones each on its own. */
function items(values: readonly Edn[], column: number, width: number): string {
  const texts = values.map((value) => pretty(value, column, width));
  const indent = `\n${' '.repeat(column)}`;
  if (texts.some((text) => text.length > 20)) return texts.join(indent);
  let result = '';
  let used = column;
  for (const text of texts) {
    if (result !== '' && used + 1 + text.length > width) {
      result += indent + text;
      used = column + text.length;
    } else {
      result += result === '' ? text : ` ${text}`;
      used += text.length + 1;
    }
  }
  return result;
}
