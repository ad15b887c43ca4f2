/**
 * The timeout of `init`: ten seconds, extended up to a minute while the node keeps the processor busy, as programs do
 * that are still starting on a loaded machine, or while another node does: of programs that are built as they start
 * (`cargo run`, `mix run`) one compiles, and the others wait for its lock. A timeout set by the user is kept exactly.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND, type Clock, type Scheduled } from '../../world/clock.ts';

const DEFAULT_SECONDS = 10;
/** Maximum factor by which the default is extended. */
const LONGEST = 6;
/** Interval between checks, as a fraction of the limit. */
const STEP = 0.5;
/** A check less than this fraction of the limit ago is taken for the present. */
const JUST_NOW = 0.1;
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
  /** True while other nodes are still starting, which may be why this one is silent. */
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
  private lookedNanos: number;
  private usedNanos = 0;
  private busy = false;
  private look: Scheduled | undefined;

  constructor(private readonly options: InitPatienceOptions) {
    const { clock, seconds } = options;
    this.beganNanos = clock.nowNanos();
    this.lookedNanos = this.beganNanos;
    this.limitNanos = (seconds ?? DEFAULT_SECONDS) * NANOS_PER_SECOND;
    // One second more, so that the request itself never times out first.
    this.longestMs = ((seconds === undefined ? LONGEST : 1) * this.limitNanos) / NANOS_PER_MS + 1000;
    this.lookLater();
  }

  stop(): void {
    this.look?.cancel();
  }

  /** True if the node has used the processor since the last check, or before it if that was just now. */
  get isBusy(): boolean {
    const since = this.options.clock.nowNanos() - this.lookedNanos;
    return since < this.limitNanos * JUST_NOW ? this.busy : this.isBusyOver(since);
  }

  private isBusyOver(nanos: number): boolean {
    const used = this.options.cpuNanos();
    return used !== undefined && used - this.usedNanos > nanos * BUSY_SHARE;
  }

  private lookLater(): void {
    const { clock } = this.options;
    this.look = clock.schedule(clock.nowNanos() + this.limitNanos * STEP, () => this.lookAt());
  }

  private lookAt(): void {
    const { clock, cpuNanos, seconds, othersStart, onEnd } = this.options;
    const isBusy = this.isBusyOver(this.limitNanos * STEP);
    this.busy = isBusy;
    this.usedNanos = cpuNanos() ?? 0;
    this.lookedNanos = clock.nowNanos();
    const waited = clock.nowNanos() - this.beganNanos;
    const longest =
      seconds === undefined && (isBusy || othersStart()) ? LONGEST * this.limitNanos : this.limitNanos;
    if (waited < longest) return this.lookLater();
    onEnd({ seconds: shownSeconds(waited / NANOS_PER_SECOND), isBusy });
  }
}
