/** The loaded events in order: messages sent, received or lost, operations invoked and completed. Finds the adjacent event. */
import { present } from '../../../../src/columns/present.ts';
import type { Selection } from '../../view-state.ts';
import type { Windows } from '../data/window-source.ts';

export interface ShownEvent {
  readonly nanos: number;
  readonly selection: Selection;
}

export interface EventPlace {
  /** Undefined before the first step. */
  readonly nanos: number | undefined;
  readonly selection: Selection | undefined;
}

/** Returns the events by time; at the same time, operations begin before messages and complete after them. */
function eventsOf({ messages: { arrows }, operations }: Windows): readonly ShownEvent[] {
  const found: (ShownEvent & { readonly order: number })[] = [];
  for (const [at, id] of arrows.id.entries()) {
    const selection = { kind: 'message', id } as const;
    const sent = present(arrows.sent[at]);
    const end = present(arrows.end[at]);
    found.push({ nanos: sent, selection, order: 1 });
    // A message that arrives at once is one event.
    if (end !== null && end !== sent) found.push({ nanos: end, selection, order: 1 });
  }
  if (operations !== undefined) {
    const { bars } = operations;
    for (const [at, index] of bars.index.entries()) {
      const selection = { kind: 'operation', index } as const;
      const invoked = present(bars.invoked[at]);
      const completed = present(bars.completed[at]);
      found.push({ nanos: invoked, selection, order: 0 });
      if (completed !== null && completed !== invoked) found.push({ nanos: completed, selection, order: 2 });
    }
  }
  return found.sort((a, b) => a.nanos - b.nanos || a.order - b.order);
}

/** Returns the event after or before a time, or after or before an event at it; undefined if no more is loaded. */
export function eventBeside(
  windows: Windows,
  { nanos, selection }: EventPlace,
  by: 1 | -1,
): ShownEvent | undefined {
  const events = eventsOf(windows);
  if (nanos === undefined) return by === 1 ? events[0] : events.at(-1);
  const here = events.findIndex((event) => event.nanos === nanos && isSame(event.selection, selection));
  if (here !== -1) return events[here + by];
  return by === 1
    ? events.find((event) => event.nanos > nanos)
    : events.findLast((event) => event.nanos < nanos);
}

function isSame(one: Selection, other: Selection | undefined): boolean {
  if (one.kind === 'message') return other?.kind === 'message' && one.id === other.id;
  return other?.kind === 'operation' && one.index === other.index;
}
