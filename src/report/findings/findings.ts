/**
 * What shows that a run is wrong, in words and drawings: anomalies of transactions, keys that are not linearizable, errors
 * of kafka. Read off the results as they were stored.
 */
import { isOp, isResultMap, type ResultValue } from '../../checkers/checker.ts';
import type { AnomalyRecord } from '../../checkers/elle/anomaly-records.ts';
import type { KafkaError } from '../../checkers/kafka/result.ts';
import { describeCycle, explainAnomaly } from '../../checkers/elle/explain.ts';
import { explainKafkaError } from '../../checkers/kafka/explain-kafka.ts';
import type { NodeOf } from '../../history/client-book.ts';
import { suspectsIn } from '../../recording/suspects.ts';
import { cyclePicture } from './cycle-picture.ts';
import { linearPicture } from './linear-picture.ts';
import { operationBars } from './operation-bars.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import type { Picture } from '../svg/svg.ts';

export interface Finding {
  readonly title: string;
  /** A few examples. */
  readonly text: string;
  /** Many. */
  readonly fullText: string;
  readonly picture?: Picture | undefined;
}

export interface FindingSources {
  readonly nodeOf: NodeOf;
  /** The results' `workload`. */
  readonly result: { readonly [name: string]: ResultValue };
  /** Operations by the index of either entry; those that findings name are there. */
  readonly byIndex: ReadonlyMap<number, WholeOperation>;
}

const EXPLAINED = 4;
const FULLY_EXPLAINED = 60;
const MOST_BARS = 16;

/** By the name of the anomaly, the simplest example drawn and many told. */
export function anomalyFindings({ nodeOf, result, byIndex }: FindingSources): ReadonlyMap<string, Finding> {
  const findings = new Map<string, Finding>();
  for (const [type, records] of anomalyRecords(result)) {
    const [simplest] = records.toSorted((a, b) => size(a) - size(b));
    if (simplest === undefined) continue;
    const texts = records
      .slice(0, FULLY_EXPLAINED)
      .map((record) => inWords(type, record, { nodeOf, result }));
    const upTo = (most: number, where: string): string => {
      const rest = records.length - most;
      return [...texts.slice(0, most), ...(rest > 0 ? [`... and ${rest} more in ${where}.`] : [])].join(
        '\n\n',
      );
    };
    findings.set(type, {
      title: records.length === 1 ? type : `${type}, ${records.length} times`,
      text: upTo(EXPLAINED, `elle/${type}.txt`),
      fullText: upTo(FULLY_EXPLAINED, 'results.edn'),
      picture: anomalyPicture(type, simplest, inWords(type, simplest, { nodeOf, result }), {
        nodeOf,
        byIndex,
      }),
    });
  }
  return findings;
}

function anomalyRecords(result: FindingSources['result']): (readonly [string, readonly ResultValue[]])[] {
  const { anomalies } = result;
  const found = isResultMap(anomalies) ? Object.entries(anomalies) : kafkaErrors(result);
  return found.flatMap(([type, records]) =>
    // An anomaly without a record is a remark on the whole, such as `empty-transaction-graph`.
    Array.isArray(records) && records.some((record: ResultValue) => isResultMap(record))
      ? [[type, records as readonly ResultValue[]] as const]
      : [],
  );
}

/** Kafka has cycles as Elle has, and errors of its own. */
function inWords(
  type: string,
  record: ResultValue,
  { nodeOf, result }: Pick<FindingSources, 'nodeOf' | 'result'>,
): string {
  const isElle = 'anomalies' in result || (isResultMap(record) && 'cycle' in record);
  return isElle
    ? explainAnomaly(type, record as AnomalyRecord, nodeOf)
    : explainKafkaError(type, record as KafkaError, nodeOf);
}

