/** Operations with their values, for pictures that show some of them; a million operations are kept only as columns. */
import { OpReader } from '../../history/reading/op-from.ts';
import type { Op } from '../../history/op.ts';
import { parseJson } from '../../protocol/json.ts';
import type { RunOperations } from '../../recording/operations/operation-columns.ts';
import { trimValue } from './trim-value.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

export interface WholeOperation {
  readonly invocation: Op;
  readonly completion: Op | undefined;
}

/** Maximum size of an entry in bytes; longer ones do not fit into a string. */
const LONGEST_ENTRY = 256 << 20;

/**
 * Returns the number by which an operation is named in sentences, pictures, tables and addresses; see
 * history/operation-names.ts.
 */
export const numberOf = ({ invocation }: WholeOperation): number => invocation.index;

/** Pairs invocations with completions, in order of invocation. */
export function wholeOperations(ops: readonly Op[]): WholeOperation[] {
  const open = new Map<Op['process'], { readonly invocation: Op; completion: Op | undefined }>();
  const whole: { readonly invocation: Op; completion: Op | undefined }[] = [];
  for (const op of ops) {
    if (op.type === 'invoke') {
      const operation = { invocation: op, completion: undefined };
      open.set(op.process, operation);
      whole.push(operation);
    } else {
      const operation = open.get(op.process);
      if (operation !== undefined) operation.completion = op;
      open.delete(op.process);
    }
  }
  return whole;
}

/** Returns the first operations of a history; long values are cut. */
export function firstOperations(history: RunOperations, most: number): WholeOperation[] {
  const rows = Array.from({ length: Math.min(most, history.count) }, (_, row) => row);
  return operationsAt(history, rows, trimmed);
}

/** Returns the operations that have an entry with one of the indexes, indexed by that. */
export function operationsByIndex(
  history: RunOperations,
  indexes: Iterable<number>,
): ReadonlyMap<number, WholeOperation> {
  const rows = new Set([...indexes].flatMap((index) => history.rowOf(index) ?? []));
  return new Map(
    operationsAt(history, [...rows]).flatMap((whole) =>
      [whole.invocation, whole.completion].flatMap((op) =>
        op === undefined ? [] : [[op.index, whole] as const],
      ),
    ),
  );
}

/** Omits what cannot be read. */
function operationsAt(
  history: RunOperations,
  rows: readonly number[],
  keep: (op: Op) => Op = (op) => op,
): WholeOperation[] {
  if (rows.length === 0) return [];
  const { invokeAt, completeAt } = history.columns;
  return history.lines((read) => {
    const opAt = (offset: number): Op | undefined =>
      offset === -1
        ? undefined
        : unlessThrows(() => new OpReader(undefined).ofJson(parseJson(read(offset, LONGEST_ENTRY)), 0));
    return rows.flatMap((row) => {
      const invocation = opAt(invokeAt.at(row));
      const completion = opAt(completeAt.at(row));
      return invocation === undefined
        ? []
        : [{ invocation: keep(invocation), completion: completion && keep(completion) }];
    });
  });
}

function trimmed(op: Op): Op {
  const value = trimValue(op.value);
  return value === op.value ? op : { ...op, value };
}
