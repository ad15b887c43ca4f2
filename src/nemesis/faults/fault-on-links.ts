/**
 * What faults on the links of some nodes share. `start-loss` and its like begin one, with the target as value, and
 * `stop-loss` ends it, alternating. They affect all links that begin or end at a node that is hit, to nodes and
 * services alike, but no messages to or from clients.
 */
import type { LatencySpec } from '../../network/rules/latency.ts';
import type { LinkScope } from '../../network/rules/link-rules.ts';
import { linksOf } from '../../network/rules/links.ts';
import type { Rule } from '../../network/rules/rule.ts';
import { chooseNodes, membersOf } from '../choose-nodes.ts';
import type { FaultKind, Strength } from '../fault.ts';
import type { FaultStrengths } from '../fault-strengths.ts';
import { ruleFault } from './rule-fault.ts';
import { NODE_TARGET } from '../script-target.ts';
import { TARGETS_THAT_ALWAYS_HIT, type TargetSpec } from '../targets.ts';

interface LinkFault {
  readonly name: string;
  readonly about: string;
  readonly strength: Strength;
  /** The strength in words that follow the fault's name; may be empty. */
  readonly strengthText: (strengths: FaultStrengths) => string;
  readonly rule: (scope: LinkScope, strengths: FaultStrengths, latency: LatencySpec) => Rule;
}

/** `start-loss` with a target completes with `["loss 0.1", [the nodes it hits]]`, `stop-loss` with `"links-healed"`. */
export function faultOnLinks({ name, about, strength, strengthText, rule }: LinkFault): FaultKind {
  return {
    kind: 'lasting',
    name,
    about,
    scriptTarget: NODE_TARGET,
    strength,
    prepare(environment) {
      const { network, latency, linkStreams: streams, targets = TARGETS_THAT_ALWAYS_HIT } = environment;
      return ruleFault(network, {
        healed: 'links-healed',
        draw: (random) => random.pick(targets),
        choose(target, strengths) {
          // Drawn above, or checked against NODE_TARGET.
          const nodes = chooseNodes(target as TargetSpec, environment);
          const nameAndStrength = `${name} ${strengthText(strengths)}`;
          const isAll = nodes.length === membersOf(environment).length;
          return {
            rule: { ...rule({ links: linksOf(nodes), streams }, strengths, latency), isFault: true },
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
