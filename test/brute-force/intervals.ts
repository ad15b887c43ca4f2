/** A history as operations with a beginning and an end, the form that definitions use. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';

export interface Interval {
  readonly process: number;
  readonly f: string;
  /** The invocation's value. */
  readonly asked: Json;
  /** How it completed; `open` if it never did. */
  readonly outcome: 'ok' | 'fail' | 'info' | 'open';
  /** The completion's value, or the invocation's if the completion has none and is not `ok`. */
  readonly answered: Json;
  /** Positions in the history; an open operation returns at infinity. */
  readonly invoked: number;
  readonly returned: number;
  readonly final: boolean;
}

/** Returns the operations of clients, in order of invocation. */
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

/** Whether it is unknown if the operation happened. */
export const mayHaveHappened = ({ outcome }: Interval): boolean => outcome === 'info' || outcome === 'open';
