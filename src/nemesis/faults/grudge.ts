/**
 * Grudges: which node receives nothing from which, drawn at random for each partition.
 *
 *     one                n3 | n1 n2 n4 n5                     one node alone
 *     majority           n2 n5 | n1 n3 n4                     two parts, the larger a majority
 *     minority-third     n4 | n1 n2 n3 n5                     fewer than a third of the nodes, rounded down, cut off
 *     majorities-ring    every node sees a majority, no two the same one
 *     primaries          each node that believes it leads, alone (where the workload can tell)
 */
import type { Grudge } from '../../network/rules/partition.ts';
import type { Chance } from '../../world/random.ts';

/** The shape of a partition, which is the value of a `start-partition` operation. */
export type PartitionShape = 'one' | 'minority-third' | 'majority' | 'majorities-ring' | 'primaries';

/** Maximum number of nodes for an exact ring of overlapping majorities; for more, one is searched at random. */
const LARGEST_EXACT_RING = 5;

/** Draws a grudge of that shape over the nodes. `primaries` are the nodes that lead, used for that shape only. */
export function drawGrudge(
  shape: PartitionShape,
  nodes: readonly string[],
  random: Chance,
  primaries: readonly string[] = [],
): Grudge {
  const shuffled = random.shuffle(nodes);
  const cut = (size: number): Grudge => separate([shuffled.slice(0, size), shuffled.slice(size)]);
  switch (shape) {
    case 'one':
      return cut(1);
    case 'majority':
      return cut(Math.floor(nodes.length / 2));
    case 'minority-third':
      return cut(minorityThirdOf(nodes.length));
    case 'majorities-ring':
      return nodes.length <= LARGEST_EXACT_RING ? exactRing(shuffled) : stochasticRing(shuffled, random);
    case 'primaries': {
      const leaders = new Set(primaries);
      const others = nodes.filter((node) => !leaders.has(node));
      return separate([...primaries.map((node) => [node]), others]);
    }
  }
}

/**
 * Whether a partition of that shape cuts any link in a cluster of that size; for primaries this is unknown beforehand.
 */
export function separates(shape: PartitionShape, nodes: number): boolean {
  if (shape === 'minority-third') return minorityThirdOf(nodes) > 0;
  return shape === 'majorities-ring' ? majorityOf(nodes) < nodes : nodes > 1;
}

const minorityThirdOf = (nodes: number): number => Math.floor((nodes - 1) / 3);

/** Returns the grudge between parts that do not reach each other. */
export function separate(parts: readonly (readonly string[])[]): Grudge {
  const grudge = new Map<string, ReadonlySet<string>>();
  for (const part of parts) {
    const strangers = new Set(parts.filter((other) => other !== part).flat());
    if (strangers.size > 0) for (const node of part) grudge.set(node, strangers);
  }
  return grudge;
}

const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/**
 * Places the nodes in a ring. Each range of a majority belongs to the node in its middle, which receives from no node
 * outside it.
 */
function exactRing(ring: readonly string[]): Grudge {
  const size = ring.length;
  const majority = majorityOf(size);
  const grudge = new Map<string, ReadonlySet<string>>();
  for (let start = 0; start < size; start++) {
    const heard = new Set<string>();
    for (let step = 0; step < majority; step++) heard.add(ring[(start + step) % size] ?? '');
    const middle = ring[(start + Math.floor(majority / 2)) % size] ?? '';
    const strangers = ring.filter((node) => !heard.has(node));
    if (strangers.length > 0) grudge.set(middle, new Set(strangers));
  }
  return grudge;
}

/**
 * Repeatedly connects the node with the fewest connections to the least connected node that it does not know, until
 * every node knows a majority (including itself); all other links are cut.
 */
function stochasticRing(nodes: readonly string[], random: Chance): Grudge {
  const known = new Map(nodes.map((node) => [node, new Set([node])]));
  const degree = (node: string): number => known.get(node)?.size ?? 0;
  const loneliest = (candidates: readonly string[]): string | undefined => {
    const least = Math.min(...candidates.map(degree));
    const lonely = candidates.filter((node) => degree(node) === least);
    return lonely.length === 0 ? undefined : random.pick(lonely);
  };
  for (;;) {
    const node = loneliest(nodes);
    if (node === undefined || degree(node) >= majorityOf(nodes.length)) break;
    const stranger = loneliest(nodes.filter((other) => known.get(node)?.has(other) !== true));
    if (stranger === undefined) break;
    known.get(node)?.add(stranger);
    known.get(stranger)?.add(node);
  }
  const grudge = new Map<string, ReadonlySet<string>>();
  for (const [node, heard] of known) {
    const strangers = nodes.filter((other) => !heard.has(other));
    if (strangers.length > 0) grudge.set(node, new Set(strangers));
  }
  return grudge;
}
