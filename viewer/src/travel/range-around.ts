/** Which stretch of time the picture shows while a run is stepped through: one that the moment is in. */
import { clampRange, type TimeRange } from '../view-state.ts';

/** About how many events are in view at first. */
const EVENTS_IN_VIEW = 80;
/** How near to an edge, as a part of what is in view, the moment may come before the picture moves. */
const EDGE = 0.08;
/** Where it then is. */
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
