/**
 * Selects the loaded messages and operations that lie in the visible range. The pictures load more than that for panning,
 * but the counts beside them must match the tables below, so they follow the server's rule for a time range.
 */
import { present } from '../../../../src/columns/present.ts';
import type {
  Arrows,
  MessageWindow,
  OperationBars,
  OperationWindow,
} from '../../../../src/recording/views.ts';
import type { TimeRange } from '../../view-state.ts';

/** Rounds the range outward to whole nanoseconds, as the tables do when they ask. */
function whole({ from, to }: TimeRange): TimeRange {
  return { from: Math.floor(from), to: Math.ceil(to) };
}

/** Returns the rows of the messages sent in the range, or sent before it and arrived in it or later. */
export function arrowsInView({ id, sent, end }: Arrows, range: TimeRange): number[] {
  const { from, to } = whole(range);
  return [...id.keys()].filter((at) => {
    const begin = present(sent[at]);
    return begin <= to && (begin >= from || (present(end[at]) ?? -Infinity) >= from);
  });
}

/** Returns the number of messages in view, or undefined if there are too many to load each. */
export function messagesInView({ density, arrows }: MessageWindow, range: TimeRange): number | undefined {
  return density === undefined ? arrowsInView(arrows, range).length : undefined;
}

/** Returns the number of operations invoked before the end of the range and completed in it, later, or never. */
export function operationsInView({ density, bars }: OperationWindow, range: TimeRange): number | undefined {
  return density === undefined ? barsInView(bars, range) : undefined;
}

function barsInView({ index, invoked, completed }: OperationBars, range: TimeRange): number {
  const { from, to } = whole(range);
  return index.filter((_, at) => present(invoked[at]) <= to && (present(completed[at]) ?? Infinity) >= from)
    .length;
}
