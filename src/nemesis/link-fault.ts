/**
 * Faults on the links of some nodes: `start-loss` and its like begin one, with whom it hits as value, and `stop-loss`
 * ends it, by turns. All links that begin or end at a node that is hit are touched, to nodes and services alike; messages
 * to and from clients are not.
 */
import {
  duplicateRule,
  flapRule,
  lossRule,
  reorderRule,
  slowRule,
  type LinkScope,
} from '../network/link-rules.ts';
import type { LatencySpec } from '../network/latency.ts';
import { linksOf } from '../network/links.ts';
import type { Rule } from '../network/rule.ts';
import { chooseNodes, membersOf } from './choose-nodes.ts';
import type { FaultKind, LastingKind } from './fault.ts';
import { longestHoldMs, slownessText, type FaultStrengths } from './fault-strengths.ts';
import { ruleFault } from './rule-fault.ts';
import { NODE_TARGET } from './script-target.ts';
import { readPeriod, readProbability, readSlowness } from './strength-words.ts';
import { TARGETS_THAT_ALWAYS_HIT, type TargetSpec } from './targets.ts';

/** What is wrong with a link. */
interface LinkFault {
  readonly name: string;
  readonly about: string;
  /** How strong it is, in words that stand behind its name; may be empty. */
  readonly strength: (strengths: FaultStrengths) => string;
  readonly readStrength: NonNullable<LastingKind['readStrength']>;
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

/** `start-loss` with a target is answered with `["loss 0.1", [the nodes it hits]]`, `stop-loss` with `"links-healed"`. */
function linkFault({ name, about, strength, readStrength, rule }: LinkFault): FaultKind {
  return {
    kind: 'lasting',
    name,
    about,
    scriptTarget: NODE_TARGET,
    readStrength,
    prepare(environment) {
      const { network, latency, linkStreams: streams, targets = TARGETS_THAT_ALWAYS_HIT } = environment;
      return ruleFault(network, {
        healed: 'links-healed',
        draw: (random) => random.pick(targets),
        choose(target, strengths) {
          // It was drawn above, or has been checked against NODE_TARGET.
          const nodes = chooseNodes(target as TargetSpec, environment);
          const nameAndStrength = `${name} ${strength(strengths)}`;
          const isAll = nodes.length === membersOf(environment).length;
          return {
            rule: rule({ links: linksOf(nodes), streams }, strengths, latency),
            value: [nameAndStrength, nodes],
            words:
              nodes.length === 0
                ? undefined
                : `${nameAndStrength} at ${isAll ? 'all nodes' : nodes.join(' ')}`,
          };
        },
      });
    },
  };
}
