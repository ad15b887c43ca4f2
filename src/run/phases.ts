/** The phases of a run: the one in progress, how long it lasts, and what cut the run short. */
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { World } from '../world/world.ts';
import type { CutShort } from './verdict/cut-short.ts';
import type { RunLog } from './run-outputs.ts';
import type { RunPhase } from './run-status.ts';
import type { RunTime } from './run-time.ts';

/** Phases after all requests, in which an interruption changes nothing. */
const AFTER_REQUESTS: ReadonlySet<RunPhase> = new Set(['stopping', 'analysis', 'done']);

export class Phases {
  private phase: RunPhase = 'starting';
  private endNanos: number | undefined;
  private cut: CutShort | undefined;
  private leave: () => void = () => undefined;

  constructor(
    private readonly world: Pick<World, 'clock' | 'deferred'>,
    private readonly time: RunTime,
    private readonly log: RunLog,
  ) {}

  get current(): RunPhase {
    return this.phase;
  }

  /** True once the run has been cut short. */
  get areCutShort(): boolean {
    return this.cut !== undefined;
  }

  /** Returns the seconds left in a phase of known length, otherwise undefined. */
  secondsLeft(): number | undefined {
    if (this.endNanos === undefined) return undefined;
    return Math.max(0, (this.endNanos - this.world.clock.nowNanos()) / NANOS_PER_SECOND);
  }

  /** Records what cuts the run short, and where; only the first counts. The phase goes on until `end`. */
  cutShort(by: string, error?: string): void {
    this.cut ??= {
      by,
      phase: this.phase,
      time: this.time.nowNanos(),
      ...(error === undefined ? {} : { error }),
    };
  }

  /** Returns what cut the run short, if that changes what is judged. */
  judgedCut(): CutShort | undefined {
    const { cut } = this;
    return cut === undefined || (cut.error === undefined && AFTER_REQUESTS.has(cut.phase)) ? undefined : cut;
  }

  /** Ends the phase in progress. */
  end(): void {
    this.leave();
  }

  enter(phase: RunPhase): void {
    this.phase = phase;
    this.endNanos = undefined;
    this.log(`Phase: ${phase}`);
  }

  /** Runs a phase until it is done or ended; does nothing if the run has been cut short. */
  async during(phase: RunPhase, begin: (done: () => void) => void, seconds?: number): Promise<void> {
    if (this.areCutShort) return;
    this.enter(phase);
    if (seconds !== undefined) this.endNanos = this.world.clock.nowNanos() + seconds * NANOS_PER_SECOND;
    const ended = this.world.deferred<undefined>();
    this.leave = () => ended.resolve(undefined);
    begin(this.leave);
    await ended.promise;
  }
}
