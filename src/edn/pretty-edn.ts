/** Writes EDN over several lines, for people. */
import { EdnList, EdnMap, EdnSet, EdnTagged, writeEdn, type Edn } from './edn-value.ts';

/** A value over several lines of at most about `width` characters, indented, for results that people read. */
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
