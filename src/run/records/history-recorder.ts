/** Gives operations their index and time, and passes each to its observers: the history's file and the checkers. */
import { NOT_JUDGED } from '../../checkers/outcomes/stats.ts';
import type { Op } from '../../history/op.ts';

/** An operation as it happens, before it has an index. Times may come slightly out of order. */
export type OpDraft = Omit<Op, 'index'>;

export class HistoryRecorder {
  private nextIndex = 0;
  private lastNanos = 0;
  private zeroNanos = 0;
  private counts = { invoke: 0, ok: 0, fail: 0, info: 0 };

  constructor(private readonly watchers: readonly ((op: Op) => void)[]) {}

  /** Number of client operations so far, by type; a deliberate crash is not in doubt, here as in the statistics. */
  get tally(): Readonly<Record<Op['type'], number>> {
    return this.counts;
  }

  /** Sets the zero of operation times; `zeroNanos` is a time of the drafts' clock. */
  begin(zeroNanos: number): void {
    this.zeroNanos = zeroNanos;
  }

  /** Records the draft; its time is raised to that of the previous operation if it is earlier. */
  record(draft: OpDraft): Op {
    const time = Math.max(this.lastNanos, draft.time - this.zeroNanos);
    this.lastNanos = time;
    const op: Op = { index: this.nextIndex++, ...draft, time };
    if (op.process !== 'nemesis' && !(op.type === 'info' && NOT_JUDGED.has(op.f))) this.counts[op.type]++;
    for (const watch of this.watchers) watch(op);
    return op;
  }
}
