/** Faults as steps of a story: their beginning, and their end unless it says nothing new. */
import { OWN, type Selection } from '../selection/selection.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { Draft } from './draft.ts';
import { beginText, endText, type StoryFault } from './fault-text.ts';

export const isFault = ({ kind }: Draft): boolean => kind === 'fault' || kind === 'restart';

export const draftsOfFaults = (
  facts: StoryFacts,
  faults: readonly StoryFault[],
  selection: Selection,
): readonly Draft[] => withoutHandovers(faults.flatMap((fault) => draftsOfFault(facts, fault, selection)));

/** Drops the end of a fault at which the next fault of the same kind begins. */
function withoutHandovers(drafts: readonly Draft[]): readonly Draft[] {
  const begins = new Set(drafts.flatMap(({ band, timeNanos }) => (band === undefined ? [] : [timeNanos])));
  return drafts.filter(
    ({ kind, band, timeNanos }) => kind !== 'fault' || band !== undefined || !begins.has(timeNanos),
  );
}

/** Faults whose end says enough by itself: which partition healed, which nodes started again. */
const SAID_BY_ENDS: ReadonlySet<string> = new Set(['partition', 'kill']);

function draftsOfFault(
  facts: StoryFacts,
  fault: StoryFault,
  { absence, endNanos }: Selection,
): readonly Draft[] {
  const { band, nodes } = fault;
  const { kind, about, fromNanos, toNanos } = band;
  const shared = { weight: OWN, messages: [], operations: [], arrows: [] };
  const begin: Draft = {
    ...shared,
    timeNanos: fromNanos,
    kind: 'fault',
    text: () => beginText(fault, facts),
    band: { fault: kind, about, nodes, endNanos: toNanos },
  };
  // A restarted node may send nothing because it has not been sent its topology again.
  const ended = endText(fault, absence === undefined ? undefined : facts.messages);
  if (ended === undefined || toNanos === undefined || toNanos > endNanos) return [begin];
  return [
    begin,
    {
      ...shared,
      timeNanos: toNanos,
      kind: kind === 'kill' ? 'restart' : 'fault',
      text: () => ended,
      ...(SAID_BY_ENDS.has(kind) ? {} : { end: begin }),
    },
  ];
}
