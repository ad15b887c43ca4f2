/** What is to happen when, in virtual time: in the order of times, and of what is due at once in the order in which it was planned. */

interface Event {
  readonly ms: number;
  readonly number: number;
  readonly task: () => void;
}

export class EventQueue {
  /** Ordered, the next last. */
  private readonly events: Event[] = [];
  private planned = 0;
  private now = 0;

  get nowMs(): number {
    return this.now;
  }

  /** Returns what takes it back. */
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

  /** Lets the next happen, if there is one. */
  step(): void {
    const event = this.events.pop();
    if (event === undefined) return;
    this.now = event.ms;
    event.task();
  }
}

const isLater = (one: Event, other: Event): boolean =>
  one.ms > other.ms || (one.ms === other.ms && one.number > other.number);
