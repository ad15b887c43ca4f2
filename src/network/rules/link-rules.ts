/**
 * Faults of links: messages are lost, duplicated, held back or slowed down, or the link is down for half of every
 * period.
 *
 * Each rule covers the given links, and draws random values for each message.
 */
import { NANOS_PER_MS } from '../../world/clock.ts';
import type { Chance } from '../../world/random.ts';
import type { LinkStreams, LinkTest } from './links.ts';
import { PASS, type Rule, type RuleDecision } from './rule.ts';

/** The links that a rule covers, and their random streams. */
export interface LinkScope {
  readonly links: LinkTest;
  readonly streams: LinkStreams;
}

/** Slowed down by a factor, or by a time drawn uniformly from a range, in milliseconds. */
export type Slowness =
  | { readonly kind: 'factor'; readonly factor: number }
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number };

const LOST: RuleDecision = { kind: 'drop', reason: 'loss' };
const DOWN: RuleDecision = { kind: 'drop', reason: 'flap' };

/** Mean delay of copies, as if the message was resent by a node that saw no reply. */
const COPY_MEAN_DELAY_MS = 50;

/** Loses a message with that probability. */
export function lossRule(scope: LinkScope, probability: number): Rule {
  return fates('loss', scope, (chance) => (chance.boolean(probability) ? LOST : PASS));
}

/** Delivers a message once more with that probability, after an exponentially distributed delay. */
export function duplicateRule(scope: LinkScope, probability: number): Rule {
  return fates('duplicate', scope, (chance) => {
    if (!chance.boolean(probability)) return PASS;
    const later = chance.exponential(COPY_MEAN_DELAY_MS * NANOS_PER_MS);
    return { kind: 'duplicate', laterNanos: [Math.round(later)] };
  });
}

/** Holds a message back with that probability, for up to `longestMs`, so that later ones overtake it. */
export function reorderRule(scope: LinkScope, probability: number, longestMs: number): Rule {
  return fates('reorder', scope, (chance) =>
    chance.boolean(probability) ? { kind: 'delay', nanos: 1 + chance.int(longestMs * NANOS_PER_MS) } : PASS,
  );
}

/** Makes every message slower. */
export function slowRule(scope: LinkScope, slowness: Slowness): Rule {
  if (slowness.kind === 'factor') {
    const stretched: RuleDecision = { kind: 'stretch', factor: slowness.factor };
    return onLinks('slow', scope, () => stretched);
  }
  const from = slowness.fromMs * NANOS_PER_MS;
  const spread = (slowness.toMs - slowness.fromMs) * NANOS_PER_MS;
  return onLinks('slow', scope, (chance) => ({
    kind: 'delay',
    nanos: Math.round(from + chance.float() * spread),
  }));
}

/**
 * Takes links down for the first half of every period, in both directions at once. Each pair of nodes has its own
 * phase. Messages that arrive while the link is down are lost.
 */
export function flapRule(scope: LinkScope, periodMs: number): Rule {
  const periodNanos = periodMs * NANOS_PER_MS;
  const phases = new Map<string, number>();
  const phaseOf = (src: string, dest: string): number => {
    const [one, other] = src < dest ? [src, dest] : [dest, src];
    const pair = JSON.stringify([one, other]);
    let phase = phases.get(pair);
    if (phase === undefined) {
      phase = scope.streams.of(one, other).float() * periodNanos;
      phases.set(pair, phase);
    }
    return phase;
  };
  return {
    name: 'flap',
    onArrival({ src, dest }, nowNanos) {
      if (!scope.links(src, dest)) return PASS;
      return (nowNanos + phaseOf(src, dest)) % periodNanos < periodNanos / 2 ? DOWN : PASS;
    },
  };
}

const fates: typeof onLinks = (...rule) => ({ ...onLinks(...rule), drawsFates: true });

function onLinks(
  name: string,
  { links, streams }: LinkScope,
  decide: (chance: Chance) => RuleDecision,
): Rule {
  return {
    name,
    onSend: (packet) => (links(packet.src, packet.dest) ? decide(streams.for(packet)) : PASS),
  };
}
