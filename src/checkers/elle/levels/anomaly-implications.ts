/**
 * Which anomaly implies which: every model that the second violates is then violated by the first too. They follow Elle. Added
 * here are `garbage-read`, on which Elle throws, `no-serial-order`, `no-snapshot-order` and `no-prefix-order`, which come from
 * deciding, and the anomalies of the weak levels.
 */
import type { WeakAnomaly } from '../../weak/levels.ts';

export type WeakName = WeakAnomaly | 'own-write-missed';

/** Anomalies with -process and -realtime variants, X => X-process => X-realtime. */
const CYCLE_FAMILIES = [
  'G0',
  'G1c',
  'G1',
  'G-single',
  'G-single-item',
  'G-nonadjacent',
  'G-nonadjacent-item',
  'G2',
  'G2-item',
  'no-prefix-order',
  'no-snapshot-order',
  'no-serial-order',
] as const;

/** Implications that hold equally for the plain, the -process and the -realtime form. */
const FAMILY_IMPLICATIONS: readonly (readonly [string, string])[] = [
  ['G0', 'G1c'],
  ['G1c', 'G1'],
  ['G-single-item', 'G-single'],
  ['G-single-item', 'G-nonadjacent-item'],
  ['G-single', 'G-nonadjacent'],
  ['G-nonadjacent-item', 'G-nonadjacent'],
  ['G-nonadjacent-item', 'G2-item'],
  ['G-nonadjacent', 'G2'],
  ['G2-item', 'G2'],
  ['no-prefix-order', 'no-snapshot-order'],
  ['no-snapshot-order', 'no-serial-order'],
];

const PLAIN_IMPLICATIONS: readonly (readonly [string, string])[] = [
  ['G1a', 'G1'],
  ['G1b', 'G1'],
  ['G-single', 'GSIb'],
  ['GSIa', 'GSI'],
  ['GSIb', 'GSI'],
  ['incompatible-order', 'G1a'],
  ['dirty-update', 'G1a'],
  ['future-read', 'G1c'],
  ['lost-update', 'write-skew'],
  ['lost-update', 'G2-item'],
  ['write-skew', 'G2'],
];

/**
 * Implications of the weak levels' anomalies. Under any version order they are a cycle with at most one missed write.
 */
export const WEAK_IMPLICATIONS: readonly (readonly [WeakName, string])[] = [
  ['OTV', 'fractured-read'],
  ['OTV', 'OTV-process'],
  ['fractured-read', 'G-single-item'],
  ['fractured-read', 'fractured-read-process'],
  ['fractured-read', 'causality-violation'],
  ['causality-violation', 'G-single-item'],
  ['causality-violation', 'causality-violation-process'],
  ['OTV-process', 'fractured-read-process'],
  ['fractured-read-process', 'causality-violation-process'],
  ['causality-violation-process', 'G-single-item-process'],
  ['own-write-missed', 'internal'],
];

export function* anomalyImplications(): Iterable<readonly [string, string]> {
  yield* PLAIN_IMPLICATIONS;
  for (const name of CYCLE_FAMILIES) {
    yield [name, `${name}-process`];
    yield [`${name}-process`, `${name}-realtime`];
  }
  for (const suffix of ['', '-process', '-realtime']) {
    for (const [from, to] of FAMILY_IMPLICATIONS) yield [from + suffix, to + suffix];
  }
}
