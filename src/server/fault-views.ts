/** Faults as the viewer shows them: few words, and the lanes that are touched. */
import type { Op } from '../history/op.ts';
import { MEMBERSHIP } from '../nemesis/fault-operations.ts';
import { everMembers } from '../recording/members.ts';
import { faultBands } from '../report/fault-bands.ts';
import type { NemesisOp } from '../recording/operation-columns.ts';
import type { FaultView } from '../recording/views.ts';

/** Names that are told one by one in a part of a partition. */
const FEW = 8;

export function faultViews(ops: readonly NemesisOp[], nodes: readonly string[]): FaultView[] {
  const whole = ops.map((op): Op => ({ ...op, type: 'info', process: 'nemesis' }));
  const ever = everMembers(nodes, ops);
  return faultBands(whole, nodes).map(({ kind, fromNanos, toNanos, about }) => {
    const named = new Set(about.split(/[ |;,]+/));
    return {
      name: kind,
      from: fromNanos,
      to: toNanos ?? null,
      about: kind === MEMBERSHIP ? about : about.split(' | ').map(shortList).join(' | '),
      // Of changed members those are touched that have left, and they are among the first ones.
      nodes: (kind === MEMBERSHIP ? nodes : ever).filter((node) => named.has(node)),
    };
  });
}

/** Few names as they are; of many how many there are. */
function shortList(names: string): string {
  const list = names.split(' ');
  return list.length > FEW ? `${list.length} nodes (${list.slice(0, 3).join(' ')} …)` : names;
}
