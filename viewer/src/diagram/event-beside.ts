/** The events of what is at hand, in order: messages sent, received or lost, operations begun and ended; and which comes next. */
import { present } from '../../../src/columns/present.ts';
import type { Selection } from '../view-state.ts';
import type { Windows } from './window-source.ts';

export interface ShownEvent {
  readonly nanos: number;
  readonly selection: Selection;
}

export interface EventPlace {
  /** Undefined before the first step. */
  readonly nanos: number | undefined;
  readonly selection: Selection | undefined;
}

/** In the order of time; at one moment operations begin before messages, and end after them. */
function eventsOf({ messages: { arrows }, operations }: Windows): readonly ShownEvent[] {
  const found: (ShownEvent & { readonly order: number })[] = [];
  for (const [at, id] of arrows.id.entries()) {
    const selection = { kind: 'message', id } as const;
    const sent = present(arrows.sent[at]);
    const end = present(arrows.end[at]);
    found.push({ nanos: sent, selection, order: 1 });
    // What arrives at once is one event.
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

/** The next event or the one before, from a moment or from an event at it; undefined where no more is at hand. */
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
