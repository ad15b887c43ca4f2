/**
 * A partition: which nodes receive nothing from which others.
 *
 *     grudge n1 -> {n2, n3}        n1 receives from neither n2 nor n3; whether they receive from n1 is another entry
 *
 * Applies when a message arrives, so one that was in flight when the partition began is lost. Grudges contain nodes
 * only: clients and services are reachable across any partition.
 */
import type { Packet } from '../../world/world.ts';
import { PASS, type Rule, type RuleDecision } from './rule.ts';

/** Receiver -> the senders from which it receives nothing. */
export type Grudge = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns the rule that enforces a grudge; its name is also the reason in the journal. */
export function partitionRule(grudge: Grudge, name: 'partition' | 'one-way' = 'partition'): Rule {
  const cut: RuleDecision = { kind: 'drop', reason: name };
  const cuts = (src: string, dest: string): boolean => grudge.get(dest)?.has(src) === true;
  return {
    name,
    isFault: true,
    cuts,
    onArrival: ({ src, dest }: Packet) => (cuts(src, dest) ? cut : PASS),
  };
}
