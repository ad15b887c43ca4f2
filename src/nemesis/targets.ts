/**
 * Which nodes a fault hits: words for random choices, after jepsen.nemesis.combined, or nodes by name.
 *
 *     null              any number of nodes, at least one
 *     one               one node
 *     minority-third    less than a third of the nodes: 1 of 5, none of 3
 *     minority          the largest minority: 2 of 5
 *     majority          one more than that: 3 of 5
 *     all               all nodes
 *     primary           the nodes that lead, where the workload can tell
 *     ["n1", "n3"]      these nodes
 */
import type { Chance } from '../world/random.ts';

export const TARGET_WORDS = ['one', 'minority-third', 'minority', 'majority', 'all', 'primary'] as const;

export type TargetWord = (typeof TARGET_WORDS)[number];

export type TargetSpec = TargetWord | null | readonly string[];

/** The default targets, from upstream's list. */
export const DEFAULT_TARGETS: readonly TargetSpec[] = [
  null,
  'one',
  'minority-third',
  'minority',
  'majority',
  'all',
];

/** Targets that select at least one node in a cluster of any size. */
export const TARGETS_THAT_ALWAYS_HIT: readonly TargetSpec[] = [null, 'one', 'majority', 'all'];

/**
 * Returns the targets that select any node in a cluster of that size: a minority of two nodes is empty. Returns all if
 * none does.
 */
export function targetsThatHit(targets: readonly TargetSpec[], nodes: number): readonly TargetSpec[] {
  const hitting = targets.filter((target) => {
    if (target === 'minority-third') return minorityThirdOf(nodes) > 0;
    return target === 'minority' ? minorityOf(nodes) > 0 : true;
  });
  return hitting.length === 0 ? targets : hitting;
}

const minorityThirdOf = (nodes: number): number => Math.floor((nodes - 1) / 3);
const minorityOf = (nodes: number): number => Math.ceil(nodes / 2) - 1;

/**
 * Returns the nodes that a target currently selects, in the order of `nodes`. Names that are not among `nodes` are
 * ignored.
 */
export function chooseTargets(
  spec: TargetSpec,
  nodes: readonly string[],
  random: Chance,
  primaries: readonly string[] = [],
): readonly string[] {
  const count = nodes.length;
  const draw = (size: number): readonly string[] => {
    const drawn = new Set(random.shuffle(nodes).slice(0, size));
    return nodes.filter((node) => drawn.has(node));
  };
  switch (spec) {
    case null:
      return count === 0 ? [] : draw(1 + random.int(count));
    case 'one':
      return draw(1);
    case 'minority-third':
      return draw(minorityThirdOf(count));
    case 'minority':
      return draw(minorityOf(count));
    case 'majority':
      return draw(Math.floor(count / 2) + 1);
    case 'all':
      return nodes;
    case 'primary':
      return nodes.filter((node) => primaries.includes(node));
    default:
      return nodes.filter((node) => spec.includes(node));
  }
}
