/** The outcome of one element of a set, from the three operations that decide it (see set-full.ts). */
import { present } from '../../columns/present.ts';
import type { Op } from '../../history/op.ts';
import { compareJson, type Json } from '../../protocol/json.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export type ElementOutcome = {
  readonly element: Json;
  readonly outcome: 'stable' | 'lost' | 'never-read';
  /** How long after it was known a stable element was still missing from reads, in whole ms; otherwise null. */
  readonly 'stable-latency': number | null;
  /** How long after it was known a lost element was last seen, in whole ms; otherwise null. */
  readonly 'lost-latency': number | null;
  /** The acknowledgement, or the completion of the read, that first proved it to be in the set. */
  readonly known: Op | null;
  /** The invocation of the latest-invoked read that shows it. */
  readonly 'last-present': Op | null;
  /** The invocation of the latest-invoked read that lacks it. */
  readonly 'last-absent': Op | null;
};

export const ELEMENT_MEANINGS = {
  element: 'the element',
  outcome: '`stable`, `lost` or `never-read`',
  'stable-latency': {
    unit: 'ms',
    meaning: 'for a stable element: how long it was still missing from reads after it was known; else null',
  },
  'lost-latency': {
    unit: 'ms',
    meaning: 'for a lost element: how long after it was known it was last seen; else null',
  },
  known: 'the operation whose completion first proved that it is in the set: its add, or a read',
  'last-present': 'the latest read that contains it',
  'last-absent': 'the latest read that lacks it',
} as const satisfies Meanings<ElementOutcome>;

/**
 * An operation with its position in the history. Indexes have the same order in Jepsen's and Maelstrom's histories, but
 * in others may be anything.
 */
export interface Placed {
  readonly op: Op;
  readonly at: number;
}

/** The operations that decide the outcome of one element. */
export interface Deciding {
  readonly known: Placed | undefined;
  readonly lastPresent: Placed | undefined;
  readonly lastAbsent: Placed | undefined;
}

export function outcomeOf(element: Json, { known, lastPresent, lastAbsent }: Deciding): ElementOutcome {
  const shownAt = lastPresent?.at ?? -Infinity;
  const absentAt = lastAbsent?.at ?? -Infinity;
  const isStable = lastPresent !== undefined && absentAt < shownAt;
  const isLost = known !== undefined && lastAbsent !== undefined && shownAt < absentAt && known.at < absentAt;
  return {
    element,
    outcome: isStable ? 'stable' : isLost ? 'lost' : 'never-read',
    'stable-latency': isStable ? latencyMs(known?.op, lastAbsent?.op) : null,
    'lost-latency': isLost ? latencyMs(known?.op, lastPresent?.op) : null,
    known: known?.op ?? null,
    'last-present': lastPresent?.op ?? null,
    'last-absent': lastAbsent?.op ?? null,
  };
}

/** Whether a read that began after the element was known lacks it. */
export const wasMissed = ({ known, lastAbsent }: Deciding): boolean =>
  known !== undefined && lastAbsent !== undefined && known.at < lastAbsent.at;

/**
 * Returns the time from when a stable or lost element was known until just after that read began, in whole ms; 0
 * without a read.
 */
function latencyMs(known: Op | undefined, read: Op | undefined): number {
  const until = read === undefined ? 0 : read.time + 1;
  return Math.trunc(Math.max(0, until - present(known).time) / 1e6);
}

/** Sorts by longest latency of stable elements; equal ones by greater element, as in upstream. */
export const byStaleness = (a: ElementOutcome, b: ElementOutcome): number =>
  Number(b['stable-latency']) - Number(a['stable-latency']) || compareJson(b.element, a.element);

/** Upstream's form of a stale element. */
export type StaleOutcome = Omit<ElementOutcome, 'last-present'>;

export function withoutLastPresent(outcome: ElementOutcome): StaleOutcome {
  const { 'last-present': _lastPresent, ...shown } = outcome;
  return shown;
}

/** Latencies at upstream's points of their distribution. Requires at least one latency. */
export type LatencyPoints = { readonly [Point in '0' | '0.5' | '0.95' | '0.99' | '1']: number };

export function points(latencies: readonly number[]): LatencyPoints {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (point: number): number =>
    present(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * point))]);
  return { '0': at(0), '0.5': at(0.5), '0.95': at(0.95), '0.99': at(0.99), '1': at(1) };
}
