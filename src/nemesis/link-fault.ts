/**
 * Faults on the links of some nodes: `start-loss` and its like begin one, with whom it hits as value, and `stop-loss`
 * ends it, by turns. All links that begin or end at a node that is hit are touched, to nodes and services alike; messages
 * to and from clients are not.
 */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import {
  duplicateRule,
  flapRule,
  lossRule,
  reorderRule,
  slowRule,
  type LinkScope,
} from '../network/link-rules.ts';
import type { LatencySpec } from '../network/latency.ts';
import { linksOf, LinkStreams } from '../network/links.ts';
import type { Rule } from '../network/rule.ts';
import type { Json } from '../protocol/json.ts';
import { chooseNodes, membersOf } from './choose-nodes.ts';
import type {
  FaultBand,
  FaultEnvironment,
  FaultKind,
  FaultOp,
  FaultPackage,
  ScriptedFault,
} from './fault-package.ts';
import { longestHoldMs, slownessText, type FaultStrengths } from './fault-strengths.ts';
import { NODE_TARGET } from './script-target.ts';
import { readPeriod, readProbability, readSlowness } from './strength-words.ts';
import type { TargetSpec } from './targets.ts';

/** Whom a fault on links hits when nobody says otherwise: each of these is somebody in a cluster of any size. */
export const LINK_TARGETS: readonly TargetSpec[] = [null, 'one', 'majority', 'all'];

/** What is wrong with a link. */
interface LinkFault {
  readonly name: string;
  readonly about: string;
  /** How strong it is, in words that stand behind its name; may be empty. */
  readonly strength: (strengths: FaultStrengths) => string;
  readonly readStrength: NonNullable<FaultKind['readStrength']>;
  readonly rule: (scope: LinkScope, strengths: FaultStrengths, latency: LatencySpec) => Rule;
}

export const lossFault = linkFault({
  name: 'loss',
  about: 'Loses messages on the links of some nodes, each with a probability of 0.1 (`--loss`).',
  strength: ({ loss }) => String(loss),
  readStrength: (words) => ({ loss: readProbability(words) }),
  rule: (scope, { loss }) => lossRule(scope, loss),
});

export const duplicateFault = linkFault({
  name: 'duplicate',
  about:
    'Lets messages on the links of some nodes arrive twice, each with a probability of 0.1 (`--duplicate`). The copy comes ' +
    '50 ms later on average.',
  strength: ({ duplicate }) => String(duplicate),
  readStrength: (words) => ({ duplicate: readProbability(words) }),
  rule: (scope, { duplicate }) => duplicateRule(scope, duplicate),
});

export const reorderFault = linkFault({
  name: 'reorder',
  about:
    'Holds back messages on the links of some nodes, each with a probability of 0.1 (`--reorder`), so that later ones ' +
    'overtake them: for up to 100 ms and four times the mean latency.',
  strength: ({ reorder }) => String(reorder),
  readStrength: (words) => ({ reorder: readProbability(words) }),
  rule: (scope, { reorder }, latency) => reorderRule(scope, reorder, longestHoldMs(latency)),
});

export const slowFault = linkFault({
  name: 'slow',
  about:
    'Makes the links of some nodes slow: ten times the latency, or 50 to 500 ms more where there is none; another factor ' +
    'or range with `--slow 20x` or `--slow 50ms..2s`.',
  strength: ({ slow }) => slownessText(slow),
  readStrength: (words, latency) => ({ slow: readSlowness(words, latency) }),
  rule: (scope, { slow }) => slowRule(scope, slow),
});

export const flapFault = linkFault({
  name: 'flap',
  about:
    'Makes the links of some nodes go down and up again, over and over: down for the first half of every second, or of ' +
    'the period given by `--flap 200ms`. Each link does so at its own moment. What is due while a link is down is lost.',
  strength: ({ flapPeriodMs }) => `every ${flapPeriodMs}ms`,
  readStrength: (words) => ({ flapPeriodMs: readPeriod(words) }),
  rule: (scope, { flapPeriodMs }) => flapRule(scope, flapPeriodMs),
});

function linkFault(fault: LinkFault): FaultKind {
  return {
    name: fault.name,
    about: fault.about,
    scriptTarget: NODE_TARGET,
    readStrength: fault.readStrength,
    prepare: (environment) => new LinkFaultPackage(fault, environment),
  };
}

class LinkFaultPackage implements FaultPackage {
  readonly name: string;
  readonly band: FaultBand;
  readonly generator: Generator;
  readonly finalGenerator: Generator;
  private readonly start: string;
  private readonly streams: LinkStreams;
  /** Scripted ones have a chance of their own: what the drawn ones do makes no difference to them. */
  private readonly scriptStreams: LinkStreams;
  private heal: (() => void) | undefined;
  private active: string | undefined;

  constructor(
    private readonly fault: LinkFault,
    private readonly environment: FaultEnvironment,
  ) {
    const { name } = fault;
    const { random, intervalSeconds, targets = LINK_TARGETS } = environment;
    this.name = name;
    this.start = `start-${name}`;
    const stop = `stop-${name}`;
    this.band = { name, start: [this.start], stop: [stop] };
    this.streams = new LinkStreams(random.child('links'));
    this.scriptStreams = new LinkStreams(random.child('scripted'));
    this.generator = stagger(
      intervalSeconds,
      flipFlop(
        repeatedly((chance) => ({ f: this.start, value: chance.pick(targets) })),
        repeatedly(() => ({ f: stop })),
      ),
    );
    this.finalGenerator = one({ f: stop });
  }

  /** `start-loss` with a target is answered with `["loss 0.1", [the nodes it hits]]`, `stop-loss` with `"links-healed"`. */
  invoke(op: FaultOp, done: (value: Json) => void): void {
    this.heal?.();
    this.heal = undefined;
    this.active = undefined;
    if (op.f !== this.start) return done('links-healed');
    // The target comes from the generator above.
    const nodes = chooseNodes(op.value as TargetSpec, this.environment);
    const { strengths } = this.environment;
    this.heal = this.install(nodes, this.streams, strengths);
    this.active = nodes.length === 0 ? undefined : this.wordsFor(nodes, strengths);
    done([this.kindAndStrength(strengths), nodes]);
  }

  activeFaults(): readonly string[] {
    return this.active === undefined ? [] : [this.active];
  }

  script(target: Json, strengths: FaultStrengths): ScriptedFault {
    let nodes: readonly string[] = [];
    let heal: () => void = () => undefined;
    return {
      kind: 'fault',
      begin: () => {
        // Has been checked against NODE_TARGET.
        nodes = chooseNodes(target as TargetSpec, this.environment);
        heal = this.install(nodes, this.scriptStreams, strengths);
        return [this.kindAndStrength(strengths), nodes];
      },
      end: () => {
        heal();
        return 'links-healed';
      },
      describe: () => this.wordsFor(nodes, strengths),
    };
  }

  private install(nodes: readonly string[], streams: LinkStreams, strengths: FaultStrengths): () => void {
    const { network, latency } = this.environment;
    return network.addRule(this.fault.rule({ links: linksOf(nodes), streams }, strengths, latency));
  }

  private kindAndStrength(strengths: FaultStrengths): string {
    return `${this.name} ${this.fault.strength(strengths)}`;
  }

  private wordsFor(nodes: readonly string[], strengths: FaultStrengths): string {
    const isAll = nodes.length === membersOf(this.environment).length;
    return `${this.kindAndStrength(strengths)} at ${isAll ? 'all nodes' : nodes.join(' ')}`;
  }
}
