/**
 * Records which turn is in progress, in memory that can still be read when that turn has ended the process. The same
 * seed gives the same turns, so the run can be repeated, with the node ended where that turn would begin.
 */

/** The default limit of real time, in milliseconds, for which a node may compute without yielding. */
export const USUAL_YIELD_LIMIT_MS = 10_000;

/** What a turn did that its process could not stop: it filled the memory, or never yielded. */
export type FatalKind = 'memory' | 'time';

/** Turns are counted from 1, over all nodes. */
export interface FatalTurn {
  readonly turn: number;
  readonly kind: FatalKind;
}

export interface TurnRecordOptions {
  /** Its first number is the turn in progress, or 0 between turns; another thread may read it. */
  readonly running?: Float64Array;
  /** Turns that do not take place. */
  readonly fatal?: readonly FatalTurn[];
  /** Called when the last of those turns would begin. */
  readonly onLastFatal?: () => void;
  /**
   * Persists the turn in progress, or 0, where it outlives the process. Slow; called after each long turn, and for all
   * with `everyTurn`.
   */
  readonly note?: (turn: number) => void;
  /** Notes each turn when it begins and ends, even a short one. */
  readonly everyTurn?: boolean;
}

export class TurnRecord {
  private count = 0;
  private readonly running: Float64Array;
  private readonly fatal: ReadonlyMap<number, FatalKind>;
  private readonly lastFatal: number;

  constructor(private readonly options: TurnRecordOptions = {}) {
    this.running = options.running ?? new Float64Array(1);
    const fatal = options.fatal ?? [];
    this.fatal = new Map(fatal.map(({ turn, kind }) => [turn, kind]));
    this.lastFatal = Math.max(0, ...this.fatal.keys());
  }

  /** The number of the current turn, or of the last one. */
  get number(): number {
    return this.count;
  }

  /** Begins a turn. Returns why it must not take place, or undefined if it may. */
  begin(): FatalKind | undefined {
    this.count++;
    if (this.count <= this.lastFatal) {
      const kind = this.fatal.get(this.count);
      if (kind !== undefined) {
        if (this.count === this.lastFatal) this.options.onLastFatal?.();
        return kind;
      }
    }
    this.running[0] = this.count;
    if (this.options.everyTurn === true) this.options.note?.(this.count);
    return undefined;
  }

  /** Ends a turn. The other thread may have noted a long one, and that note must be cleared. */
  end(wasLong: boolean): void {
    this.running[0] = 0;
    if (wasLong || this.options.everyTurn === true) this.options.note?.(0);
  }
}
