/**
 * The kinds of failure of a run, in a few words that stay the same while the run is shrunk: kinds from the workload's
 * evidence, from problems of nodes, and from protocol violations.
 *
 *     lost                 an element was lost
 *     G-single, G2-item    two kinds of anomaly
 *     invariant: x         an invariant over all nodes failed, without its numbers
 *     node: crashed        a node exited by itself
 *     node: assertion "x"  an assertion of a node failed
 *     no progress          a majority was up and connected, and nothing succeeded
 *     protocol: bad-reply  a protocol violation
 *     node: not simulated  a node needed something that the simulation lacks, and ended; named alone
 *     missing-keys         wrong although the workload's verdict does not rest on it: a written key was answered as missing
 *     missing-at-end       likewise: one of the last reads lacks an element that another one shows
 *
 * A run without a failure has none. Proving nothing is not a failure: in a small run it is likely that no operation of
 * some kind succeeded.
 */
import { MISSING_AT_END, wrongBeside, type Evidence } from '../../checkers/evidence.ts';
import type { CheckResult } from '../../checkers/checker.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { invariantKind, isInvariant } from '../invariants/invariant-watch.ts';
import { isBeyondSimulation, type NodesResult, type TestResults } from './test-results.ts';

/**
 * Ordered by weight: what makes the run invalid first, and among that the workload's findings before those about nodes. An
 * invariant comes before both: it failed first, and clients saw what followed from it. Empty if nothing is wrong.
 */
export type Signature = readonly string[];

const NOT_SIMULATED = 'node: not simulated';

/** True if a node needed something that the simulation lacks, so that the run shows nothing about the program. */
export const isNotSimulated = ([kind]: Signature): boolean => kind === NOT_SIMULATED;

/** Returns the signature; `evidence` is the workload's evidence for these results, or undefined if there is none. */
export function signatureOf(results: TestResults, evidence: Evidence | undefined): Signature {
  const { workload, invariants, liveness, nodes, protocol, availability } = results;
  if (isBeyondSimulation(nodes)) return [NOT_SIMULATED];
  return [
    ...new Set([
      ...(invariants?.failures ?? []).map(invariantKind),
      ...(workload?.['valid?'] === false ? workloadKinds(workload, evidence) : []),
      ...(liveness?.['valid?'] === false ? ['no progress'] : []),
      ...(nodes?.['valid?'] === false ? problemKinds(nodes) : []),
      ...(protocol?.['valid?'] === false ? protocol.violations.map(({ kind }) => `protocol: ${kind}`) : []),
      ...(availability?.['valid?'] === false ? ['availability'] : []),
      ...wrongBeside(evidence).map(({ kind }) => kind),
    ]),
  ];
}

/** True when a run with this signature fails like the original: it has the original's kind of greatest weight. */
export function failsAlike(signature: Signature, original: Signature): boolean {
  const [kind] = original;
  return kind !== undefined && likeKind(signature, kind) !== undefined;
}

/**
 * Returns the kind of a signature that is like this one: the same, or for an invariant any: which one a bug violates first depends
 * on the course of the run, and the others follow.
 */
export const likeKind = (signature: Signature, kind: string): string | undefined =>
  signature.find((one) => one === kind) ?? (isInvariant(kind) ? signature.find(isInvariant) : undefined);

const SOMETHING_ELSE = 'workload';

/**
 * Returns the kinds of the evidence or, if it is empty, what the result names: kafka has no evidence for messages that
 * were never polled.
 */
function workloadKinds(result: CheckResult, evidence: Evidence | undefined): readonly string[] {
  const kinds = evidence === undefined ? [] : kindsOf(evidence);
  if (kinds.length > 0) return kinds;
  const named: unknown = 'bad-error-types' in result ? result['bad-error-types'] : undefined;
  const words = Array.isArray(named) ? named.filter((word) => typeof word === 'string') : [];
  return words.length === 0 ? [SOMETHING_ELSE] : words;
}

/**
 * Kinds that are wrong only after everything had time to spread, as the final operations show after healing and
 * recovery. Before that, a correct program may show the same.
 */
const EVENTUAL: readonly string[] = ['lost', 'never-read', MISSING_AT_END, 'wrong-sum', 'unseen'];

export const isEventual = (kind: string): boolean => EVENTUAL.includes(kind);

/** True for kinds that the rest of a run cannot undo: progress and spreading may be still to come. */
export const isCertainEarly = (kind: string): boolean =>
  !isEventual(kind) && kind !== 'no progress' && kind !== 'availability' && kind !== SOMETHING_ELSE;

/** Kinds that report an absence: a run without the operations that would show the value always has them. */
const ABSENCES: readonly string[] = ['unseen', 'never-read'];

export const isAbsence = (kind: string): boolean => ABSENCES.includes(kind);

function kindsOf(evidence: Evidence): readonly string[] {
  switch (evidence.kind) {
    case 'elements':
      return evidence.elements.map(({ fate }) => fate);
    case 'sums':
      return evidence.wrong.length === 0 ? [] : ['wrong-sum'];
    case 'ids':
      return evidence.ids.length === 0 ? [] : ['duplicate-id'];
    case 'anomalies':
      return evidence.anomalies.map(({ type }) => type);
    case 'keys':
      return evidence.keys.some(({ result }) => result['valid?'] === false) ? ['nonlinearizable'] : [];
  }
}

const BY_WATCHDOG = 'node: ended by the watchdog';

/** True for a failure by the watchdog. Each such run takes as long as the watchdog waits. */
export const isByWatchdog = (kind: string): boolean => kind === BY_WATCHDOG;

/** Failures by real time or memory use get a name of their own, since the seed does not determine them. */
const problemKinds = ({ problems }: NodesResult): readonly string[] =>
  withoutNote(problems).map((problem) => {
    if (problem['by-watchdog?'] === true) return BY_WATCHDOG;
    const { kind, name } = problem;
    return name === undefined ? `node: ${kind}` : `node: ${kind} ${JSON.stringify(name)}`;
  });
