/**
 * Anomalies of transactions in words: who saw what, what follows from it, and why all of it cannot be true.
 *
 *     G-single-item-realtime: T1 -> T2 -> T1.
 *       T1 is operation 5 (process 2): r 1 [1]
 *       T2 is operation 3 (process 1): append 1 2
 *       T1 read key 1 as [1], so it missed T2's append of 2, which came later: T1 came before T2.
 *       Yet T2 was over (operation 3) before T1 began (operation 4): T2 came before T1. That is a contradiction.
 *
 * Pure text over a result map; nothing is looked up again.
 */
import { byCount, counted } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { isResultMap, type CheckResult, type NodeOf, type ResultValue } from '../checker.ts';
import type { MicroOp } from './transaction-log.ts';

/** Anomalies explained in one text; the results have them all. */
const EXPLAINED = 3;

// The `as` below name the shapes of the records that the two checkers make; each type's are listed with its explanation.

interface CycleRecord {
  readonly cycle: readonly Op[];
  readonly steps: readonly StepRecord[];
}

interface StepRecord {
  readonly type: string;
  readonly key?: Json;
  readonly value: Json;
  readonly "value'"?: Json;
  readonly 'a-mop-index': number;
  readonly 'b-mop-index': number;
  readonly "a'"?: Op;
  readonly b?: Op;
}

/**
 * Says what is wrong with transactions, the simplest anomalies first, each step by step; undefined when nothing is.
 * Where the verdict is unknown it says why nothing was proved.
 */
export function explainTransactions(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const error = result['error'] as { readonly message: string } | undefined;
  const problem = error === undefined ? [] : [shownText(error.message, 1000)];
  const anomalies = (result['anomalies'] ?? {}) as Readonly<Record<string, ResultValue>>;
  const records = Object.entries(anomalies).flatMap(([type, list]) =>
    Array.isArray(list) ? list.map((record: ResultValue) => ({ type, record })) : [],
  );
  const simplest = records.toSorted((a, b) => difficulty(a) - difficulty(b));
  // One of each type says more than three of one.
  const seen = new Set<string>();
  const chosen = simplest.filter(({ type }) => !seen.has(type) && seen.add(type)).slice(0, EXPLAINED);
  const texts = chosen.map(({ type, record }) => explainAnomaly(type, record, nodeOf));
  const rest = records.length - chosen.length;
  if (rest > 0)
    texts.push(
      `There ${byCount(rest, 'is', 'are')} ${counted(rest, 'more anomaly', 'more anomalies')} in the results.`,
    );
  if (records.length === 0 && 'empty-transaction-graph' in anomalies) {
    texts.push('No transaction depended on another, so the history proved nothing.');
  }
  const all = [...problem, ...texts, ...ruledOut(result)];
  return all.length === 0 ? undefined : all.join('\n');
}

function ruledOut(result: CheckResult): readonly string[] {
  const not = result['not'] as readonly string[] | undefined;
  if (not === undefined || not.length === 0) return [];
  const also = (result['also-not'] ?? []) as readonly string[];
  return [`So this is not ${not.join(', nor ')}${also.length === 0 ? '' : ', nor anything stronger'}.`];
}

/** Short explanations before long ones, named cycles before `...-cycle-exists`. */
function difficulty({ type, record }: { readonly type: string; readonly record: ResultValue }): number {
  if (type.endsWith('-cycle-exists')) return 1000;
  const { cycle } = (record ?? {}) as { readonly cycle?: readonly Op[] };
  return cycle === undefined ? 1 : cycle.length;
}

/** One anomaly in words: a first line, then, for a cycle, its transactions and steps, each on a line of its own. */
export function explainAnomaly(type: string, record: ResultValue, nodeOf?: NodeOf): string {
  if (type.endsWith('-cycle-exists')) return explainExistence(type, record, nodeOf);
  if (isCycleRecord(record)) return explainCycle(type, record, nodeOf);
  return `${type}: ${explainRecord(type, record, nodeOf)}`;
}

function isCycleRecord(record: ResultValue): record is ResultValue & CycleRecord {
  return isResultMap(record) && 'cycle' in record && 'steps' in record;
}

function explainExistence(type: string, record: ResultValue, nodeOf: NodeOf | undefined): string {
  const { not, subgraph, scc } = record as {
    readonly not: string;
    readonly subgraph: string;
    readonly scc: readonly Op[];
  };
  return (
    `${type}: ${scc.map((op) => place(op, nodeOf)).join(', ')} each came before the others ` +
    `(by ${subgraph}), which ${not} forbids.`
  );
}

