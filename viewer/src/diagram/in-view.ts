/**
 * Which of the things at hand lie in the stretch of time in view. The pictures hold more than that, so that panning finds it
 * there; what is counted beside them must be what the tables below list, by the server's rule for a stretch of time.
 */
import { present } from '../../../src/columns/present.ts';
import type { Arrows, MessageWindow, OperationBars, OperationWindow } from '../../../src/recording/views.ts';
import type { TimeRange } from '../view-state.ts';

/** As the tables ask for it: whole nanoseconds. */
function whole({ from, to }: TimeRange): TimeRange {
  return { from: Math.floor(from), to: Math.ceil(to) };
}

/** Numbers of the arrows that were sent in that stretch, or sent before and arrived in it or later. */
export function arrowsInView({ id, sent, end }: Arrows, range: TimeRange): number[] {
  const { from, to } = whole(range);
  return [...id.keys()].filter((at) => {
    const begin = present(sent[at]);
    return begin <= to && (begin >= from || (present(end[at]) ?? -Infinity) >= from);
  });
}

/** How many messages are in view; undefined where there are too many to hold each. */
export function messagesInView({ density, arrows }: MessageWindow, range: TimeRange): number | undefined {
  return density === undefined ? arrowsInView(arrows, range).length : undefined;
}

/** The same of operations: invoked before the end of the stretch and completed in it, later, or never. */
export function operationsInView({ density, bars }: OperationWindow, range: TimeRange): number | undefined {
  return density === undefined ? barsInView(bars, range) : undefined;
}

function barsInView({ index, invoked, completed }: OperationBars, range: TimeRange): number {
  const { from, to } = whole(range);
  return index.filter((_, at) => present(invoked[at]) <= to && (present(completed[at]) ?? Infinity) >= from)
    .length;
}
