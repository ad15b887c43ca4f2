/** Events in virtual time, ordered by time and then by the order in which they were planned. */

interface Event {
  readonly ms: number;
  readonly number: number;
  readonly task: () => void;
}

export class EventQueue {
  /** Sorted, with the next event last. */
  private readonly events: Event[] = [];
  private planned = 0;
  private now = 0;

  get nowMs(): number {
    return this.now;
  }

  /** Returns a function that cancels the task. */
  after(delayMs: number, task: () => void): () => void {
    const event = { ms: this.now + Math.max(0, delayMs), number: this.planned++, task };
    const { events } = this;
    let from = 0;
    let to = events.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = events[middle];
      if (other !== undefined && isLater(other, event)) from = middle + 1;
      else to = middle;
    }
    events.splice(from, 0, event);
    return () => {
      const at = events.indexOf(event);
      if (at >= 0) events.splice(at, 1);
    };
  }

  /** Runs the next event, if there is one. */
  step(): void {
    const event = this.events.pop();
    if (event === undefined) return;
    this.now = event.ms;
    event.task();
  }
}

const isLater = (one: Event, other: Event): boolean =>
  one.ms > other.ms || (one.ms === other.ms && one.number > other.number);
