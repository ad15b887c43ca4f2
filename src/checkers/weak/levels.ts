/**
 * The levels that are decided, and not inferred: of each it is known for every history with unique writes whether it holds.
 *
 * Biswas and Enea ("On the Complexity of Checking Transactional Consistency", 2019) define each by an axiom on a commit order,
 * a total order of the transactions that holds all of session order and reads-from. Where T3 reads x from T1, and T2 writes x,
 *
 *     read committed   T2 commits before T1 if T3 has read anything from T2 earlier than x
 *     read atomic      ... if T3 reads anything from T2, or comes after T2 in its session
 *     causal           ... if T3 comes after T2 by any number of such steps
 *
 * What their axioms call read committed is more than Adya's: without session order it is the monotonic atomic view of Bailis et al.,
 * whose anomaly is OTV (observed transaction vanishes). Without session order read atomic is that of Bailis et al. and of
 * Cerone et al., whose anomaly is the fractured read.
 */

/** By which steps T3 comes after T2. */
export type Axiom = 'read-committed' | 'read-atomic' | 'causal';

export interface Level {
  /** The anomaly that shows that the level does not hold. */
  readonly anomaly: WeakAnomaly;
  readonly axiom: Axiom;
  /** Whether the order of each session counts. */
  readonly sessions: boolean;
}

export type WeakAnomaly =
  'OTV' | 'fractured-read' | 'OTV-process' | 'fractured-read-process' | 'causality-violation';

/** Anomalies of the weaker levels come first: each of a kind is named by the first that it is. */
export const LEVELS: readonly Level[] = [
  { anomaly: 'OTV', axiom: 'read-committed', sessions: false },
  { anomaly: 'fractured-read', axiom: 'read-atomic', sessions: false },
  { anomaly: 'OTV-process', axiom: 'read-committed', sessions: true },
  { anomaly: 'fractured-read-process', axiom: 'read-atomic', sessions: true },
  { anomaly: 'causality-violation', axiom: 'causal', sessions: true },
];

const STRENGTH: Readonly<Record<Axiom, number>> = { 'read-committed': 0, 'read-atomic': 1, causal: 2 };

/** Whether each history that breaks the one level breaks the other as well. */
export function isBrokenWith(level: Level, broken: Level): boolean {
  return STRENGTH[broken.axiom] <= STRENGTH[level.axiom] && (level.sessions || !broken.sessions);
}
