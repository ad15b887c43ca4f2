/**
 * Additions to a sum in a service that others overwrote, since they had read the sum before:
 *
 *     n1 ── read sum: 0     n2 ── read sum: 0     n1 ── write sum 3     n2 ── write sum 5      3 is lost
 */
import { groupedBy } from '../../columns/groups.ts';
import { jsonEquals } from '../../protocol/json.ts';
import {
  hasReplicas,
  isSameKey,
  isSum,
  lastReadBefore,
  readsOf,
  storingsOf,
  type ServiceRead,
  type Storing,
} from '../selection/storings.ts';
import { operationBehind } from '../selection/values/written-places.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';

export interface OverwrittenAdd {
  readonly add: StoryOperation;
  /** The addition that overwrote it, and how. */
  readonly by: StoryOperation;
  readonly storing: Storing;
}

/** A sum that a service stored, and the place of the one that it was computed from: -1 for none. */
interface Step {
  readonly storing: Storing;
  readonly add: StoryOperation;
  readonly base: number;
}

/** Returns undefined unless it is known of each stored sum what it was computed from. */
export function overwrittenAdds(
  facts: StoryFacts,
  read: StoryOperation,
): readonly OverwrittenAdd[] | undefined {
  if (facts.messages.skipped > 0) return undefined;
  const stored = storingsOf(facts, endOf(read));
  const [first] = stored;
  if (first === undefined || hasReplicas(first) || !stored.every((one) => isSameKey(one, first)))
    return undefined;
  const reads = groupedBy(readsOf(facts), ({ request }) => operationBehind(facts, request));
  const steps: Step[] = [];
  for (const storing of stored) {
    const step = stepOf(facts, storing, { reads, before: steps });
    if (step === undefined) return undefined;
    steps.push(step);
  }
  const kept = new Set<Step>();
  for (let at = steps.length - 1; at >= 0; at = steps[at]?.base ?? -1) {
    const step = steps[at];
    if (step !== undefined) kept.add(step);
  }
  return steps.flatMap((step, at) => {
    const next = steps.slice(at + 1).find(({ base }) => base < at);
    return kept.has(step) || next === undefined
      ? []
      : [{ add: step.add, by: next.add, storing: next.storing }];
  });
}

interface Known {
  readonly reads: ReadonlyMap<StoryOperation | undefined, readonly ServiceRead[]>;
  readonly before: readonly Step[];
}

function stepOf(facts: StoryFacts, storing: Storing, { reads, before }: Known): Step | undefined {
  const add = operationBehind(facts, storing.request);
  const read = lastReadBefore(reads.get(add) ?? [], storing);
  if (add === undefined || read === undefined) return undefined;
  const { type, value = null } = facts.messages.bodyOf(read.reply.id);
  const seen = type === 'read_ok' ? value : 0;
  if (!isSum(seen, add.invocation.value, storing.value)) return undefined;
  const base = before.findLastIndex(
    (step) => step.storing.reply.id < read.reply.id && jsonEquals(step.storing.value, seen),
  );
  return base < 0 && type === 'read_ok' ? undefined : { storing, add, base };
}
