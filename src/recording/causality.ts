/**
 * Happened before (Lamport 1978), over a journal: what a message may have caused, and what may have led to it.
 *
 *     n1 --m--> n2          m reaches n2: whatever n2 sends afterwards, m may have caused
 *               n2 --k--> n3
 *
 * Messages are ordered by sending. The future is found forwards, with the arrivals of caused messages in a heap; the past
 * backwards, where no heap is needed: what made a message part of the past was sent after it arrived.
 *
 * A journal is a file, and may number endpoints that it has no name for: messages do not reach those.
 */
import { present } from '../columns/present.ts';
import type { MessageColumns } from './message-columns.ts';

/** 1 for the message itself and all it may have caused. */
export function futureOf(columns: MessageColumns, id: number): Uint8Array {
  const { sent, end, src, dest, messageCount } = columns;
  const marks = new Uint8Array(messageCount);
  marks[id] = 1;
  const reached = new Float64Array(columns.names.length).fill(Number.POSITIVE_INFINITY);
  const heap = new ArrivalHeap(end);
  if (!Number.isNaN(end[id])) heap.push(id);
  for (let next = id + 1; next < messageCount; next++) {
    const time = present(sent[next]);
    for (let first = heap.first; first !== -1 && present(end[first]) <= time; first = heap.first) {
      heap.pop();
      const at = present(dest[first]);
      // What was lost reached no endpoint.
      if (isReceived(columns, first) && present(end[first]) < (reached[at] ?? -Infinity))
        reached[at] = present(end[first]);
    }
    if ((reached[present(src[next])] ?? Infinity) > time) continue;
    marks[next] = 1;
    if (!Number.isNaN(end[next])) heap.push(next);
  }
  return marks;
}

/** 1 for the message itself and all that may have led to it. */
export function pastOf(columns: MessageColumns, id: number): Uint8Array {
  const { sent, end, src, dest, messageCount } = columns;
  const marks = new Uint8Array(messageCount);
  marks[id] = 1;
  const before = new Float64Array(columns.names.length).fill(-1);
  before[present(src[id])] = present(sent[id]);
  for (let earlier = id - 1; earlier >= 0; earlier--) {
    const arrival = present(end[earlier]);
    if (!(arrival <= (before[present(dest[earlier])] ?? -1)) || !isReceived(columns, earlier)) continue;
    marks[earlier] = 1;
    const at = present(src[earlier]);
    if (present(sent[earlier]) > (before[at] ?? Infinity)) before[at] = present(sent[earlier]);
  }
  return marks;
}

/**
 * A request's way through the cluster: what it may have caused that may in turn have led to its reply. Without a reply,
 * all it may have caused.
 */
export function wayOf(columns: MessageColumns, request: number, reply: number | undefined): Uint8Array {
  const future = futureOf(columns, request);
  if (reply === undefined) return future;
  const past = pastOf(columns, reply);
  for (let id = 0; id < past.length; id++) past[id] = present(past[id]) & present(future[id]);
  past[request] = 1;
  past[reply] = 1;
  return past;
}

function isReceived({ flags }: MessageColumns, id: number): boolean {
  return (present(flags[id]) & 1) !== 0;
}

/** Ids by the time of their arrival, earliest first. */
class ArrivalHeap {
  private readonly ids: number[] = [];

  constructor(private readonly arrival: Float64Array) {}

  get first(): number {
    return this.ids[0] ?? -1;
  }

  push(id: number): void {
    const { ids } = this;
    let at = ids.length;
    ids.push(id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = present(ids[parent]);
      if (this.time(other) <= this.time(id)) break;
      ids[at] = other;
      at = parent;
    }
    ids[at] = id;
  }

  pop(): void {
    const { ids } = this;
    const last = ids.pop();
    if (last === undefined || ids.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= ids.length) break;
      if (child + 1 < ids.length && this.time(present(ids[child + 1])) < this.time(present(ids[child])))
        child++;
      const other = present(ids[child]);
      if (this.time(other) >= this.time(last)) break;
      ids[at] = other;
      at = child;
    }
    ids[at] = last;
  }

  private time(id: number): number {
    return present(this.arrival[id]);
  }
}
