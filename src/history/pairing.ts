/**
 * Which completion belongs to which invocation.
 *
 * A process does one thing at a time, so the next completion by the same process ends its open invocation:
 *
 *   position   0 invoke p0   1 invoke p1   2 ok p1   3 info p0   4 invoke p5
 *   partner    3             2             1         0           -1
 */
import { HistoryError } from './history-error.ts';
import type { Op } from './op.ts';

/**
 * For each operation the position of its partner; -1 where there is none: the nemesis's operations, which are all `info`,
 * and invocations that never ended. Positions are those in the array given, not `op.index`. Throws `HistoryError` on a second
 * invocation by a process that is still busy, and on a completion without an invocation.
 */
export function pairOps(ops: readonly Op[]): Int32Array {
  const partner = new Int32Array(ops.length).fill(-1);
  const open = new Map<Op['process'], number>();
  for (const [position, op] of ops.entries()) {
    const { process } = op;
    if (process === 'nemesis') continue;
    const invocation = open.get(process);
    if (op.type === 'invoke') {
      if (invocation !== undefined) {
        throw new HistoryError(
          `${shown(op, position)} by process ${process}, whose ${shown(ops[invocation], invocation)} has not ended; ` +
            'a process does one thing at a time',
        );
      }
      open.set(process, position);
    } else {
      if (invocation === undefined) {
        throw new HistoryError(
          `${shown(op, position)} by process ${process}, which has invoked nothing that it could end`,
        );
      }
      partner[position] = invocation;
      partner[invocation] = position;
      open.delete(process);
    }
  }
  return partner;
}

function shown(op: Op | undefined, position: number): string {
  return `${op?.type} of ${JSON.stringify(op?.f)} (index ${op?.index ?? position})`;
}
