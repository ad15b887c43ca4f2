/** Network conditions for the whole run, in addition to the nemesis. */
import { duplicateRule, lossRule } from '../../network/rules/link-rules.ts';
import { allLinks, LinkStreams } from '../../network/rules/links.ts';
import type { Network } from '../../network/network.ts';
import type { Random } from '../../world/random.ts';

/** Probabilities per message, on all links between servers (nodes and services, not clients). */
export interface SteadyConditions {
  readonly loss?: number;
  /** Probability that a message is delivered twice. */
  readonly duplicate?: number;
}

/** Installs the conditions for the whole run. */
export function applySteadyConditions(network: Network, steady: SteadyConditions, random: Random): void {
  const { loss = 0, duplicate = 0 } = steady;
  const scope = (name: string) => ({ links: allLinks, streams: new LinkStreams(random.child(name)) });
  if (loss > 0) network.addRule(lossRule(scope('loss'), loss));
  if (duplicate > 0) network.addRule(duplicateRule(scope('duplicate'), duplicate));
}
