/**
 * What kind of wrong a run is, in a few words that stay the same when the run is made smaller: the kinds of what its workload's
 * evidence names, of problems of nodes, of protocol violations.
 *
 *     lost                 an element was lost
 *     G-single, G2-item    two kinds of anomaly
 *     invariant: x         what must hold over all nodes, and did not, without its numbers
 *     node: crashed        a node ended by itself
 *     node: assertion "x"  what a node says must hold, and did not
 *     no progress          a majority was up and connected, and nothing succeeded
 *     protocol: bad-reply  a violation of the protocol
 *     missing-keys         the workload's verdict does not rest on it, and it is wrong: a written key was answered as missing
 *
 * A run in which nothing is wrong has none, and one is not wrong for proving nothing: that no operation of a kind succeeded is
 * likely in a small run.
 */
import { wrongBeside, type Evidence } from '../checkers/evidence.ts';
import type { CheckResult } from '../checkers/checker.ts';
import { withoutNote } from '../checkers/bounded-result.ts';
import type { NodesResult, TestResults } from './test-results.ts';

/** In the order of their weight: what makes the run invalid first, and of that what the workload says before what nodes did. Empty when nothing is wrong. */
export type Signature = readonly string[];

/** `evidence` is what the workload shows of these results; undefined where it shows nothing. */
export function signatureOf(results: TestResults, evidence: Evidence | undefined): Signature {
  const { workload, invariants, liveness, nodes, protocol, availability } = results;
  return [
    ...new Set([
      ...(workload?.['valid?'] === false ? workloadKinds(workload, evidence) : []),
      ...(invariants?.failures ?? []).map(({ message }) => `invariant: ${message.replaceAll(/\d+/g, '#')}`),
      ...(liveness?.['valid?'] === false ? ['no progress'] : []),
      ...(nodes?.['valid?'] === false ? problemKinds(nodes) : []),
      ...(protocol?.['valid?'] === false ? protocol.violations.map(({ kind }) => `protocol: ${kind}`) : []),
      ...(availability?.['valid?'] === false ? ['availability'] : []),
      ...wrongBeside(evidence).map(({ kind }) => kind),
    ]),
  ];
}

/** Whether a run that is wrong in these ways is wrong as the other one is: in the kind that weighs most there. */
export function failsAlike(signature: Signature, original: Signature): boolean {
  const [kind] = original;
  return kind !== undefined && signature.includes(kind);
}

const SOMETHING_ELSE = 'workload';

/** Where evidence shows nothing, what the result says in words: kafka's has no evidence for what was never polled. */
function workloadKinds(result: CheckResult, evidence: Evidence | undefined): readonly string[] {
  const kinds = evidence === undefined ? [] : kindsOf(evidence);
  if (kinds.length > 0) return kinds;
  const named: unknown = 'bad-error-types' in result ? result['bad-error-types'] : undefined;
  const words = Array.isArray(named) ? named.filter((word) => typeof word === 'string') : [];
  return words.length === 0 ? [SOMETHING_ELSE] : words;
}

/**
 * Kinds that are wrong only once there was time for everything to spread: what the final operations show, after healing and recovery.
 * Before that, a right program may show the same.
 */
const EVENTUAL: readonly string[] = ['lost', 'never-read', 'wrong-sum', 'unseen'];

export const isEventual = (kind: string): boolean => EVENTUAL.includes(kind);

/** Kinds that say of something that it never came: a run without the operations that would show it has them always. */
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

/** Each run that fails so takes as long as the watchdog waits. */
export const isByWatchdog = (kind: string): boolean => kind === BY_WATCHDOG;

/** What the simulation ended for the time or the memory that it took is not decided by the seed, and has a name of its own. */
const problemKinds = ({ problems }: NodesResult): readonly string[] =>
  withoutNote(problems).map((problem) => {
    if (problem['by-watchdog?'] === true) return BY_WATCHDOG;
    const { kind, name } = problem;
    return name === undefined ? `node: ${kind}` : `node: ${kind} ${JSON.stringify(name)}`;
  });