/** The records without a cycle: some of these fields each. */
interface PlainRecord {
  readonly op: Op;
  readonly mop: MicroOp;
  readonly writer: Op;
  readonly element: Json;
  readonly expected: Json;
  readonly key: Json;
  readonly value: Json;
  readonly values: readonly Json[];
  readonly txns: readonly (Op | string)[];
  readonly duplicates: Readonly<Record<string, number>>;
  readonly scc: readonly Json[];
  readonly sources: readonly string[];
}

function explainRecord(type: string, found: ResultValue, nodeOf: NodeOf | undefined): string {
  // What list-append-anomalies.ts and rw-register-anomalies.ts make; each case takes the fields of its type.
  const record = found as unknown as PlainRecord;
  const { op, mop, writer, key } = record;
  const read = (): string => `${capital(place(op, nodeOf))} read key ${show(mop[1])} as ${show(mop[2])}`;
  switch (type) {
    case 'internal':
      return `${read()}, but after what the same transaction had read and written it should have been ${showExpected(record.expected)}.`;
    case 'future-read':
      return Array.isArray(mop[2])
        ? `${read()}, which holds ${show(record.element)}, although the same transaction appended that only afterwards.`
        : `${read()}, although only the same transaction wrote that, and only afterwards.`;
    case 'garbage-read':
      return Array.isArray(mop[2])
        ? `${read()}, which holds ${show(record.element)}, although no transaction ever appended that.`
        : `${read()}, although no transaction ever wrote that.`;
    case 'G1a':
      return `${read()}; ${show(record.element ?? mop[2])} was written by ${place(writer, nodeOf)}, which failed and so never happened.`;
    case 'G1b':
      // So is what list-append-torn-reads.ts finds.
      if (Array.isArray(record.expected)) {
        return (
          `${read()}; ${show(record.element)} was appended by ${place(writer, nodeOf)}, which had appended ` +
          `${show((record.expected as readonly Json[])[1] ?? null)} to that key just before, so the list should have held ` +
          `${showExpected(record.expected)}: that transaction was seen in part, or in another order.`
        );
      }
      return (
        `${read()}; ${show(record.element ?? mop[2])} was written by ${place(writer, nodeOf)}, ` +
        `which wrote that key again before it ended: only half of that transaction was seen.`
      );
    case 'dirty-update': {
      const [failed, committed] = [record.txns[0], record.txns.at(-1)].map((txn) => place(txn, nodeOf));
      return (
        `${capital(failed ?? '')} failed, yet what it wrote to key ${show(key)} was built upon by ${committed ?? ''}: ` +
        `the versions are ${record.values.map(show).join(', ')}.`
      );
    }
    case 'lost-update':
      return (
        `${capital(record.txns.map((txn) => place(txn, nodeOf)).join(', '))} ${record.txns.length === 2 ? 'both' : 'all'} ` +
        `read key ${show(key)} as ${show(record.value)} and then wrote it, so each update but one was made without ` +
        `regard to the others.`
      );
    case 'duplicate-elements':
      return `${read()}, in which ${Object.entries(record.duplicates)
        .map(([element, count]) => `${shownText(element, 60)} stands ${count} times`)
        .join(', ')}; each was appended once.`;
    case 'incompatible-order':
      return `Key ${show(key)} was read as ${record.values.map(show).join(' and as ')}; neither list can have grown into the other.`;
    case 'cyclic-versions':
      return `Of the versions ${record.scc.map(show).join(', ')} of key ${show(key)} each came before the others, going by ${record.sources.join(', ')}.`;
    default:
      return shownText(valueText(found as Json));
  }
}

function explainCycle(type: string, record: CycleRecord, nodeOf: NodeOf | undefined): string {
  const { path, transactions, steps } = cycleInWords(record, nodeOf);
  const lines = [
    `${type}: ${path}.`,
    ...transactions.map(({ name, place: where, text }) => `  ${name} is ${where}: ${text}`),
    ...steps.map(({ reason, from, to }, position) => {
      const isLast = position === steps.length - 1;
      return `  ${isLast ? 'Yet ' : ''}${reason}: ${from} came before ${to}.${isLast ? ' That is a contradiction.' : ''}`;
    }),
  ];
  return lines.join('\n');
}

