/**
 * The anomalies of a result as evidence: each type in words, and its simplest record with the operations that show it.
 */
import { withoutNote } from '../../bounded-result.ts';
import { isOp, type NodeOf } from '../../checker.ts';
import type { Json } from '../../../protocol/json.ts';
import type { Anomaly, AnomalyCase, CycleInWords, Evidence } from '../../evidence.ts';
import { describeCycle, explainAnomaly } from './explain.ts';
import type { TransactionsResult } from '../result.ts';

/** Maximum number of records of one type that are put into words. */
const IN_WORDS = 60;
/** Maximum number of records of one type that are drawn. */
const DRAWN = 6;

export function transactionsEvidence({ anomalies = {} }: TransactionsResult, nodeOf?: NodeOf): Evidence {
  return {
    kind: 'anomalies',
    anomalies: Object.entries(anomalies).flatMap(([type, records]) =>
      // An anomaly without records concerns the whole history, such as `empty-transaction-graph`.
      records === true
        ? []
        : anomalyOf(type, records, {
            inWords: (record) => explainAnomaly(type, record, nodeOf),
            cycleOf: (record) => describeCycle(record, nodeOf),
          }),
    ),
  };
}

export interface RecordsInWords<Found> {
  readonly inWords: (record: Found) => string;
  readonly cycleOf: (record: Found) => CycleInWords | undefined;
  /** Returns the key of the only log that a record is about. */
  readonly keyOf?: (record: Found) => Json | undefined;
}

/** Returns the evidence for one type, in a list; an empty list if it has no record. */
export function anomalyOf<Found extends object>(
  type: string,
  records: readonly Found[],
  { inWords, cycleOf, keyOf }: RecordsInWords<Found>,
): readonly Anomaly[] {
  const found = withoutNote(records);
  const caseOf = (record: Found): AnomalyCase => {
    const key = keyOf?.(record);
    return {
      text: inWords(record),
      cycle: cycleOf(record),
      operations: operationsOf(record),
      wrong: 'op' in record && isOp(record.op) ? record.op.index : undefined,
      ...(key === undefined ? {} : { key }),
    };
  };
  const [simplest, ...others] = found
    .toSorted((a, b) => size(a) - size(b))
    .slice(0, DRAWN)
    .map(caseOf);
  if (simplest === undefined) return [];
  const examples = found
    .slice(0, IN_WORDS)
    .map((record) => ({ text: inWords(record), operations: operationsOf(record) }));
  return [{ type, count: found.length, examples, simplest, ...(others.length === 0 ? {} : { others }) }];
}

/**
 * Returns the indexes of operations in the fields of a record and of its steps, without duplicates. Component members
 * are indexes already.
 */
function operationsOf(record: object): readonly number[] {
  const cases = 'cases' in record ? objectsIn(record.cases) : [];
  const readers = ('steps' in record ? objectsIn(record.steps) : []).flatMap((step) => [
    'reader' in step ? step.reader : undefined,
    ...('through' in step ? [step.through].flat() : []),
  ]);
  const parts: readonly unknown[] = [
    ...[record, ...cases].flatMap((part): unknown[] => Object.values(part).flat()),
    ...readers,
  ];
  const members = 'scc' in record && 'subgraph' in record ? [record.scc].flat() : [];
  const named = members.flatMap((member) => (typeof member === 'number' ? [member] : []));
  return [...new Set([...parts.flatMap((part) => (isOp(part) ? [part.index] : [])), ...named])];
}

const objectsIn = (value: unknown): readonly object[] =>
  [value].flat().filter((part): part is object => typeof part === 'object' && part !== null);

/** The length of a cycle; 1 for other records. */
const size = (record: object): number =>
  'cycle' in record && Array.isArray(record.cycle) ? record.cycle.length : 1;
