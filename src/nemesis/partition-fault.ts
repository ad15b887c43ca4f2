/** Partitions: the network falls apart, and heals again, after jepsen.nemesis.combined. */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import { partitionRule, type Grudge } from '../network/partition.ts';
import type { Json } from '../protocol/json.ts';
import type { FaultEnvironment, FaultKind, FaultOp, FaultPackage } from './fault-package.ts';
import { drawGrudge, type PartitionShape } from './grudge.ts';

const SHAPES: readonly PartitionShape[] = ['one', 'minority-third', 'majority', 'majorities-ring'];

export const partitionFault: FaultKind = {
  name: 'partition',
  about:
    'Cuts the network between nodes. Each partition has one of the shapes `one`, `minority-third`, `majority` and ' +
    '`majorities-ring`, drawn at random, and lasts until the next operation of the nemesis, which heals it. Clients and ' +
    'services stay within reach of every node.',
  prepare: (environment) => new PartitionPackage(environment),
};

class PartitionPackage implements FaultPackage {
  readonly name = 'partition';
  readonly band = { name: 'partition', start: ['start-partition'], stop: ['stop-partition'] };
  readonly generator: Generator;
  readonly finalGenerator = one({ f: 'stop-partition' });
  private heal: (() => void) | undefined;
  private active: string | undefined;

  constructor(private readonly environment: FaultEnvironment) {
    const shapes = environment.primaries === undefined ? SHAPES : [...SHAPES, 'primaries'];
    this.generator = stagger(
      environment.intervalSeconds,
      flipFlop(
        repeatedly((random) => ({ f: 'start-partition', value: random.pick(shapes) })),
        repeatedly(() => ({ f: 'stop-partition' })),
      ),
    );
  }

  /**
   * `start-partition` with a shape is answered with `["isolated", {node: [the nodes it no longer hears]}]`,
   * `stop-partition` with `"network-healed"`.
   */
  invoke(op: FaultOp, done: (value: Json) => void): void {
    this.heal?.();
    this.heal = undefined;
    this.active = undefined;
    if (op.f === 'stop-partition') {
      done('network-healed');
      return;
    }
    const { nodes, network, random, primaries } = this.environment;
    // The shape comes from the generator above.
    const grudge = drawGrudge(op.value as PartitionShape, nodes, random, primaries?.());
    this.heal = network.addRule(partitionRule(grudge));
    this.active = grudge.size === 0 ? undefined : `partition ${describeGrudge(grudge, nodes)}`;
    done(['isolated', isolated(grudge, nodes)]);
  }

  activeFaults(): readonly string[] {
    return this.active === undefined ? [] : [this.active];
  }
}

function isolated(grudge: Grudge, nodes: readonly string[]): Json {
  return Object.fromEntries(
    nodes.flatMap((node) => {
      const strangers = grudge.get(node);
      return strangers === undefined ? [] : [[node, nodes.filter((other) => strangers.has(other))]];
    }),
  );
}

/** `n1 | n2 n3` when the nodes fall into parts that hear each other; otherwise what each node still hears. */
export function describeGrudge(grudge: Grudge, nodes: readonly string[]): string {
  const heardBy = new Map(
    nodes.map((node) => [node, nodes.filter((other) => grudge.get(node)?.has(other) !== true).join(' ')]),
  );
  const parts = [...new Set(heardBy.values())];
  const isPartition = parts.reduce((count, part) => count + part.split(' ').length, 0) === nodes.length;
  if (isPartition) return parts.join(' | ');
  return nodes.map((node) => `${node} hears ${heardBy.get(node) ?? ''}`).join('; ');
}
