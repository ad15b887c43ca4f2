/**
 * Which step of a story is about a message that was sent later than another one to the same node, and arrived earlier:
 *
 *     1. n0 ── write 1 ──────────────────> n1      arrives last
 *     2.      n0 ── write 2 ──> n1                 overtakes it: step 2
 *
 * A step may stand for hundreds of thousands of messages, of which each is asked about.
 */
import { addTo, groupedBy } from '../../columns/groups.ts';
import { upperBound } from '../../columns/lower-bound.ts';
import type { StoryMessage } from '../facts/story-messages.ts';

export interface Between {
  readonly sinceNanos: number;
  readonly untilNanos: number;
}

/** The messages of one step to one node. */
interface Arrived {
  readonly step: number;
  /** In ascending order. */
  readonly sent: readonly number[];
  /** At each place the earliest arrival of the messages from there on. */
  readonly earliest: readonly number[];
}

export class ArrivedBefore {
  /** By node, the last step first. */
  private readonly byDest = new Map<string, Arrived[]>();

  /** `steps` are the messages of each step of which one may overtake another, by its number. */
  constructor(steps: ReadonlyMap<number, readonly StoryMessage[]>) {
    for (const [step, messages] of [...steps].toSorted(([one], [other]) => other - one))
      for (const [dest, received] of groupedBy(messages, (message) => message.dest))
        addTo(this.byDest, dest, arrivedIn(step, received));
  }

  /** Returns the last step with a message to the node that was sent and arrived in between; undefined if none. */
  lastStep(dest: string, { sinceNanos, untilNanos }: Between): number | undefined {
    return this.byDest
      .get(dest)
      ?.find(({ sent, earliest }) => (earliest[upperBound(sent, sinceNanos)] ?? Infinity) < untilNanos)?.step;
  }
}

function arrivedIn(step: number, messages: readonly StoryMessage[]): Arrived {
  const inOrder = messages.toSorted((one, other) => one.sentNanos - other.sentNanos);
  const earliest = inOrder.map(({ arrivals: [first = Infinity] }) => first);
  for (let at = earliest.length - 2; at >= 0; at--)
    earliest[at] = Math.min(earliest[at] ?? Infinity, earliest[at + 1] ?? Infinity);
  return { step, sent: inOrder.map(({ sentNanos }) => sentNanos), earliest };
}
