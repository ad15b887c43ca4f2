/**
 * The timeout of `init`: ten seconds, extended up to a minute while the node keeps the processor busy, as programs do
 * that are still starting on a loaded machine. A timeout set by the user is kept exactly.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND, type Clock, type Scheduled } from '../../world/clock.ts';

const DEFAULT_SECONDS = 10;
/** Maximum factor by which the default is extended. */
const LONGEST = 6;
/** Interval between checks, as a fraction of the limit. */
const STEP = 0.5;
/** Fraction of one processor: a waiting program uses almost none, one that starts together with many others little. */
const BUSY_SHARE = 0.02;

export interface Waited {
  readonly seconds: number;
  /** True if it was using the processor until the end. */
  readonly isBusy: boolean;
}

export interface InitPatienceOptions {
  readonly clock: Clock;
  readonly seconds: number | undefined;
  /** Processor time that the node has used; undefined if unknown. */
  readonly cpuNanos: () => number | undefined;
  /** True while the machine is still starting other nodes, which may be why this one is silent. */
  readonly othersStart: () => boolean;
  /** Called when the node has taken too long. */
  readonly onEnd: (waited: Waited) => void;
}

/** Whole seconds from ten on, so that nodes that waited about equally long get the same message. */
const shownSeconds = (seconds: number): number =>
  seconds < 10 ? Math.round(10 * seconds) / 10 : Math.floor(seconds);

export class InitPatience {
  /** Upper bound of the wait, whatever the processor time. */
  readonly longestMs: number;
  private readonly beganNanos: number;
  private readonly limitNanos: number;
  private usedNanos = 0;
  private look: Scheduled | undefined;

  constructor(private readonly options: InitPatienceOptions) {
    const { clock, seconds } = options;
    this.beganNanos = clock.nowNanos();
    this.limitNanos = (seconds ?? DEFAULT_SECONDS) * NANOS_PER_SECOND;
    // One second more, so that the request itself never times out first.
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
