/** The micro-operations of a transaction in words: `append 3 1, r 3`. */
import { elementsOf, isJsonArray, jsonEquals, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueInWords, type Followed } from '../../protocol/value-text.ts';

export type MicroOps = readonly (readonly Json[])[];

/** Returns the micro-operations of a transaction: lists that begin with a word. */
export function microOps(value: Json): MicroOps | undefined {
  if (!isJsonArray(value) || value.length === 0) return undefined;
  const lists = value.map((mop) => elementsOf(mop));
  return lists.every((mop) => mop !== undefined && wordOf(mop[0]) !== undefined)
    ? lists.filter((mop) => mop !== undefined)
    : undefined;
}

/** Values that are not known yet are omitted; in a result they are shown. */
export function mopsText(mops: MicroOps, followed: Followed, isResult = false): string {
  const show = (part: Json): string | undefined =>
    part === null && !isResult ? undefined : valueInWords(part, followed);
  return mops
    .map(([f, ...rest]) =>
      [shownText(wordOf(f) ?? '?', 20), ...rest.flatMap((part) => show(part) ?? [])].join(' '),
    )
    .join(', ');
}

/** Returns the results of the reads; undefined if there are none. */
export function resultOfMops(invoked: Json, completed: Json, followed: Followed): string | undefined {
  const mops = microOps(completed);
  if (mops === undefined) return valueInWords(completed, followed);
  const before = microOps(invoked) ?? [];
  const isRead = (mop: readonly Json[], at: number): boolean =>
    before[at]?.at(-1) === null || !jsonEquals([...mop], [...(before[at] ?? [])]);
  const read = mops.filter(isRead);
  if (read.length === 0) return undefined;
  return mopsText(read, followed, true);
}
