/**
 * Faults are rules that return a verdict. The first rule that does not pass decides; installing one returns a way to
 * remove it. A rule is asked when a message is sent, and again when it is due (a cut that began in flight loses it).
 */
import type { Packet } from '../world/world.ts';

export type RuleDecision =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly nanos: number }
  | { readonly kind: 'drop'; readonly reason: string }
  /** That many more arrive beside the message itself, each with a latency of its own. */
  | { readonly kind: 'duplicate'; readonly copies: number };

export interface Rule {
  readonly name: string;
  /** Asked when a message is sent. A delay is added to the link's latency. */
  onSend?(packet: Packet): RuleDecision;
  /** Asked when a message is due; may only pass or drop. */
  onArrival?(packet: Packet): RuleDecision;
}

export const PASS: RuleDecision = { kind: 'pass' };
