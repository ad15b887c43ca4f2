/**
 * Some results name values and no operations: elements that were lost, sums that cannot be, ids that were given out twice.
 * What shows them is gathered from the history as it goes by.
 */
import type { ResultValue } from '../../checkers/checker.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { CounterEvidence } from './counter-evidence.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import type { Finding } from './findings.ts';
import { IdEvidence } from './id-evidence.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import { SetEvidence } from './set-evidence.ts';

export interface Evidence {
  observe(op: Op): void;
  /** The findings, each with the name of its files, without an ending. */
  findings(): readonly (readonly [file: string, finding: Finding])[];
  /** The operation with which it began; asked after the history has gone by. */
  first(): WholeOperation | undefined;
}

export interface EvidenceContext {
  readonly spec: TestSpec;
  readonly nodeOf: NodeOf;
  readonly bands: readonly FaultBand[];
  readonly endNanos: number;
}

/** Undefined when the result names its operations itself, or is of no kind that is known here. */
export function evidenceFor(
  result: { readonly [name: string]: ResultValue },
  context: EvidenceContext,
): Evidence | undefined {
  if ('attempt-count' in result && 'lost' in result) return new SetEvidence(result, context);
  if ('final-reads' in result && 'acceptable' in result) return new CounterEvidence(result, context);
  if ('acknowledged-count' in result && 'duplicated' in result) return new IdEvidence(result, context);
  return undefined;
}
