/** A clock that stands still until a test advances it. */
import type { Clock, Scheduled } from '../../src/world/clock.ts';
import { EventQueue } from '../../src/world/event-queue.ts';

export class ManualClock implements Clock {
  private readonly queue = new EventQueue();
  private now = 0;

  nowNanos(): number {
    return this.now;
  }

  schedule(atNanos: number, run: () => void): Scheduled {
    return this.queue.push(atNanos, run);
  }

  /** Makes every call that is due within that time, in order. */
  advance(nanos: number): void {
    const until = this.now + nanos;
    for (;;) {
      const next = this.queue.nextNanos();
      if (next === undefined || next > until) break;
      this.now = Math.max(this.now, next);
      this.queue.pop()?.run();
    }
    this.now = until;
  }
}
