/** A history as operations with a beginning and an end, which is how definitions speak of them. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';

export interface Interval {
  readonly process: number;
  readonly f: string;
  /** What was asked for. */
  readonly asked: Json;
  /** How it ended; `open` when it never did. */
  readonly outcome: 'ok' | 'fail' | 'info' | 'open';
  /** The completion's value; of operations that did not end `ok` only where they have one. */
  readonly answered: Json;
  /** Positions in the history; an operation that is open returns at infinity. */
  readonly invoked: number;
  readonly returned: number;
  readonly final: boolean;
}

/** Of clients only, in the order of invocation. */
export function intervalsOf(ops: readonly HistoryOp[]): readonly Interval[] {
  const intervals: Interval[] = [];
  const open = new Map<number, number>();
  ops.forEach((op, position) => {
    if (typeof op.process !== 'number') return;
    if (op.type === 'invoke') {
      open.set(op.process, intervals.length);
      intervals.push({
        process: op.process,
        f: op.f ?? '',
        asked: op.value ?? null,
        outcome: 'open',
        answered: op.value ?? null,
        invoked: position,
        returned: Infinity,
        final: op.final === true,
      });
      return;
    }
    const at = open.get(op.process);
    const invocation = at === undefined ? undefined : intervals[at];
    if (at === undefined || invocation === undefined) return;
    open.delete(op.process);
    intervals[at] = {
      ...invocation,
      outcome: op.type,
      answered: op.value ?? (op.type === 'ok' ? null : invocation.asked),
      returned: position,
    };
  });
  return intervals;
}

/** Whether it certainly happened, certainly did not, or that is unknown. */
export const mayHaveHappened = ({ outcome }: Interval): boolean => outcome === 'info' || outcome === 'open';
