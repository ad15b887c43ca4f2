/** A heap of messages in flight, for traversing a journal in the order of arrival. */
import { present } from '../../columns/present.ts';

/** Ids ordered by time of arrival, earliest first. */
export class ArrivalHeap {
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
