/**
 * Writes EDN over several lines, laid out as upstream's results are: scripts read those line by line. A collection that
 * does not fit on the rest of its line has each item, or each key with its value, on a line of its own. What follows it,
 * a bracket or a comma, does not count.
 */
import { RichValue } from '../protocol/json.ts';
import { EdnList, EdnMap, EdnSet, EdnTagged, writeEdn, type Edn } from './edn-value.ts';

/** Of a line in upstream's results. */
const WIDTH = 70;

/** Writes a value over several lines of at most about `width` characters, indented. */
export function writePrettyEdn(value: Edn, width = WIDTH): string {
  return pretty(value, 0, width);
}

/** Lays out every value once. Whether it fits is computed ahead, only as far as the line is wide. */
function pretty(value: Edn, column: number, width: number): string {
  if (!isContainer(value) || fits(value, width - column)) return writeEdn(value);
  if (value instanceof EdnMap) {
    const entries = value.entries.map(([key, field]) => {
      const name = writeEdn(key);
      return `${name} ${pretty(field, column + name.length + 2, width)}`;
    });
    return `{${entries.join(`,${newLine(column + 1)}`)}}`;
  }
  if (value instanceof EdnSet) return `#{${items(value.items, column + 2, width)}}`;
  if (value instanceof EdnList) return `(${items(value.items, column + 1, width)})`;
  if (value instanceof EdnTagged) {
    return `#${value.tag} ${pretty(value.value, column + value.tag.length + 2, width)}`;
  }
  return `[${items(value, column + 1, width)}]`;
}

const newLine = (column: number): string => `\n${' '.repeat(column)}`;

const items = (values: readonly Edn[], column: number, width: number): string =>
  values.map((value) => pretty(value, column, width)).join(newLine(column));

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
