/** Histories in which a checker of transactions does not claim to find everything. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import { identity } from './odd-values.ts';
import type { MicroOp } from './transactional-histories.ts';

const microOpsOf = ({ value }: HistoryOp): readonly MicroOp[] =>
  Array.isArray(value) ? (value as readonly MicroOp[]) : [];

/** Returns what the ok reads of a key show: one list of identities per read. */
function listsOf(ops: readonly HistoryOp[], key: Json): readonly (readonly string[])[] {
  return ops
    .flatMap((op) => (op.type === 'ok' ? microOpsOf(op) : []))
    .filter(([f, other]) => f === 'r' && identity(other) === identity(key))
    .map(([, , list]) => ((list ?? []) as readonly Json[]).map(identity));
}

/** Whether several transactions that completed without failing appended to one key what no read of it shows. */
export function hasRivalUnseenAppends(ops: readonly HistoryOp[]): boolean {
  const rivals = new Map<string, Set<HistoryOp>>();
  for (const op of ops) {
    if (op.type === 'fail' || op.type === 'invoke') continue;
    for (const [f, key, element] of microOpsOf(op)) {
      if (f !== 'append' || listsOf(ops, key).some((list) => list.includes(identity(element)))) continue;
      rivals.set(identity(key), (rivals.get(identity(key)) ?? new Set()).add(op));
    }
  }
  return [...rivals.values()].some(({ size }) => size > 1);
}
