/**
 * How long a node may take to answer `init`: ten seconds, and longer, up to a minute, while it keeps the processor busy, as
 * programs do that are still starting on a machine which starts many of them. A limit that was asked for is kept exactly.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND, type Clock, type Scheduled } from '../../world/clock.ts';

const DEFAULT_SECONDS = 10;
/** The default grows by at most this factor. */
const LONGEST = 6;
/** Looked at again after that part of the limit. */
const STEP = 0.5;
/** A share of one processor: a program that waits uses next to nothing, one that starts beside many others gets little. */
const BUSY_SHARE = 0.02;

export interface Waited {
  readonly seconds: number;
  /** Whether it used the processor to the end. */
  readonly isBusy: boolean;
}

export interface InitPatienceOptions {
  readonly clock: Clock;
  readonly seconds: number | undefined;
  /** Processor time that the node has used; undefined where that is not known. */
  readonly cpuNanos: () => number | undefined;
  /** Whether the machine is still starting others: then a silence may be ours. */
  readonly othersStart: () => boolean;
  /** It has taken too long. */
  readonly onEnd: (waited: Waited) => void;
}

/** In whole seconds from ten on, so that nodes which waited alike are described alike. */
const shownSeconds = (seconds: number): number =>
  seconds < 10 ? Math.round(10 * seconds) / 10 : Math.floor(seconds);

export class InitPatience {
  /** After that it is over in any case. */
  readonly longestMs: number;
  private readonly beganNanos: number;
  private readonly limitNanos: number;
  private usedNanos = 0;
  private look: Scheduled | undefined;

  constructor(private readonly options: InitPatienceOptions) {
    const { clock, seconds } = options;
    this.beganNanos = clock.nowNanos();
    this.limitNanos = (seconds ?? DEFAULT_SECONDS) * NANOS_PER_SECOND;
    // A little more, so that the request is never given up for a reason of its own.
    this.longestMs = ((seconds === undefined ? LONGEST : 1) * this.limitNanos) / NANOS_PER_MS + 1000;
    this.lookLater();
  }

  stop(): void {
    this.look?.cancel();
  }

  private lookLater(): void {
    const { clock } = this.options;
    this.look = clock.schedule(clock.nowNanos() + this.limitNanos * STEP, () => this.lookAt());
  }

  private lookAt(): void {
    const { clock, cpuNanos, seconds, othersStart, onEnd } = this.options;
    const used = cpuNanos();
    const isBusy = used !== undefined && used - this.usedNanos > this.limitNanos * STEP * BUSY_SHARE;
    this.usedNanos = used ?? 0;
    const waited = clock.nowNanos() - this.beganNanos;
    const longest =
      seconds === undefined && (isBusy || othersStart()) ? LONGEST * this.limitNanos : this.limitNanos;
    if (waited < longest) return this.lookLater();
    onEnd({ seconds: shownSeconds(waited / NANOS_PER_SECOND), isBusy });
  }
}
