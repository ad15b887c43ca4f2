/** Differences between two states of a node, which it shows as JSON: the paths that changed, outermost first. */
import type { Listed, StateChange } from '../../recording/travel-view.ts';

const MOST_CHANGES = 100;
const LONGEST_TEXT = 1000;
/** Values nested deeper are compared as a whole. */
const DEEPEST = 20;

type Path = readonly (string | number)[];

/** Compares two states; undefined means no state. */
export function stateChanges(before: string | undefined, after: string | undefined): Listed<StateChange> {
  if (before === after) return NO_CHANGES;
  const comparison = new Comparison();
  comparison.compare(parsed(before), parsed(after), []);
  return { first: comparison.changes, total: comparison.total };
}

export const NO_CHANGES: Listed<StateChange> = { first: [], total: 0 };

/** The text comes from JSON.stringify, so it parses. */
const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

class Comparison {
  readonly changes: StateChange[] = [];
  total = 0;

  compare(before: unknown, after: unknown, path: Path): void {
    if (before === after) return;
    if (path.length < DEEPEST) {
      if (Array.isArray(before) && Array.isArray(after)) return this.compareLists(before, after, path);
      if (isObject(before) && isObject(after)) return this.compareObjects(before, after, path);
    }
    const [was, is] = [textOf(before), textOf(after)];
    if (was === is) return;
    this.total++;
    if (this.changes.length >= MOST_CHANGES) return;
    this.changes.push({
      path,
      ...(was === undefined ? {} : { before: shortened(was) }),
      ...(is === undefined ? {} : { after: shortened(is) }),
    });
  }

  private compareObjects(
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    path: Path,
  ): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      this.compare(ownOf(before, key), ownOf(after, key), [...path, key]);
  }

  /**
   * For lists of different lengths, skips the elements that are equal at both ends, so that an element added at the
   * front does not change all others.
   */
  private compareLists(before: readonly unknown[], after: readonly unknown[], path: Path): void {
    const { head, tail } = before.length === after.length ? NOTHING : sameEnds(before, after);
    const longer = Math.max(before.length, after.length) - tail;
    for (let at = head; at < longer; at++) {
      const was = at < before.length - tail ? before[at] : undefined;
      const is = at < after.length - tail ? after[at] : undefined;
      this.compare(was, is, [...path, at]);
    }
  }
}

const NOTHING = { head: 0, tail: 0 };

/** Returns the number of equal elements at the beginning and, among the rest, at the end. */
function sameEnds(one: readonly unknown[], other: readonly unknown[]): typeof NOTHING {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && isSame(one[head], other[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(one.at(-1 - tail), other.at(-1 - tail))) tail++;
  return { head, tail };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Avoids inherited properties: a node's state may have a key such as `__proto__`. */
const ownOf = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const isSame = (one: unknown, other: unknown): boolean => one === other || textOf(one) === textOf(other);

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

const shortened = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`;
