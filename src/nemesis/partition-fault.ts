/** Partitions: the network falls apart, and heals again, after jepsen.nemesis.combined. */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import { partitionRule, type Grudge } from '../network/partition.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { chooseNodes, membersOf } from './choose-nodes.ts';
import type {
  FaultEnvironment,
  FaultKind,
  FaultOp,
  FaultPackage,
  ScriptedFault,
  ScriptTarget,
} from './fault-package.ts';
import { drawGrudge, separate, separates, type PartitionShape } from './grudge.ts';
import { isListOfNodes } from './script-target.ts';
import type { TargetSpec } from './targets.ts';

/** What is drawn from when nobody says otherwise. */
const SHAPES: readonly PartitionShape[] = ['one', 'minority-third', 'majority', 'majorities-ring'];
const SCRIPT_SHAPES: readonly PartitionShape[] = [...SHAPES, 'primaries'];

/** Parts of the cluster, a grudge by name, or a shape to be drawn. */
const CUT_TARGET: ScriptTarget = {
  expected:
    'lists of nodes that hear each other, such as [["n1"], ["n2", "n3"]], or who does not hear whom, such as ' +
    `{"n1": ["n2"]}, or one of ${SCRIPT_SHAPES.join(', ')}`,
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

export const partitionFault: FaultKind = {
  name: 'partition',
  about:
    'Cuts the network between nodes. Each partition has one of the shapes `one`, `minority-third`, `majority` and ' +
    '`majorities-ring`, drawn at random from those that cut anything in a cluster of that size, and lasts until the next operation of the nemesis, which heals it. Clients and ' +
    'services stay within reach of every node. With `--nemesis-targets` it cuts those nodes off from the others instead.',
  scriptTarget: CUT_TARGET,
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
    const size = environment.nodes.length;
    const shapes = SHAPES.filter((shape) => separates(shape, size));
    const values: readonly Json[] = environment.targets ?? (shapes.length === 0 ? SHAPES : shapes);
    this.generator = stagger(
      environment.intervalSeconds,
      flipFlop(
        repeatedly((random) => ({ f: 'start-partition', value: random.pick(values) })),
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
    const nodes = membersOf(this.environment);
    const grudge = this.draw(op.value);
    this.heal = this.environment.network.addRule(partitionRule(grudge));
    this.active = grudge.size === 0 ? undefined : `partition ${describeGrudge(grudge, nodes)}`;
    done(['isolated', isolated(grudge, nodes)]);
  }

  script(target: Json): ScriptedFault {
    const { network } = this.environment;
    let heal: (() => void) | undefined;
    let grudge: Grudge = new Map();
    let nodes: readonly string[] = [];
    return {
      kind: 'fault',
      begin: () => {
        nodes = membersOf(this.environment);
        grudge = readGrudge(target) ?? this.drawShape(target as PartitionShape);
        heal = network.addRule(partitionRule(grudge));
        return ['isolated', isolated(grudge, nodes)];
      },
      end: () => {
        heal?.();
        return 'network-healed';
      },
      describe: () => `partition ${describeGrudge(grudge, nodes)}`,
    };
  }

  activeFaults(): readonly string[] {
    return this.active === undefined ? [] : [this.active];
  }

  /** The value comes from the generator above. */
  private draw(value: Json): Grudge {
    if (this.environment.targets === undefined) return this.drawShape(value as PartitionShape);
    const cutOff = chooseNodes(value as TargetSpec, this.environment);
    return separate([cutOff, membersOf(this.environment).filter((node) => !cutOff.includes(node))]);
  }

  /** In a cluster that has become too small for the shape another one is drawn. */
  private drawShape(shape: PartitionShape): Grudge {
    const { random, primaries } = this.environment;
    const members = membersOf(this.environment);
    const grudge = drawGrudge(shape, members, random, primaries?.());
    if (grudge.size > 0 || shape === 'primaries') return grudge;
    return drawGrudge('one', members, random);
  }
}

/** The grudge that a target spells out, which has been checked against `CUT_TARGET`; undefined when it is a shape. */
function readGrudge(target: Json): Grudge | undefined {
  if (typeof target === 'string') return undefined;
  if (Array.isArray(target)) return separate(target as (readonly string[])[]);
  const others = Object.entries(target as Record<string, readonly string[]>);
  return new Map(others.map(([node, strangers]) => [node, new Set(strangers)]));
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
