/**
 * When a run had failed for certain: once an invariant was violated, or the last operation of an anomaly had completed.
 * Whatever began later cannot have caused it.
 */
import { wrongBeside, type Evidence } from '../../checkers/evidence.ts';
import type { Op } from '../../history/op.ts';
import { OpenInvocations } from '../../history/pairing.ts';
import { invariantKind } from '../invariants/invariant-watch.ts';
import { isCertainEarly } from './signature.ts';
import type { TestResults } from './test-results.ts';

export interface FailedRun {
  readonly results: TestResults;
  readonly evidence: Evidence | undefined;
  readonly history: readonly Op[];
}

/**
 * Returns the time in the history at which the run had failed in this way; undefined if that depends on how the run
 * ends, or is unknown.
 */
export function failureNanos(kind: string, { results, evidence, history }: FailedRun): number | undefined {
  const violated = results.invariants?.failures.find((failure) => invariantKind(failure) === kind);
  if (violated !== undefined) return violated.time;
  if (evidence === undefined || !isCertainEarly(kind)) return undefined;
  const beside = wrongBeside(evidence).filter((one) => one.kind === kind);
  const cases = [...casesOf(evidence, kind), ...beside.map(({ operations }) => operations)];
  if (cases.length === 0) return undefined;
  const ends = endsOf(history);
  const times = cases.map((numbers) => Math.max(...numbers.map((number) => ends.get(number) ?? Infinity)));
  const first = Math.min(...times);
  return Number.isFinite(first) ? first : undefined;
}

/** Returns the operations of each case of a failure of this kind, as numbers. */
function casesOf(evidence: Evidence, kind: string): readonly (readonly number[])[] {
  switch (evidence.kind) {
    case 'keys':
      return evidence.keys.flatMap(({ impossible }) =>
        impossible === undefined ? [] : [[impossible.op.index]],
      );
    case 'anomalies':
      return evidence.anomalies
        .filter(({ type }) => type === kind)
        .flatMap(({ simplest, examples }) => [simplest, ...examples].map(({ operations }) => operations))
        .filter((operations) => operations.length > 0);
    case 'elements':
      return evidence.elements.flatMap(({ fate, operations = [] }) =>
        fate === kind && operations.length > 0 ? [operations] : [],
      );
    case 'ids':
    case 'sums':
      return [];
  }
}

/** Returns when each operation ended, by its number; one without an end, when it began. */
function endsOf(history: readonly Op[]): ReadonlyMap<number, number> {
  const open = new OpenInvocations();
  const ends = new Map<number, number>();
  for (const op of history) ends.set(open.end(op)?.invocation.index ?? op.index, op.time);
  return ends;
}
