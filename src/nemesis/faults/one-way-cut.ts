/** The links that a one-way cut removes, and its notation in fault scripts and histories. */
import type { Grudge } from '../../network/rules/partition.ts';
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { ScriptTarget } from '../fault.ts';
import { isListOfNodes, NODE_TARGET } from '../script-target.ts';

/** No node of `to` receives from any node of `from`. */
export interface Way {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 *     link    n2 does not hear n4                                  (two nodes, chosen at random)
 *     mute    no other node hears the nodes that are hit, which hear all
 *     deaf    the nodes that are hit hear no other node, and are heard
 */
export type WayShape = 'link' | 'mute' | 'deaf';

/** The shapes whose nodes can be named. */
export const TARGETED_SHAPES: readonly WayShape[] = ['mute', 'deaf'];

export const WAY_TARGET: ScriptTarget = {
  expected:
    'the nodes that are not heard and those that do not hear them, such as {"from": ["n1"], "to": ["n2", "n3"]}, or nodes that no other node hears or that hear no other node, such as {"mute": ["n1"]} or {"deaf": "one"}',
  accepts: (target, nodes) => {
    if (!isJsonObject(target)) return false;
    if (isWay(target))
      return [target.from, target.to].every((side) => isListOfNodes(side, nodes) && side.length > 0);
    const [[shape, hit] = ['', null], ...others] = Object.entries(target);
    const isShape = TARGETED_SHAPES.some((each) => each === shape);
    return others.length === 0 && isShape && NODE_TARGET.accepts(hit, nodes);
  },
};

/**
 * Whether a script's target specifies the way explicitly. The values of `from` and `to` are checked once, when the
 * script is read.
 */
export function isWay(target: Json): target is Json & Way {
  return isJsonObject(target) && 'from' in target && 'to' in target;
}

const strangersOf = (node: string, { from }: Way): readonly string[] =>
  from.filter((other) => other !== node);

export function grudgeOf(way: Way): Grudge {
  return new Map(way.to.map((node) => [node, new Set(strangersOf(node, way))]));
}

export function isolatedBy(way: Way): Json {
  return Object.fromEntries(way.to.map((node): [string, Json] => [node, strangersOf(node, way)]));
}

/** Returns undefined when it removes no link. */
export function describeWay({ from, to }: Way): string | undefined {
  if (from.length === 0 || to.length === 0) return undefined;
  return `one-way ${from.join(' ')} -/-> ${to.join(' ')}`;
}
