/** The members of the cluster: the first nodes, and what the operations of the fault `membership` made of them. */
import { ADD_MEMBER, REMOVE_MEMBER } from '../nemesis/fault-operations.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';

/** An operation of the nemesis: `add-member` with the value `{"n6": "added"}`, in a fault script `adding`. */
export interface MembershipOp {
  readonly f: string;
  readonly value: Json;
}

/** The members after an operation; the same array when they have not changed. */
export function membersAfter(members: readonly string[], { f, value }: MembershipOp): readonly string[] {
  if ((f !== ADD_MEMBER && f !== REMOVE_MEMBER) || !isJsonObject(value)) return members;
  const [[node, outcome] = []] = Object.entries(value);
  if (node === undefined) return members;
  if (outcome === 'added' || outcome === 'adding')
    return members.includes(node) ? members : [...members, node];
  const isGone = (outcome === 'removed' || outcome === 'removing') && members.includes(node);
  return isGone ? members.filter((member) => member !== node) : members;
}

/** All that ever were members: the first ones, then those that joined, in the order in which they did. */
export function everMembers(first: readonly string[], ops: Iterable<MembershipOp>): readonly string[] {
  const ever = new Set(first);
  for (const op of ops) for (const node of membersAfter([], op)) ever.add(node);
  return [...ever];
}