/** Kafka's results have `bad-error-types` and under each name `{count, errs}`. */
function kafkaErrors(result: FindingSources['result']): (readonly [string, ResultValue])[] {
  const types = result['bad-error-types'];
  if (!Array.isArray(types)) return [];
  return (types as readonly ResultValue[]).flatMap((type): (readonly [string, ResultValue])[] => {
    const found = typeof type === 'string' ? result[type] : undefined;
    if (typeof type !== 'string' || found === undefined) return [];
    return [[type, isResultMap(found) ? found['errs'] : found]];
  });
}

/** Cycles by their length. */
function size(record: ResultValue): number {
  if (!isResultMap(record)) return 0;
  const { cycle } = record;
  return Array.isArray(cycle) ? cycle.length : 1;
}

function anomalyPicture(
  type: string,
  record: ResultValue,
  text: string,
  { nodeOf, byIndex }: Pick<FindingSources, 'nodeOf' | 'byIndex'>,
): Picture | undefined {
  const cycle = describeCycle(record as AnomalyRecord, nodeOf);
  if (cycle !== undefined) return cyclePicture(type, cycle);
  const indexes = operationIndexes(record);
  const operations = [...new Set(indexes.flatMap((index) => byIndex.get(index) ?? []))].slice(0, MOST_BARS);
  if (operations.length === 0) return undefined;
  return operationBars({
    title: `${type}: the operations that show it`,
    operations,
    wrong: new Set(isResultMap(record) && isOp(record['op']) ? [record['op'].index] : []),
    nodeOf,
    notes: text.split('\n').slice(0, 8),
  });
}

const MOST_INDEXES = 200;
const DEEPEST = 8;

/** The indexes of operations anywhere in a result. */
function operationIndexes(value: ResultValue, found: number[] = [], depth = 0): number[] {
  if (found.length >= MOST_INDEXES || depth > DEEPEST || typeof value !== 'object' || value === null)
    return found;
  if (Array.isArray(value)) {
    for (const item of value as readonly ResultValue[]) operationIndexes(item, found, depth + 1);
  } else if (isOp(value)) {
    if (Number.isInteger(value.index)) found.push(value.index);
  } else if (isResultMap(value)) {
    for (const item of Object.values(value)) operationIndexes(item, found, depth + 1);
  }
  return found;
}

/** Positions of the operations that the result of a workload accuses, if it is not valid. */
export function accusedIndexes(result: ResultValue): ReadonlySet<number> {
  if (!isResultMap(result) || result['valid?'] === true) return new Set();
  return new Set([...suspectsIn(result).flatMap((one) => one.operations), ...operationIndexes(result)]);
}

/** The keys that are judged by themselves, with their results; empty where there are none. */
export function keyResults(
  result: FindingSources['result'],
): ReadonlyMap<string, { readonly [name: string]: ResultValue }> {
  const { results } = result;
  if (!isResultMap(results)) return new Map();
  return new Map(
    Object.entries(results).flatMap(([key, one]) => (isResultMap(one) ? [[key, one] as const] : [])),
  );
}

export interface KeyFailure {
  readonly key: string;
  readonly result: { readonly [name: string]: ResultValue };
  readonly operations: readonly WholeOperation[];
}

export function linearFinding(
  { key, result: all, operations }: KeyFailure,
  nodeOf: NodeOf,
): Finding | undefined {
  const result = isResultMap(all['linearizable']) ? all['linearizable'] : all;
  const picture = linearPicture({ key, result, operations, nodeOf });
  if (picture === undefined) return undefined;
  const text = contradictions(result['final-paths']).join('\n');
  return { title: `Key ${key} is not linearizable`, text, fullText: text, picture };
}

/** Why each configuration that was possible does not allow the operation. */
function contradictions(paths: ResultValue): readonly string[] {
  if (!Array.isArray(paths)) return [];
  const texts = (paths as readonly ResultValue[]).flatMap((path) => {
    const last: ResultValue = Array.isArray(path) ? (path as readonly ResultValue[]).at(-1) : undefined;
    const model = isResultMap(last) ? last['model'] : undefined;
    return isResultMap(model) && typeof model['msg'] === 'string' ? [model['msg']] : [];
  });
  return [...new Set(texts)].slice(0, 10);
}
