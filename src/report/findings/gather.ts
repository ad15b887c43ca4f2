/** Selects how to gather the operations that show a workload's evidence. */
import type { Evidence } from '../../checkers/evidence.ts';
import { CounterEvidence } from './counter-evidence.ts';
import type { FindingContext, Gathering } from './finding.ts';
import { IdEvidence } from './id-evidence.ts';
import { SetEvidence } from './set-evidence.ts';

/** Returns undefined if the evidence names its operations itself. */
export function gatheringFor(evidence: Evidence, context: FindingContext): Gathering | undefined {
  switch (evidence.kind) {
    case 'elements':
      return new SetEvidence(evidence.elements, context);
    case 'sums':
      return new CounterEvidence(evidence, context);
    case 'ids':
      return new IdEvidence(evidence.ids, context);
    case 'anomalies':
    case 'keys':
      return undefined;
  }
}
