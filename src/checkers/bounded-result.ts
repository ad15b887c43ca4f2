/**
 * Shortens what a result quotes from a history: a 20 KB reply that is quoted a thousand times, or nested so deeply that
 * each level takes a line, must not become hundreds of megabytes of results, logs and pages.
 *
 * Counts, names and lists of plain elements are not quotes and stay whole. Each cut is marked in place.
 */
import type { Op } from '../history/op.ts';
import { JsonNumber, RichValue, stringifyJson, type Json } from '../protocol/json.ts';
import { isOp, isResultMap, type CheckResult, type ResultValue } from './checker.ts';
import { renamedKeys } from './result-keys.ts';

/** Results alone nest to about ten levels; anything deeper comes from a node. */
const DEEPEST = 24;
const LONGEST_TEXT = 16 * 1024;
const LONGEST_KEY = 500;
/** Maximum characters of one operation's value, and of all quotes together. */
const QUOTED_BY_OPERATION = 64 * 1024;
const QUOTED_IN_ALL = 8 * 1024 * 1024;
/** Length of each quote once these are used up. */
const BRIEF_TEXT = 200;
const BRIEF_ITEMS = 16;
/** Plain elements down to this level belong to a list of the result itself, such as `lost`. */
const LIST_LEVEL = 4;

interface Room {
  left: number;
}

/** Returns the entries of a result's list without the note at its end that says how many were cut. */
export const withoutNote = <Entry extends object>(list: readonly Entry[]): readonly Entry[] =>
  list.filter((entry) => typeof entry === 'object');

/** True if the map of a result lists the key under this name, which for a long key is its beginning and a number. */
export const isNameOfKey = (name: string, key: string): boolean =>
  name === key || (key.length > LONGEST_KEY && name.startsWith(`${cut(key, LONGEST_KEY)} #`));

/** Returns the result with long quotes cut; the same object if there are none. */
export function boundedResult<Result extends CheckResult>(result: Result): Result {
  // Cutting replaces values with text and shortens long lists, so the type stays the same.
  return bounded(result, 0, [{ left: QUOTED_IN_ALL }]) as Result;
}

function bounded(value: ResultValue, depth: number, rooms: readonly Room[]): ResultValue {
  if (typeof value === 'string') return boundedText(value, rooms);
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value instanceof JsonNumber) {
    if (depth > LIST_LEVEL) take(rooms, stringifyJson(value).length);
    return value;
  }
  if (value instanceof RichValue) {
    const written = String(value);
    take(rooms, written.length);
    return written.length > LONGEST_TEXT ? cut(written, LONGEST_TEXT) : value;
  }
  if (depth > DEEPEST) return cut(stringifyJson(value as Json), BRIEF_TEXT);
  if (isOp(value)) return boundedOperation(value, depth, rooms);
  if (Array.isArray(value)) return boundedList(value as readonly ResultValue[], depth, rooms);
  return isResultMap(value) ? boundedMap(value, depth, rooms) : value;
}

function boundedOperation(op: Op, depth: number, rooms: readonly Room[]): Op {
  const own = [...rooms, { left: QUOTED_BY_OPERATION }];
  // Bounded Json is still Json.
  const value = bounded(op.value, Math.max(depth, LIST_LEVEL) + 1, own) as Json;
  const error = op.error === undefined ? undefined : (bounded(op.error, depth + 1, own) as Json);
  if (value === op.value && error === op.error) return op;
  return { ...op, value, ...(error === undefined ? {} : { error }) };
}

function boundedList(
  list: readonly ResultValue[],
  depth: number,
  rooms: readonly Room[],
): readonly ResultValue[] {
  const kept: ResultValue[] = [];
  let changed = false;
  for (const item of list) {
    if (isFull(rooms) && kept.length >= BRIEF_ITEMS) {
      kept.push(`... and ${list.length - kept.length} more`);
      return kept;
    }
    const shown = bounded(item, depth + 1, rooms);
    changed ||= shown !== item;
    kept.push(shown);
    take(rooms, depth > LIST_LEVEL ? 1 : 0);
  }
  return changed ? kept : list;
}

function boundedMap(
  map: { readonly [key: string]: ResultValue },
  depth: number,
  rooms: readonly Room[],
): { readonly [key: string]: ResultValue } {
  const kept: [key: string, name: string, item: ResultValue][] = [];
  let changed = false;
  for (const [key, item] of Object.entries(map)) {
    // The structure of the results themselves is never left out.
    if (depth > LIST_LEVEL && isFull(rooms) && kept.length >= BRIEF_ITEMS) {
      changed = true;
      break;
    }
    const name = key.length > LONGEST_KEY ? `${cut(key, LONGEST_KEY)} #${kept.length}` : key;
    const shown = bounded(item, depth + 1, rooms);
    changed ||= shown !== item || name !== key;
    kept.push([key, name, shown]);
    take(rooms, depth > LIST_LEVEL ? name.length : 0);
  }
  return changed ? renamedKeys(map, kept) : map;
}

function boundedText(text: string, rooms: readonly Room[]): string {
  const most = isFull(rooms) ? BRIEF_TEXT : LONGEST_TEXT;
  take(rooms, Math.min(text.length, most));
  return text.length > most ? cut(text, most) : text;
}

function take(rooms: readonly Room[], characters: number): void {
  for (const room of rooms) room.left -= characters;
}

const isFull = (rooms: readonly Room[]): boolean => rooms.some((room) => room.left <= 0);

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}... (${text.length} characters)`;
