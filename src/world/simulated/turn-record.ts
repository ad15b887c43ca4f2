/**
 * Which turn of which node is in progress, where it can still be read when that turn has ended the process. The same seed gives the
 * same turns, so that the run can be repeated, and the node ended where that turn would begin.
 */

/** How long, in real time, a node may compute without yielding. */
export const USUAL_YIELD_LIMIT_MS = 10_000;

/** What a turn did that its process could not stop: it filled the memory, or it never yielded. */
export type FatalKind = 'memory' | 'time';

/** Turns are counted from 1, over all nodes. */
export interface FatalTurn {
  readonly turn: number;
  readonly kind: FatalKind;
}

export interface TurnRecordOptions {
  /** Its first number is the turn in progress, 0 between turns: a thread beside this one may read it. */
  readonly running?: Float64Array;
  /** Turns that do not take place. */
  readonly fatal?: readonly FatalTurn[];
  /** Called as the last of those would begin. */
  readonly onLastFatal?: () => void;
  /** Keeps the turn in progress, or 0, where it outlives the process. Slow; called after each long turn, and for `everyTurn`. */
  readonly note?: (turn: number) => void;
  /** Notes each turn as it begins and ends, however short it is. */
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

  /** Of the present turn, or the last one. */
  get number(): number {
    return this.count;
  }

  /** Says why the turn that begins must not take place; undefined when it may. */
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

  /** A long turn may have been noted by the other thread, which must not outlast it. */
  end(wasLong: boolean): void {
    this.running[0] = 0;
    if (wasLong || this.options.everyTurn === true) this.options.note?.(0);
  }
}
