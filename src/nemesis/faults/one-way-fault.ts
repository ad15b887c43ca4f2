/**
 * One-way cuts: a node receives from others that do not receive from it, as after a broken cable or a wrong firewall
 * rule.
 */
import { partitionRule } from '../../network/rules/partition.ts';
import type { Json } from '../../protocol/json.ts';
import { chooseNodes, membersOf } from '../choose-nodes.ts';
import type { PreparedEnvironment, FaultKind } from '../fault.ts';
import {
  describeWay,
  grudgeOf,
  isolatedBy,
  isWay,
  TARGETED_SHAPES,
  WAY_TARGET,
  type Way,
  type WayShape,
} from './one-way-cut.ts';
import { ruleFault } from './rule-fault.ts';
import type { TargetSpec } from '../targets.ts';

const SHAPES: readonly WayShape[] = ['link', 'mute', 'deaf'];
const TARGETS: readonly TargetSpec[] = ['one', 'minority', 'majority'];

/**
 * `start-one-way` with `["link"]`, `["mute", target]` or `["deaf", target]` completes with `["isolated", {node: [the
 * nodes it no longer hears]}]`, `stop-one-way` with `"network-healed"`.
 */
export const oneWayFault: FaultKind = {
  kind: 'lasting',
  name: 'one-way',
  about:
    'Cuts links between nodes in one direction only: from one node to one other (`link`), from some nodes to all others ' +
    '(`mute`), or from all others to some nodes (`deaf`). Clients and services stay reachable from every node.',
  scriptTarget: WAY_TARGET,
  prepare(environment) {
    const { network, targets } = environment;
    const shapes = targets === undefined ? SHAPES : TARGETED_SHAPES;
    return ruleFault(network, {
      healed: 'network-healed',
      draw(random) {
        const shape = random.pick(shapes);
        return shape === 'link' ? [shape] : [shape, random.pick(targets ?? TARGETS)];
      },
      choose(target) {
        const way = isWay(target) ? target : chooseWay(target, environment);
        return {
          rule: partitionRule(grudgeOf(way), 'one-way'),
          value: ['isolated', isolatedBy(way)],
          words: describeWay(way),
        };
      },
    });
  },
};

/**
 * Chooses the nodes for `["mute", target]` as drawn above, or for `{"mute": target}` from a script, checked against
 * `WAY_TARGET`.
 */
function chooseWay(value: Json, environment: PreparedEnvironment): Way {
  const [shape, target = 'one'] = (Array.isArray(value) ? value : Object.entries(value ?? {}).flat()) as [
    WayShape,
    TargetSpec?,
  ];
  const nodes = membersOf(environment);
  if (shape === 'link') {
    const [from, to] = environment.random.shuffle(nodes);
    return { from: from === undefined ? [] : [from], to: to === undefined ? [] : [to] };
  }
  const hit = chooseNodes(target, environment);
  const others = nodes.filter((node) => !hit.includes(node));
  return shape === 'mute' ? { from: hit, to: others } : { from: others, to: hit };
}
