/**
 * The messages of an interval: as arrows if there are few, else as a density. One pass over the columns between two
 * binary searches; ten million messages take some 40 ms.
 */
import { present } from '../../columns/present.ts';
import { lowerBound } from '../../columns/lower-bound.ts';
import { BLOCK_SHIFT, type MessageColumns } from './message-columns.ts';
import type { Lanes } from '../lanes.ts';
import { LOST, MARKED } from './message-flags.ts';
import type { Arrows, MessageWindow } from '../views.ts';

export interface WindowRequest {
  readonly from: number;
  readonly to: number;
  /** Maximum number of arrows. */
  readonly limit: number;
  readonly buckets: number;
  /** 1 for messages to show, indexed by id; all if undefined. */
  readonly matching?: Uint8Array | undefined;
  /** 1 for messages to mark, indexed by id. */
  readonly marks?: Uint8Array | undefined;
}

/**
 * Calls back for each message that is sent in [from, to], or arrives or is lost in it or later, in order of ids, until the
 * callback returns false. Earlier messages without an end, in flight when the journal ended, are left out.
 */
export function eachOverlapping(
  columns: MessageColumns,
  { from, to, matching }: Pick<WindowRequest, 'from' | 'to' | 'matching'>,
  visit: (id: number) => boolean,
): void {
  const { sent, end, blockEnd } = columns;
  const first = lowerBound(sent, from, columns.messageCount);
  const last = lowerBound(sent, to + 1, columns.messageCount);
  for (let block = 0; block << BLOCK_SHIFT < first; block++) {
    if (!(present(blockEnd[block]) >= from)) continue;
    const stop = Math.min(first, (block + 1) << BLOCK_SHIFT);
    for (let id = block << BLOCK_SHIFT; id < stop; id++) {
      if (present(end[id]) >= from && (matching === undefined || matching[id] === 1) && !visit(id)) return;
    }
  }
  for (let id = first; id < last; id++) {
    if ((matching === undefined || matching[id] === 1) && !visit(id)) return;
  }
}

export function messageWindow(columns: MessageColumns, lanes: Lanes, request: WindowRequest): MessageWindow {
  const { from, to, limit, marks } = request;
  const ids: number[] = [];
  const marked: number[] = [];
  let total = 0;
  eachOverlapping(columns, request, (id) => {
    total++;
    if (total <= limit) ids.push(id);
    if (marks?.[id] === 1 && marked.length < limit) marked.push(id);
    return true;
  });
  const isDense = total > limit;
  const shown = isDense ? marked : ids;
  return {
    from,
    to,
    total,
    arrows: arrowsOf(columns, lanes, shown, marks),
    copies: copiesOf(columns, shown),
    ...(isDense ? { density: densityOf(columns, lanes, request) } : {}),
    lanes: lanes.views,
  };
}

function arrowsOf(
  { names, sent, end, src, dest, flags }: MessageColumns,
  lanes: Lanes,
  ids: readonly number[],
  marks: Uint8Array | undefined,
): Arrows {
  const ofName = lanesByName(names, lanes);
  const lane = (name: number): number => ofName[name] ?? -1;
  return {
    id: ids,
    sent: ids.map((id) => present(sent[id])),
    end: ids.map((id) => endOf(end, id)),
    src: ids.map((id) => lane(present(src[id]))),
    dest: ids.map((id) => lane(present(dest[id]))),
    flags: ids.map((id) => present(flags[id]) | (marks?.[id] === 1 ? MARKED : 0)),
  };
}

/**
 * Returns the lane of each name, indexed by its number; -1 for names that are not endpoints, such as reasons of drops.
 */
const lanesByName = (names: readonly string[], { of }: Lanes): Int32Array =>
  Int32Array.from(names, (name) => of.get(name) ?? -1);

/** Returns null while the message is in flight. */
export function endOf(end: Float64Array, id: number): number | null {
  const time = end[id];
  return time === undefined || Number.isNaN(time) ? null : time;
}

function copiesOf({ copies }: MessageColumns, ids: readonly number[]): { id: number; arrival: number }[] {
  if (copies.size === 0) return [];
  return ids.flatMap((id) => (copies.get(id) ?? []).map((arrival) => ({ id, arrival })));
}

function densityOf(
  columns: MessageColumns,
  lanes: Lanes,
  request: WindowRequest,
): NonNullable<MessageWindow['density']> {
  const { from, to, buckets, matching } = request;
  const { sent, src, flags } = columns;
  const laneCount = lanes.views.length;
  const sentCounts = new Uint32Array(laneCount * buckets);
  const lostCounts = new Uint32Array(laneCount * buckets);
  const scale = buckets / Math.max(1, to - from);
  const ofName = lanesByName(columns.names, lanes);
  const first = lowerBound(sent, from, columns.messageCount);
  const last = lowerBound(sent, to, columns.messageCount);
  for (let id = first; id < last; id++) {
    if (matching !== undefined && matching[id] !== 1) continue;
    const lane = ofName[present(src[id])] ?? -1;
    if (lane === -1) continue;
    const at = lane * buckets + Math.min(buckets - 1, Math.floor((present(sent[id]) - from) * scale));
    sentCounts[at] = present(sentCounts[at]) + 1;
    if ((present(flags[id]) & LOST) !== 0) lostCounts[at] = present(lostCounts[at]) + 1;
  }
  return {
    buckets,
    lanes: lanes.views.map((_, lane) => ({
      lane,
      sent: [...sentCounts.subarray(lane * buckets, (lane + 1) * buckets)],
      lost: [...lostCounts.subarray(lane * buckets, (lane + 1) * buckets)],
    })),
  };
}
