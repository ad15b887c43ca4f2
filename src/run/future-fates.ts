/** Random fates of messages in a future of a run, with the same probabilities and durations as in the run. */
import { longestHoldMs } from '../nemesis/fault-strengths.ts';
import { duplicateRule, lossRule, reorderRule, type LinkScope } from '../network/rules/link-rules.ts';
import { allLinks, LinkStreams } from '../network/rules/links.ts';
import type { Network } from '../network/network.ts';
import type { Rule } from '../network/rules/rule.ts';
import type { Random } from '../world/random.ts';
import type { TurningPoint } from '../world/turning-point.ts';
import type { FateChance, Future } from './course.ts';

export interface FutureSurroundings {
  readonly random: Random;
  readonly from: TurningPoint;
  /** Nanoseconds since requests began. */
  readonly nowNanos: () => number;
}

/** Installs rules that take effect at the turning point. */
export function applyFates(network: Network, { fates, latency }: Future, around: FutureSurroundings): void {
  for (const [number, { fault, probability, untilNanos = Infinity }] of fates.entries()) {
    const streams = new LinkStreams(around.random.child(`${fault} ${number}`));
    const rule = ruleOf({ links: allLinks, streams }, { fault, probability, untilNanos }, latency);
    network.addRule({
      ...rule,
      drawsFates: false,
      onSend: (packet, nowNanos) =>
        around.from.isPast && around.nowNanos() <= untilNanos
          ? (rule.onSend?.(packet, nowNanos) ?? { kind: 'pass' })
          : { kind: 'pass' },
    });
  }
}

function ruleOf(scope: LinkScope, { fault, probability }: FateChance, latency: Future['latency']): Rule {
  switch (fault) {
    case 'loss':
      return lossRule(scope, probability);
    case 'duplicate':
      return duplicateRule(scope, probability);
    case 'reorder':
      return reorderRule(scope, probability, longestHoldMs(latency));
  }
}
