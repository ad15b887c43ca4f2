/**
 * Faults are rules that return a decision; installing one returns a function that removes it.
 *
 * Rules apply to messages between two different servers (nodes and services), never to those to or from a client: when
 * a message is sent, and again when it arrives, so that a partition which began in flight loses it. All rules are
 * asked, so that what one draws does not depend on another, and all of them count: one drop is enough to lose a
 * message, factors multiply, delays and copies add up.
 */
import type { Packet } from '../../world/world.ts';

export type RuleDecision =
  | { readonly kind: 'pass' }
  /** Added to the link's latency. */
  | { readonly kind: 'delay'; readonly nanos: number }
  /** The link's latency is multiplied by this. */
  | { readonly kind: 'stretch'; readonly factor: number }
  /** The reason is one word for the journal, the same for all decisions of one kind of rule. */
  | { readonly kind: 'drop'; readonly reason: string }
  /** One copy for each entry, with its own latency plus this delay. */
  | { readonly kind: 'duplicate'; readonly laterNanos: readonly number[] };

export interface Rule {
  readonly name: string;
  /** True for a fault, as opposed to a condition of the whole run: it is not asked about links that are spared. */
  readonly isFault?: true;
  /** True when it draws a fate for each message; a calm network leaves such rules out. */
  readonly drawsFates?: boolean;
  /**
   * Whether everything that arrives on that link now is lost. Has no side effects; only for rules that cut whole links.
   */
  cuts?(src: string, dest: string): boolean;
  /** Asked when a message is sent. */
  onSend?(packet: Packet, nowNanos: number): RuleDecision;
  /** Asked when a message, or a copy of it, arrives; may only pass or drop. */
  onArrival?(packet: Packet, nowNanos: number): RuleDecision;
}

export const PASS: RuleDecision = { kind: 'pass' };

/** The combined decision of all rules about a message that is sent. */
export interface Journey {
  /** Why it is lost, or undefined if it is not. */
  readonly dropped: string | undefined;
  readonly factor: number;
  readonly delayNanos: number;
  /** For each copy, how much later than the message itself it arrives. */
  readonly copiesLaterNanos: readonly number[];
}

/** Asks all rules in the order of installation; the first drop provides the reason. */
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

/** Returns why a message is lost on arrival, or undefined if it is not. */
export function askOnArrival(rules: readonly Rule[], packet: Packet, nowNanos: number): string | undefined {
  let dropped: string | undefined;
  for (const rule of rules) {
    const decision = rule.onArrival?.(packet, nowNanos) ?? PASS;
    if (decision.kind === 'drop') dropped ??= decision.reason;
  }
  return dropped;
}
