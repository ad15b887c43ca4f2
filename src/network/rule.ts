/**
 * Faults are rules that return a verdict; installing one returns a way to remove it.
 *
 * Rules are asked about messages between two different servers (nodes and services), never about those to or from a
 * client: when one is sent, and again when it is due (a cut that began in flight loses it). All of them are asked, so that
 * what one rule draws does not depend on another, and all of them count: one drop is enough to lose a message, factors
 * multiply, delays and copies add up.
 */
import type { Packet } from '../world/world.ts';

export type RuleDecision =
  | { readonly kind: 'pass' }
  /** On top of the link's latency. */
  | { readonly kind: 'delay'; readonly nanos: number }
  /** The link's latency is multiplied by this. */
  | { readonly kind: 'stretch'; readonly factor: number }
  /** The reason is one word for the journal, always the same for the same kind of rule. */
  | { readonly kind: 'drop'; readonly reason: string }
  /** One more arrives for each entry, each with a latency of its own and so much later. */
  | { readonly kind: 'duplicate'; readonly laterNanos: readonly number[] };

export interface Rule {
  readonly name: string;
  /** It is a fault, and not a condition of the whole run: between nodes that are spared it is not asked. */
  readonly isFault?: true;
  /** It draws for each message whether something becomes of it; a calm network does without. */
  readonly drawsFates?: boolean;
  /** Whether every message of that link that is due now is lost. Asking changes nothing; only of rules that cut whole links. */
  cuts?(src: string, dest: string): boolean;
  /** Asked when a message is sent. */
  onSend?(packet: Packet, nowNanos: number): RuleDecision;
  /** Asked when a message, or a copy of it, is due; may only pass or drop. */
  onArrival?(packet: Packet, nowNanos: number): RuleDecision;
}

export const PASS: RuleDecision = { kind: 'pass' };

/** What all rules together say of a message that is sent. */
export interface Journey {
  /** Why it is lost; undefined when it is not. */
  readonly dropped: string | undefined;
  readonly factor: number;
  readonly delayNanos: number;
  /** One entry for each copy: how much later than the message itself. */
  readonly copiesLaterNanos: readonly number[];
}

/** Asks all rules, in the order in which they were installed; the first drop names the reason. */
export function askRules(rules: readonly Rule[], packet: Packet, nowNanos: number): Journey {
  let dropped: string | undefined;
  let factor = 1;
  let delayNanos = 0;
  let copiesLaterNanos: readonly number[] = [];
  for (const rule of rules) {
    const decision = rule.onSend?.(packet, nowNanos) ?? PASS;
    switch (decision.kind) {
      case 'pass':
        break;
      case 'delay':
        delayNanos += decision.nanos;
        break;
      case 'stretch':
        factor *= decision.factor;
        break;
      case 'drop':
        dropped ??= decision.reason;
        break;
      case 'duplicate':
        copiesLaterNanos = [...copiesLaterNanos, ...decision.laterNanos];
        break;
    }
  }
  return { dropped, factor, delayNanos, copiesLaterNanos };
}

/** Why a message that is due is lost after all; undefined when it is not. */
export function askOnArrival(rules: readonly Rule[], packet: Packet, nowNanos: number): string | undefined {
  let dropped: string | undefined;
  for (const rule of rules) {
    const decision = rule.onArrival?.(packet, nowNanos) ?? PASS;
    if (decision.kind === 'drop') dropped ??= decision.reason;
  }
  return dropped;
}
