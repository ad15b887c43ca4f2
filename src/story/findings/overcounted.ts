/**
 * The first message by which a node says of another one that more was added there than clients had added, as when counts are merged
 * by adding them instead of taking the larger one:
 *
 *     n3 ── merge {counts: {n3: 4}} ──> n1      n1 ── merge {counts: {n1: 0, n3: 8}} ──> n2      only 4 was added at n3
 *
 * A map from nodes to integers holds counts if it has shown what was added at a node exactly, for two nodes or at two times.
 */
import { entriesOf, isJsonInteger, type Json } from '../../protocol/json.ts';
import { eachMapWithin } from '../selection/values/places.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';

export interface Overcounted {
  readonly message: StoryMessage;
  /** The node of which it says too much. */
  readonly node: string;
  readonly said: bigint;
  readonly added: bigint;
}

const FEWEST_EXACT = 2;
/** The number of messages that are looked at, the first ones. */
const MOST_LOOKED_AT = 20_000;

/** Returns undefined if there is none, or if something was subtracted. */
export function firstOvercounted(facts: StoryFacts): Overcounted | undefined {
  const { messages, operations, kindOf, nodes } = facts;
  const adds = operations.all.filter(({ invocation: { f } }) => f !== 'read');
  if (messages.skipped > 0 || adds.some(({ invocation: { value } }) => deltaOf(value) < 0n)) return undefined;
  const addedAt = (node: string, nanos: number): bigint =>
    adds
      .filter((add) => add.node === node && add.invocation.time <= nanos)
      .reduce((sum, { invocation }) => sum + deltaOf(invocation.value), 0n);
  const exact = new Map<string, Set<string>>();
  for (const message of messages.all.slice(0, MOST_LOOKED_AT)) {
    if (kindOf(message.src) !== 'node' || kindOf(message.dest) !== 'node') continue;
    const { type: _type, ...body } = messages.bodyOf(message.id);
    let found: Overcounted | undefined;
    eachMapWithin(body, '', (place, map) => {
      const counts = countsIn(map, nodes);
      const kind = `${messages.typeOf(message.id)} ${place}`;
      const known = exact.get(kind) ?? new Set<string>();
      exact.set(kind, known);
      for (const [node, said] of counts) {
        const added = addedAt(node, message.sentNanos);
        if (said === added && added > 0n) known.add(`${node} ${added}`);
        else if (said > added && known.size >= FEWEST_EXACT) found ??= { message, node, said, added };
      }
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

const deltaOf = (value: Json): bigint => (isJsonInteger(value) ? BigInt(value) : 0n);

/** Returns nothing unless all names are nodes and all values are integers. */
function countsIn(map: Json, nodes: readonly string[]): readonly (readonly [node: string, count: bigint])[] {
  const entries = entriesOf(map) ?? [];
  const counts = entries.flatMap(([name, count]): (readonly [string, bigint])[] =>
    typeof name === 'string' && nodes.includes(name) && isJsonInteger(count) ? [[name, BigInt(count)]] : [],
  );
  return counts.length === entries.length ? counts : [];
}
