/**
 * A partition: who does not hear whom.
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

const CUT: RuleDecision = { kind: 'drop', reason: 'partition' };

/** The rule that enforces a grudge. */
export function partitionRule(grudge: Grudge): Rule {
  return {
    name: 'partition',
    onArrival: (packet: Packet) => (grudge.get(packet.dest)?.has(packet.src) === true ? CUT : PASS),
  };
}
