/**
 * A partition: which nodes receive nothing from which others.
 *
 *     grudge n1 -> {n2, n3}        n1 hears neither n2 nor n3; whether they hear n1 is another entry
 *
 * It is asked when a message is due, so one that was in flight when the cut began is lost. Grudges name nodes only:
 * clients and services are reached across any cut.
 */
import type { Packet } from '../world/world.ts';
import { PASS, type Rule, type RuleDecision } from './rule.ts';

/** Receiver -> the senders it does not hear. */
export type Grudge = ReadonlyMap<string, ReadonlySet<string>>;

/** The rule that enforces a grudge; its name is also the reason in the journal. */
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
