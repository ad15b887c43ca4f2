/**
 * The levels that are decided rather than inferred: for any history with unique writes it can be determined whether
 * they hold.
 *
 * Biswas and Enea ("On the Complexity of Checking Transactional Consistency", 2019) define each by an axiom on a commit
 * order, a total order of the transactions that includes session order and reads-from. If T3 reads x from T1, and T2
 * writes x,
 *
 *     read committed   T2 commits before T1 if T3 has read anything from T2 earlier than x
 *     read atomic      ... if T3 reads anything from T2, or comes after T2 in its session
 *     causal           ... if T3 comes after T2 by any number of such steps
 *
 * Their read committed is stronger than Adya's: without session order it is the monotonic atomic view of Bailis et al.,
 * whose anomaly is OTV (observed transaction vanishes). Without session order read atomic is that of Bailis et al. and
 * of Cerone et al., whose anomaly is the fractured read, and causal is that of Cerone et al.
 */

/** The steps by which T3 comes after T2. */
export type Axiom = 'read-committed' | 'read-atomic' | 'causal';

export interface Level {
  /** The anomaly that refutes the level. */
  readonly anomaly: WeakAnomaly;
  readonly axiom: Axiom;
  /** Whether session order counts. */
  readonly sessions: boolean;
}

export type WeakAnomaly =
  | 'OTV'
  | 'fractured-read'
  | 'causality-violation'
  | 'OTV-process'
  | 'fractured-read-process'
  | 'causality-violation-process';

/** Weaker levels first: a violation is named after the first level that it refutes. */
export const LEVELS: readonly Level[] = [
  { anomaly: 'OTV', axiom: 'read-committed', sessions: false },
  { anomaly: 'fractured-read', axiom: 'read-atomic', sessions: false },
  { anomaly: 'causality-violation', axiom: 'causal', sessions: false },
  { anomaly: 'OTV-process', axiom: 'read-committed', sessions: true },
  { anomaly: 'fractured-read-process', axiom: 'read-atomic', sessions: true },
  { anomaly: 'causality-violation-process', axiom: 'causal', sessions: true },
];

const STRENGTH: Readonly<Record<Axiom, number>> = { 'read-committed': 0, 'read-atomic': 1, causal: 2 };

/** Whether every history that violates `broken` also violates `level`. */
export function isBrokenWith(level: Level, broken: Level): boolean {
  return STRENGTH[broken.axiom] <= STRENGTH[level.axiom] && (level.sessions || !broken.sessions);
}
