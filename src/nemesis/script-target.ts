/** Forms of targets in a fault script, for use by the kinds of fault. */
import type { Json } from '../protocol/json.ts';
import type { ScriptTarget } from './fault.ts';
import { TARGET_WORDS } from './targets.ts';

/** Nodes: a word by which they are drawn, or their names. */
export const NODE_TARGET: ScriptTarget = {
  expected: `a list of nodes, such as ["n1", "n3"], or one of the words ${TARGET_WORDS.join(', ')}`,
  accepts: (target, nodes) =>
    typeof target === 'string'
      ? TARGET_WORDS.some((word) => word === target)
      : isListOfNodes(target, nodes) && target.length > 0,
};

/** Whether it is a list of nodes without duplicates. */
export function isListOfNodes(value: Json | undefined, nodes: readonly string[]): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'string' && nodes.includes(item)) &&
    new Set(value).size === value.length
  );
}
