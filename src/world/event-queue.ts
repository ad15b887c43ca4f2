/**
 * A priority queue of callbacks, ordered by (time, order of arrival), so that ties are never broken at random.
 *
 * A binary heap; cancelled entries stay until they reach the top.
 */
import type { Scheduled } from './clock.ts';

class Entry implements Scheduled {
  run: (() => void) | undefined;
  constructor(
    readonly atNanos: number,
    readonly sequence: number,
    run: () => void,
  ) {
    this.run = run;
  }
  cancel(): void {
    this.run = undefined;
  }
}

const before = (a: Entry, b: Entry): boolean =>
  a.atNanos < b.atNanos || (a.atNanos === b.atNanos && a.sequence < b.sequence);

export class EventQueue {
  private readonly heap: Entry[] = [];
  private sequence = 0;

  push(atNanos: number, run: () => void): Scheduled {
    const entry = new Entry(atNanos, this.sequence++, run);
    const heap = this.heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(entry, above)) break;
      // Both at once, since the watchdog may end this between two steps: no entry may then be lost.
      heap[at] = above;
      heap[parent] = entry;
      at = parent;
    }
    return entry;
  }

  /** Returns when the next entry that was not cancelled is due, or undefined if there is none. */
  nextNanos(): number | undefined {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined) return undefined;
      if (top.run !== undefined) return top.atNanos;
      this.removeTop();
    }
  }

  /** Removes and returns the next entry that was not cancelled, or undefined if there is none. */
  pop(): { readonly atNanos: number; readonly run: () => void } | undefined {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined) return undefined;
      this.removeTop();
      const run = top.run;
      if (run !== undefined) {
        top.run = undefined;
        return { atNanos: top.atNanos, run };
      }
    }
  }

  private removeTop(): void {
    const heap = this.heap;
    const last = heap.pop();
    const size = heap.length;
    if (last === undefined || size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let candidate = heap[child];
      const right = heap[child + 1];
      if (candidate !== undefined && right !== undefined && before(right, candidate)) {
        child += 1;
        candidate = right;
      }
      if (candidate === undefined || !before(candidate, last)) break;
      heap[at] = candidate;
      at = child;
    }
    heap[at] = last;
  }
}
