/** One-way cuts: somebody is not heard although he hears, as a broken cable or a wrong firewall rule makes it. */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import { partitionRule, type Grudge } from '../network/partition.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import type { Random } from '../world/random.ts';
import { chooseNodes, membersOf } from './choose-nodes.ts';
import type { FaultEnvironment, FaultKind, FaultOp, FaultPackage, ScriptedFault } from './fault-package.ts';
import { isListOfNodes, NODE_TARGET } from './script-target.ts';
import type { TargetSpec } from './targets.ts';

/**
 *     link    n2 does not hear n4                                  (two nodes, drawn)
 *     mute    nobody else hears those that are hit, who hear all
 *     deaf    those that are hit hear nobody else, and are heard
 */
type Shape = 'link' | 'mute' | 'deaf';

const SHAPES: readonly Shape[] = ['link', 'mute', 'deaf'];
/** Those that have somebody who is hit, where the test says who. */
const TARGETED_SHAPES: readonly Shape[] = ['mute', 'deaf'];
const TARGETS: readonly TargetSpec[] = ['one', 'minority', 'majority'];

export const oneWayFault: FaultKind = {
  name: 'one-way',
  about:
    'Cuts links between nodes in one direction only: from one node to one other (`link`), from some nodes to all others ' +
    '(`mute`), or from all others to some nodes (`deaf`). Clients and services stay within reach of every node.',
  scriptTarget: {
    expected:
      'who is not heard by whom, such as {"from": ["n1"], "to": ["n2", "n3"]}, or who is not heard by anybody or hears ' +
      'nobody, such as {"mute": ["n1"]} or {"deaf": "one"}',
    accepts: (target, nodes) => {
      if (!isJsonObject(target)) return false;
      if (isWay(target))
        return [target.from, target.to].every((side) => isListOfNodes(side, nodes) && side.length > 0);
      const [[shape, hit] = ['', null], ...others] = Object.entries(target);
      const isShape = TARGETED_SHAPES.some((each) => each === shape);
      return others.length === 0 && isShape && NODE_TARGET.accepts(hit, nodes);
    },
  },
  prepare: (environment) => new OneWayPackage(environment),
};

class OneWayPackage implements FaultPackage {
  readonly name = 'one-way';
  readonly band = { name: 'one-way', start: ['start-one-way'], stop: ['stop-one-way'] };
  readonly generator: Generator;
  readonly finalGenerator = one({ f: 'stop-one-way' });
  private heal: (() => void) | undefined;
  private active: string | undefined;

  constructor(private readonly environment: FaultEnvironment) {
    const { intervalSeconds, targets } = environment;
    const draw = (random: Random): Json =>
      targets === undefined ? drawWay(random, SHAPES, TARGETS) : drawWay(random, TARGETED_SHAPES, targets);
    this.generator = stagger(
      intervalSeconds,
      flipFlop(
        repeatedly((random) => ({ f: 'start-one-way', value: draw(random) })),
        repeatedly(() => ({ f: 'stop-one-way' })),
      ),
    );
  }

  /**
   * `start-one-way` with `["link"]`, `["mute", target]` or `["deaf", target]` is answered with
   * `["isolated", {node: [the nodes it no longer hears]}]`, `stop-one-way` with `"network-healed"`.
   */
  invoke(op: FaultOp, done: (value: Json) => void): void {
    this.heal?.();
    this.heal = undefined;
    this.active = undefined;
    if (op.f === 'stop-one-way') return done('network-healed');
    // Both come from the generator above.
    const [shape, target = 'one'] = op.value as readonly [Shape, TargetSpec?];
    const way = this.chooseWay(shape, target);
    this.heal = this.cut(way);
    this.active = way.from.length === 0 || way.to.length === 0 ? undefined : describeWay(way);
    done(['isolated', isolatedBy(way)]);
  }

  activeFaults(): readonly string[] {
    return this.active === undefined ? [] : [this.active];
  }

  script(target: Json): ScriptedFault {
    let way: Way = { from: [], to: [] };
    let heal: () => void = () => undefined;
    return {
      kind: 'fault',
      begin: () => {
        way = this.readWay(target);
        heal = this.cut(way);
        return ['isolated', isolatedBy(way)];
      },
      end: () => {
        heal();
        return 'network-healed';
      },
      describe: () => describeWay(way),
    };
  }

  /** The target of a script, which has been checked above. */
  private readWay(target: Json): Way {
    if (isWay(target)) return target;
    const [[shape, hit] = ['mute', 'one']] = Object.entries(target as Readonly<Record<string, Json>>);
    return this.chooseWay(shape as Shape, hit as TargetSpec);
  }

  private chooseWay(shape: Shape, target: TargetSpec): Way {
    const nodes = membersOf(this.environment);
    if (shape === 'link') {
      const [from, to] = this.environment.random.shuffle(nodes);
      return { from: from === undefined ? [] : [from], to: to === undefined ? [] : [to] };
    }
    const hit = chooseNodes(target, this.environment);
    const others = nodes.filter((node) => !hit.includes(node));
    return shape === 'mute' ? { from: hit, to: others } : { from: others, to: hit };
  }

  private cut(way: Way): () => void {
    return this.environment.network.addRule(partitionRule(grudgeOf(way), 'one-way'));
  }
}

/** None of `to` hears any of `from`. */
interface Way {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function drawWay(random: Random, shapes: readonly Shape[], targets: readonly TargetSpec[]): Json {
  const shape = random.pick(shapes);
  return shape === 'link' ? [shape] : [shape, random.pick(targets)];
}

/** Whether a script's target spells the way out; what stands behind `from` and `to` is checked once, when it is read. */
function isWay(target: Json): target is Json & Way {
  return isJsonObject(target) && 'from' in target && 'to' in target;
}

const strangersOf = (node: string, { from }: Way): readonly string[] =>
  from.filter((other) => other !== node);

function grudgeOf(way: Way): Grudge {
  return new Map(way.to.map((node) => [node, new Set(strangersOf(node, way))]));
}

function isolatedBy(way: Way): Json {
  return Object.fromEntries(way.to.map((node): [string, Json] => [node, strangersOf(node, way)]));
}

function describeWay({ from, to }: Way): string {
  return `one-way ${from.join(' ')} -/-> ${to.join(' ')}`;
}
