/** Partitions: the network splits, and heals again, after jepsen.nemesis.combined. */
import { partitionRule, type Grudge } from '../../network/rules/partition.ts';
import type { Json } from '../../protocol/json.ts';
import { chooseNodes, membersOf } from '../choose-nodes.ts';
import { CUT_TARGET, readGrudge, SHAPES } from './cut-target.ts';
import type { PreparedEnvironment, FaultKind } from '../fault.ts';
import { drawGrudge, separate, separates, type PartitionShape } from './grudge.ts';
import { describeGrudge } from '../grudge-words.ts';
import { ruleFault } from './rule-fault.ts';
import type { TargetSpec } from '../targets.ts';

/**
 * `start-partition` with a shape completes with `["isolated", {node: [the nodes it no longer hears]}]`,
 * `stop-partition` with `"network-healed"`.
 */
export const partitionFault: FaultKind = {
  kind: 'lasting',
  name: 'partition',
  about:
    'Cuts the network between nodes. Each partition has one of the shapes `one`, `minority-third`, `majority` and ' +
    '`majorities-ring`, chosen at random among those that have an effect in a cluster of that size, and lasts until the next operation of the nemesis, which heals it. Clients and services stay reachable from every node. With `--nemesis-targets` it cuts those nodes off from the others instead.',
  scriptTarget: CUT_TARGET,
  prepare(environment) {
    const { nodes, network, targets } = environment;
    const shapes = SHAPES.filter((shape) => separates(shape, nodes.length));
    const values: readonly Json[] = targets ?? (shapes.length === 0 ? SHAPES : shapes);
    return ruleFault(network, {
      healed: 'network-healed',
      draw: (random) => random.pick(values),
      choose(target) {
        const members = membersOf(environment);
        const grudge = targets === undefined ? grudgeOf(target, environment) : cutOff(target, environment);
        return {
          rule: partitionRule(grudge),
          value: ['isolated', isolated(grudge, members)],
          words: grudge.size === 0 ? undefined : `partition ${describeGrudge(grudge, members)}`,
        };
      },
    });
  },
};

/** Returns the grudge between the nodes of a target from `--nemesis-targets`, which was drawn above, and all others. */
function cutOff(target: Json, environment: PreparedEnvironment): Grudge {
  const chosen = chooseNodes(target as TargetSpec, environment);
  return separate([chosen, membersOf(environment).filter((node) => !chosen.includes(node))]);
}

/** Returns the grudge for a target. If the cluster has become too small for the shape, another shape is used. */
function grudgeOf(target: Json, environment: PreparedEnvironment): Grudge {
  const given = readGrudge(target);
  if (given !== undefined) return given;
  const shape = target as PartitionShape;
  const { random, primaries } = environment;
  const members = membersOf(environment);
  const grudge = drawGrudge(shape, members, random, primaries?.());
  return grudge.size > 0 || shape === 'primaries' ? grudge : drawGrudge('one', members, random);
}

function isolated(grudge: Grudge, nodes: readonly string[]): Json {
  return Object.fromEntries(
    nodes.flatMap((node) => {
      const strangers = grudge.get(node);
      return strangers === undefined ? [] : [[node, nodes.filter((other) => strangers.has(other))]];
    }),
  );
}
