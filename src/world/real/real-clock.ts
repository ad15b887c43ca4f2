/** Real time: one timer over a queue of what is to be done, and `setImmediate` for what is due already. */
import { NANOS_PER_MS, type Clock, type Scheduled } from '../clock.ts';
import { EventQueue } from '../event-queue.ts';

/** So many due calls are made in one turn of the event loop at most, so that pipes are served in between. */
const CALLS_PER_TURN = 1000;

export class RealClock implements Clock {
  private readonly origin = performance.now();
  private readonly queue = new EventQueue();
  private timer: NodeJS.Timeout | undefined;
  private timerAtNanos = Infinity;
  private turnIsComing = false;
  private closed = false;

  nowNanos(): number {
    return Math.round((performance.now() - this.origin) * NANOS_PER_MS);
  }

  schedule(atNanos: number, run: () => void): Scheduled {
    const scheduled = this.queue.push(atNanos, run);
    if (atNanos < this.timerAtNanos) this.arm(atNanos, this.nowNanos());
    return scheduled;
  }

  /** Nothing is called any more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private arm(atNanos: number, nowNanos: number): void {
    if (this.closed || this.turnIsComing) return;
    clearTimeout(this.timer);
    this.timerAtNanos = atNanos;
    if (atNanos <= nowNanos) {
      this.timerAtNanos = -Infinity;
      this.turnIsComing = true;
      setImmediate(this.turn);
    } else {
      // Timers go off at whole milliseconds and now and then a little early; `turn` then arms the next.
      this.timer = setTimeout(this.turn, Math.ceil((atNanos - nowNanos) / NANOS_PER_MS));
    }
  }

  private readonly turn = (): void => {
    this.turnIsComing = true;
    const until = this.nowNanos();
    try {
      for (let calls = 0; calls < CALLS_PER_TURN && !this.closed; calls++) {
        const next = this.queue.nextNanos();
        if (next === undefined || next > until) break;
        this.queue.pop()?.run();
      }
    } finally {
      this.turnIsComing = false;
      const next = this.queue.nextNanos();
      this.timerAtNanos = Infinity;
      if (next !== undefined) this.arm(next, this.nowNanos());
    }
  };
}
