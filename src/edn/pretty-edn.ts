/** Writes EDN over several lines, for people. */
import { RichValue } from '../protocol/json.ts';
import { EdnList, EdnMap, EdnSet, EdnTagged, writeEdn, type Edn } from './edn-value.ts';

/** A key longer than this has its value on the next line if the value takes several lines. */
const LONG_KEY = 20;

/** Writes a value over several lines of at most about `width` characters, indented, for people to read. */
export function writePrettyEdn(value: Edn, width = 100): string {
  return pretty(value, 0, width);
}

/** Lays out every value once. Whether it fits is computed ahead, only as far as the line is wide. */
function pretty(value: Edn, column: number, width: number): string {
  if (!isContainer(value) || fits(value, width - column)) return writeEdn(value);
  if (value instanceof EdnMap) {
    const indent = `\n${' '.repeat(column + 1)}`;
    const entries = value.entries.map(([key, field]) => {
      const name = writeEdn(key);
      const beside = column + name.length + 2;
      // Below a long key, a deep value wastes less of the line than next to it.
      const isUnder = name.length > LONG_KEY && isContainer(field) && !fits(field, width - beside);
      return isUnder
        ? `${name}${indent}${pretty(field, column + 1, width)}`
        : `${name} ${pretty(field, beside, width)}`;
    });
    return `{${entries.join(`,${indent}`)}}`;
  }
  if (value instanceof EdnSet) return `#{${items(value.items, column + 2, width)}}`;
  if (value instanceof EdnList) return `(${items(value.items, column + 1, width)})`;
  if (value instanceof EdnTagged) {
    return `#${value.tag} ${pretty(value.value, column + value.tag.length + 2, width)}`;
  }
  return `[${items(value, column + 1, width)}]`;
}

type Container = EdnMap | EdnSet | EdnList | EdnTagged | readonly Edn[];

function isContainer(value: Edn): value is Container {
  if (Array.isArray(value)) return true;
  return (
    value instanceof EdnMap ||
    value instanceof EdnSet ||
    value instanceof EdnList ||
    value instanceof EdnTagged
  );
}

/** Whether `writeEdn(value)` has at most `room` characters. */
function fits(value: Edn, room: number): boolean {
  return roomLeft(value, room) >= 0;
}

/**
 * Returns the room that is left after `writeEdn(value)`; stops and returns a negative number once the room is used up.
 */
function roomLeft(value: Edn, room: number): number {
  if (value instanceof EdnMap) {
    let left = room - (value.entries.length === 0 ? 2 : 0);
    for (const [key, field] of value.entries) {
      // Braces or a comma and a space; the space between key and value.
      left = roomLeft(field, roomLeft(key, left - 3));
      if (left < 0) return left;
    }
    return left;
  }
  if (value instanceof EdnSet) return afterItems(value.items, room - 1);
  if (value instanceof EdnList) return afterItems(value.items, room);
  if (value instanceof EdnTagged) return roomLeft(value.value, room - value.tag.length - 2);
  if (Array.isArray(value)) return afterItems(value as readonly Edn[], room); // Array.isArray loses readonly
  // A long text is too long without being written out.
  if (typeof value === 'string' && value.length > room) return -1;
  return room - (value instanceof RichValue ? String(value) : writeEdn(value)).length;
}

function afterItems(values: readonly Edn[], room: number): number {
  // Brackets, and spaces between.
  let left = room - 2 - Math.max(0, values.length - 1);
  for (const value of values) {
    if (left < 0) return left;
    left = roomLeft(value, left);
  }
  return left;
}

/** Puts several short items on a line, and long ones each on its own. */
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
