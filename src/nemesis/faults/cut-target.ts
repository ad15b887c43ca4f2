/** Targets of a partition: parts of the cluster, an explicit grudge, or a shape to be drawn at random. */
import type { Grudge } from '../../network/rules/partition.ts';
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { ScriptTarget } from '../fault.ts';
import { separate, type PartitionShape } from './grudge.ts';
import { isListOfNodes } from '../script-target.ts';

/** The shapes from which partitions are drawn unless targets are given. */
export const SHAPES: readonly PartitionShape[] = ['one', 'minority-third', 'majority', 'majorities-ring'];
const SCRIPT_SHAPES: readonly PartitionShape[] = [...SHAPES, 'primaries'];

export const CUT_TARGET: ScriptTarget = {
  expected:
    'lists of nodes that hear each other, such as [["n1"], ["n2", "n3"]], or a map of the nodes that a node does not hear, such as ' +
    `{"n1": ["n2"]}, or one of the words ${SCRIPT_SHAPES.join(', ')}`,
  accepts: (target, nodes) => {
    if (typeof target === 'string') return SCRIPT_SHAPES.some((shape) => shape === target);
    if (Array.isArray(target)) {
      const parts: readonly Json[] = target;
      return (
        parts.length > 1 &&
        parts.every((part) => isListOfNodes(part, nodes) && part.length > 0) &&
        isListOfNodes(parts.flat(), nodes)
      );
    }
    return (
      isJsonObject(target) &&
      Object.entries(target).every(([node, others]) => nodes.includes(node) && isListOfNodes(others, nodes))
    );
  },
};

/**
 * Returns the grudge that a target specifies explicitly, or undefined if it is a shape. The target must have been
 * checked against `CUT_TARGET`.
 */
export function readGrudge(target: Json): Grudge | undefined {
  if (typeof target === 'string') return undefined;
  if (Array.isArray(target)) return separate(target as (readonly string[])[]);
  const others = Object.entries(target as Record<string, readonly string[]>);
  return new Map(others.map(([node, strangers]) => [node, new Set(strangers)]));
}