/** A cycle's parts in words. */
export interface CycleInWords {
  /** `T1 -> T2 -> T1`. */
  readonly path: string;
  readonly transactions: readonly {
    readonly name: string;
    /** `operation 5 (process 2 on n3)`. */
    readonly place: string;
    /** `r 1 [1], append 1 2`. */
    readonly text: string;
  }[];
  /** Why each transaction came before the next; the last leads back to the first. */
  readonly steps: readonly {
    readonly type: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  }[];
}

/** For drawings of it; undefined for a record that has no cycle. */
export function describeCycle(record: ResultValue, nodeOf?: NodeOf): CycleInWords | undefined {
  return isCycleRecord(record) ? cycleInWords(record, nodeOf) : undefined;
}

function cycleInWords({ cycle, steps }: CycleRecord, nodeOf: NodeOf | undefined): CycleInWords {
  const operations = cycle.slice(0, -1);
  const name = (position: number): string => `T${(position % operations.length) + 1}`;
  return {
    path: cycle.map((_, position) => name(position)).join(' -> '),
    transactions: operations.map((op, position) => ({
      name: name(position),
      place: place(op, nodeOf),
      text: microOpsOf(op).map(showMop).join(', '),
    })),
    steps: steps.flatMap((step, position) => {
      const [from, to] = [name(position), name(position + 1)];
      const first = operations[position];
      const second = operations[(position + 1) % operations.length];
      if (first === undefined || second === undefined) return [];
      const reason = explainStep(step, { name: from, op: first }, { name: to, op: second });
      return [{ type: step.type, from, to, reason }];
    }),
  };
}

/** Operations in records are transactions that were read as such. */
function microOpsOf({ value }: Op): readonly MicroOp[] {
  return value as readonly Json[] as readonly MicroOp[];
}

interface Named {
  readonly name: string;
  readonly op: Op;
}

function explainStep(step: StepRecord, from: Named, to: Named): string {
  const mopOf = ({ op }: Named, index: number): MicroOp | undefined => microOpsOf(op)[index];
  const read = mopOf(
    step.type === 'wr' ? to : from,
    step[step.type === 'wr' ? 'b-mop-index' : 'a-mop-index'],
  );
  const written = mopOf(
    step.type === 'wr' ? from : to,
    step[step.type === 'wr' ? 'a-mop-index' : 'b-mop-index'],
  );
  const verb = written?.[0] === 'append' ? 'append' : 'write';
  const key = show(step.key ?? null);
  switch (step.type) {
    case 'wr':
      return `${to.name} read key ${key} as ${show(read?.[2] ?? null)}, so it saw ${from.name}'s ${verb} of ${show(step.value)}`;
    case 'rw':
      return `${from.name} read key ${key} as ${show(read?.[2] ?? null)}, so it missed ${to.name}'s ${verb} of ${show(step["value'"] ?? null)}, which came later`;
    case 'ww':
      return `${to.name}'s ${verb} of ${show(step["value'"] ?? null)} to key ${key} came after ${from.name}'s ${show(step.value)}`;
    case 'process':
      return `process ${from.op.process} finished ${from.name} before it began ${to.name}`;
    case 'realtime':
      return `${from.name} was over (operation ${step["a'"]?.index ?? from.op.index}) before ${to.name} began (operation ${step.b?.index ?? to.op.index})`;
    default:
      return `${from.name} precedes ${to.name} (${shownText(step.type, 40)})`;
  }
}

function place(op: Op | string | undefined, nodeOf: NodeOf | undefined): string {
  if (op === undefined || typeof op === 'string') return 'another transaction';
  const node = nodeOf?.(op);
  return `operation ${op.index} (process ${op.process}${node === undefined ? '' : ` on ${node}`})`;
}

function showMop([f, key, value]: MicroOp): string {
  return `${shownText(f, 20)} ${show(key)} ${show(value ?? null)}`;
}

/** A value as it is written in conversation: lists without commas. */
function show(value: Json): string {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.length <= 32
      ? `[${items.map(show).join(' ')}]`
      : `[${items.slice(0, 8).map(show).join(' ')} ... ${items.slice(-8).map(show).join(' ')}]`;
  }
  return shownText(valueText(value), 60);
}

/** What was expected: a list, of which the beginning (`...`) may be unknown. */
function showExpected(expected: Json): string {
  if (!Array.isArray(expected) || expected[0] !== '...') return show(expected);
  return `[... ${(expected as readonly Json[]).slice(1).map(show).join(' ')}]`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
