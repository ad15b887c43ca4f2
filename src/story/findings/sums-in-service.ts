/**
 * Sums kept under a key of a service that are wrong although no write overwrote what was read: the service answered with an old
 * one, an addition took effect several times, or a node stored what it remembered:
 *
 *     n1 ── cas 0 to 4 ──> lin-kv    no answer in time    n1 ── cas 4 to 8 ──> lin-kv      4 is counted twice
 *     n1 ── write 4 ──> lin-kv                            n2 ── write 3 ──> lin-kv         n2 knew nothing of 4
 */
import type { SumRange } from '../../checkers/evidence.ts';
import { addTo } from '../../columns/groups.ts';
import { isJsonInteger, jsonEquals, type Json } from '../../protocol/json.ts';
import { hasReplicas, isSameKey, isSum, readsOf, storingsOf, type Storing } from '../selection/storings.ts';
import { operationBehind } from '../selection/values/written-places.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';

/** A sum stored by an addition. */
interface Stored {
  readonly storing: Storing;
  readonly add: StoryOperation;
}

/** Returns the newest sum stored when the service answered the read with an old one; undefined unless that is the right sum. */
export function newerSum(
  facts: StoryFacts,
  read: StoryOperation,
  acceptable: readonly SumRange[],
): Stored | undefined {
  const got = read.completion?.value ?? null;
  const asked = readsOf(facts).findLast(
    ({ request, reply }) =>
      request.src === read.node &&
      operationBehind(facts, request) === read &&
      jsonEquals(facts.messages.bodyOf(reply.id)['value'] ?? null, got),
  );
  if (asked === undefined || hasReplicas(asked)) return undefined;
  const same = storingsOf(facts, endOf(read)).filter(
    ({ service, key }) => service === asked.service && jsonEquals(key, asked.key),
  );
  const before = same.filter(({ reply }) => reply.sentNanos <= asked.request.sentNanos);
  const storing = before.at(-1);
  if (storing === undefined || jsonEquals(storing.value, got) || !isAcceptable(storing.value, acceptable))
    return undefined;
  const add = operationBehind(facts, storing.request, { byTimer: true });
  return add === undefined ? undefined : { storing, add };
}

const isAcceptable = (sum: Json, acceptable: readonly SumRange[]): boolean =>
  isJsonInteger(sum) &&
  acceptable.some(
    ([low, high]) =>
      isJsonInteger(low) && isJsonInteger(high) && BigInt(low) <= BigInt(sum) && BigInt(sum) <= BigInt(high),
  );

export interface RepeatedAdd {
  readonly add: StoryOperation;
  /** How often it took effect. */
  readonly times: number;
  readonly storing: Storing;
}

/** Returns the additions for which a service replaced a sum by one that is larger by as much, more than once. */
export function repeatedAdds(facts: StoryFacts, read: StoryOperation): readonly RepeatedAdd[] {
  const byAdd = new Map<StoryOperation, Storing[]>();
  for (const storing of storingsOf(facts, endOf(read))) {
    const { type, from = null } = facts.messages.bodyOf(storing.request.id);
    const add = operationBehind(facts, storing.request, { byTimer: true });
    if (type !== 'cas' || add === undefined || hasReplicas(storing)) continue;
    if (isSum(from, add.invocation.value, storing.value)) addTo(byAdd, add, storing);
  }
  return [...byAdd].flatMap(([add, [storing, ...others]]) =>
    storing === undefined || others.length === 0 ? [] : [{ add, times: others.length + 1, storing }],
  );
}

export interface MisstoredSum extends Stored {
  /** The sum that was stored there before. */
  readonly before: Storing;
}

/** Returns the first sum that a node stored which is not what was there before, plus its addition. */
export function misstoredSum(facts: StoryFacts, read: StoryOperation): MisstoredSum | undefined {
  if (facts.messages.skipped > 0) return undefined;
  const stored = storingsOf(facts, endOf(read));
  const [first] = stored;
  if (first === undefined || hasReplicas(first) || !stored.every((one) => isSameKey(one, first)))
    return undefined;
  let before: Storing | undefined;
  const counted = new Set<StoryOperation>();
  for (const storing of stored) {
    const add = operationBehind(facts, storing.request);
    // Only if each addition stores one sum is it known what that should have been.
    if (add === undefined || counted.has(add) || !isJsonInteger(storing.value)) return undefined;
    counted.add(add);
    const { value } = add.invocation;
    if (!isSum(before?.value ?? 0, value, storing.value))
      return before === undefined ? undefined : { storing, add, before };
    before = storing;
  }
  return undefined;
}
