/**
 * The operations that show that a run is wrong, according to its workload's evidence: places to look at, each with a
 * title.
 */
import {
  MISSING_AT_END,
  type Anomaly,
  type Evidence,
  type JudgedKey,
  type SuspectElement,
} from '../checkers/evidence.ts';
import { isOp } from '../checkers/checker.ts';
import { withoutNote } from '../checkers/bounded-result.ts';
import type { Op } from '../history/op.ts';
import { valueText } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';

export interface Suspect {
  readonly title: string;
  /** Numbers of operations, without repetition, in ascending order. */
  readonly operations: readonly number[];
}

const MOST_SUSPECTS = 200;
const MOST_OPERATIONS = 400;
const LONGEST_TITLE = 200;

/** Returns the suspects. `evidence` is that of an invalid result; evidence that names no operation is left out. */
export function suspectsOf(evidence: Evidence | undefined): readonly Suspect[] {
  if (evidence === undefined) return [];
  return [...suspectsOfKind(evidence), ...(evidence.also ?? [])]
    .map(({ title, operations }) => ({
      title: shownText(title, LONGEST_TITLE),
      operations: [...new Set(operations)].slice(0, MOST_OPERATIONS).toSorted((a, b) => a - b),
    }))
    .filter(({ operations }) => operations.length > 0)
    .slice(0, MOST_SUSPECTS);
}

function suspectsOfKind(evidence: Evidence): readonly Suspect[] {
  switch (evidence.kind) {
    case 'elements':
      return evidence.elements.map(ofElement);
    case 'sums':
      // Operations of a result that was read back may be cut.
      return evidence.wrong.filter(isOp).map((op) => ({
        title: `final read of process ${op.process}: ${valueText(op.value)}`,
        operations: [op.index],
      }));
    case 'ids':
      return [];
    case 'anomalies':
      return evidence.anomalies.flatMap(ofAnomaly);
    case 'keys':
      return evidence.keys.flatMap(ofKey);
  }
}

const FATES: Readonly<Record<SuspectElement['fate'], string>> = {
  lost: 'was lost',
  phantom: 'was never added',
  repeated: 'was listed more than once',
  'never-read': 'was never read',
  stale: 'was missing for a while',
  [MISSING_AT_END]: 'was missing at the end',
};

const ofElement = ({ element, fate, operations = [] }: SuspectElement): Suspect => ({
  title: `Element ${valueText(element)} ${FATES[fate]}`,
  operations,
});

function ofAnomaly({ count, examples }: Anomaly): readonly Suspect[] {
  return examples.map(({ text, operations }, at) => {
    const [first = ''] = text.split('\n', 1);
    return {
      title: `${first.replace(/[.:]$/, '')}${count > 1 ? ` (${at + 1} of ${count})` : ''}`,
      operations,
    };
  });
}

function ofKey({ key, impossible }: JudgedKey): readonly Suspect[] {
  if (impossible === undefined) return [];
  const { op, configs } = impossible;
  const pending = withoutNote(configs).flatMap((config): readonly Op[] => withoutNote(config.pending));
  return [
    { title: `Key ${key} is not linearizable`, operations: [op, ...pending].map(({ index }) => index) },
  ];
}
