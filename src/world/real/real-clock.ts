/** Real time: one timer over a queue of scheduled calls, and `setImmediate` for calls that are already due. */
import { NANOS_PER_MS, type Clock, type Scheduled } from '../clock.ts';
import { EventQueue } from '../event-queue.ts';

/** Maximum number of due calls in one turn of the event loop, so that pipes are served in between. */
const CALLS_PER_TURN = 1000;

/**
 * When two readings of the clock are this far apart and this process hardly computed in between, the machine slept or
 * the process was stopped. The run's clock stands still for that time, so that it does not count against any node, and
 * messages that arrived in time are read before any deadline passes.
 */
const STOLEN_MS = 1000;
const LOOK_EVERY_MS = 250;
const COMPUTING_SHARE = 0.5;

/** Where time comes from; tests have their own implementation. */
export interface TimeSource {
  /** A monotonic clock. */
  nowMs(): number;
  /** Processor time used by this process. */
  cpuMs(): number;
}

const SYSTEM: TimeSource = {
  nowMs: () => performance.now(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

export class RealClock implements Clock {
  private readonly origin: number;
  private stolenMs = 0;
  private seenMs: number;
  /** Processor time at the last beat. */
  private beatCpuMs: number;
  private readonly beat: NodeJS.Timeout;
  private readonly queue = new EventQueue();
  private timer: NodeJS.Timeout | undefined;
  private timerAtNanos = Infinity;
  private turnIsComing = false;
  private closed = false;

  constructor(private readonly source: TimeSource = SYSTEM) {
    this.origin = this.seenMs = source.nowMs();
    this.beatCpuMs = source.cpuMs();
    this.beat = setInterval(() => {
      this.nowNanos();
      this.beatCpuMs = source.cpuMs();
    }, LOOK_EVERY_MS);
    this.beat.unref();
  }

  nowNanos(): number {
    const now = this.source.nowMs();
    if (now - this.seenMs > STOLEN_MS) this.lookAtGap(now - this.seenMs);
    this.seenMs = now;
    return Math.round((now - this.origin - this.stolenMs) * NANOS_PER_MS);
  }

  private lookAtGap(gapMs: number): void {
    const cpuMs = this.source.cpuMs();
    if (cpuMs - this.beatCpuMs < gapMs * COMPUTING_SHARE) this.stolenMs += gapMs;
    this.beatCpuMs = cpuMs;
  }

  schedule(atNanos: number, run: () => void): Scheduled {
    const scheduled = this.queue.push(atNanos, run);
    if (atNanos < this.timerAtNanos) this.arm(atNanos, this.nowNanos());
    return scheduled;
  }

  /** Makes no more calls. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearInterval(this.beat);
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
      // Timers fire at whole milliseconds and sometimes a little early; `turn` then arms the next one.
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
