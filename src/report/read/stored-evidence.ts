/**
 * The evidence that a stored run is wrong: derived from its results, or stored beside them if the workload is the
 * caller's own, which may have the name of a built-in one.
 */
import type { Evidence } from '../../checkers/evidence.ts';
import type { ClientBook } from '../../history/client-book.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import { evidenceOf } from '../../run/verdict/evidence-of.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import { readEvidence } from '../../store/own-evidence.ts';
import type { TestFile } from '../../store/test-file.ts';
import { WORKLOADS } from '../../workloads/index.ts';

export interface JudgedRun {
  readonly test: TestFile;
  readonly results: TestResults;
  readonly clients: ClientBook;
  readonly numberOf: NumberOf;
}

/** Throws if the files were not written by a run. */
export function storedEvidence(folder: string, run: JudgedRun): Evidence | undefined {
  const { test, results, clients, numberOf } = run;
  const own = readEvidence(folder);
  if (own !== undefined) return namedByInvocation(own.evidence, numberOf);
  const workload = WORKLOADS.get(test.spec.workload);
  return workload === undefined
    ? undefined
    : evidenceOf(workload, results, { nodeOf: clients.nodeOf, numberOf });
}
