/** The members of the cluster: the initial nodes, changed by the operations of the fault `membership`. */
import { ADD_MEMBER, REMOVE_MEMBER } from '../nemesis/fault-operations.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';

/** An operation of the nemesis: `add-member` with the value `{"n6": "added"}`, or `adding` in a fault script. */
export interface MembershipOp {
  readonly f: string;
  readonly value: Json;
}

/** Returns the members after an operation; the same array if they have not changed. */
export function membersAfter(members: readonly string[], { f, value }: MembershipOp): readonly string[] {
  if ((f !== ADD_MEMBER && f !== REMOVE_MEMBER) || !isJsonObject(value)) return members;
  const [[node, outcome] = []] = Object.entries(value);
  if (node === undefined) return members;
  if (outcome === 'added' || outcome === 'adding')
    return members.includes(node) ? members : [...members, node];
  const isGone = (outcome === 'removed' || outcome === 'removing') && members.includes(node);
  return isGone ? members.filter((member) => member !== node) : members;
}

/** Returns all nodes that were ever members: the initial ones, then those that joined, in that order. */
export function everMembers(first: readonly string[], ops: Iterable<MembershipOp>): readonly string[] {
  const ever = new Set(first);
  for (const op of ops) for (const node of membersAfter([], op)) ever.add(node);
  return [...ever];
}
