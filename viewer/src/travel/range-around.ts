/** The time range of the picture while a run is stepped through, which always contains the position. */
import { clampRange, type TimeRange } from '../view-state.ts';

/** Approximate number of events in view at first. */
const EVENTS_IN_VIEW = 80;
/** Fraction of the range: the picture moves when the position comes nearer to an edge than this. */
const EDGE = 0.08;
/** Where the position then is, as a fraction of the range. */
const PLACE = 0.4;

export function rangeAround(
  nanos: number,
  range: TimeRange | undefined,
  whole: TimeRange,
  events: number,
): TimeRange {
  const length = whole.to - whole.from;
  const span =
    range === undefined
      ? Math.max(length / 2000, Math.min(length, (length * EVENTS_IN_VIEW) / Math.max(1, events)))
      : range.to - range.from;
  const edge = span * EDGE;
  if (range !== undefined && nanos >= range.from + edge && nanos <= range.to - edge) return range;
  const from = nanos - span * PLACE;
  return clampRange({ from, to: from + span }, whole);
}
