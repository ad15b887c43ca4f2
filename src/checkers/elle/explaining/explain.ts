/**
 * Anomalies of transactions in words: which transaction saw what, what follows, and why it is a contradiction.
 *
 *     G-single-item-realtime: T1 -> T2 -> T1.
 *       T1 is operation 5 (process 2): r 1 [1]
 *       T2 is operation 3 (process 1): append 1 2
 *       T1 read key 1 as [1], so it missed T2's append of 2, which came later: T1 came before T2.
 *       Yet T2 was over (operation 3) before T1 began (operation 4): T2 came before T1. That is a contradiction.
 *
 * Only formats a result map; does not look at the history again.
 */
import { inSeries } from '../../../protocol/in-series.ts';
import { present } from '../../../columns/present.ts';
import { byCount, counted } from '../../../protocol/count-text.ts';
import { canonicalJson, jsonEquals, valueText, type Json } from '../../../protocol/json.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { withoutNote } from '../../bounded-result.ts';
import type { NodeOf } from '../../checker.ts';
import { asOtherForm } from '../../other-form.ts';
import type {
  AnomalyRecord,
  CycleExistsRecord,
  CycleRecord,
  NoOrderRecord,
  PlainRecords,
  StepRecord,
} from '../anomaly-records.ts';
import type { CycleInWords } from '../../evidence.ts';
import type { TransactionsResult } from '../result.ts';
import type { MicroOp, TransactionOp } from '../transactions/transaction-log.ts';

/** Maximum number of anomalies explained in one text. The results have all of them. */
const EXPLAINED = 3;
/** Maximum number of types that a figure names. */
const MOST_TYPES = 4;

/**
 * Explains what is wrong with transactions, simplest anomalies first, step by step; undefined if nothing is wrong. For
 * an unknown verdict explains why nothing was proved.
 */
export function explainTransactions(result: TransactionsResult, nodeOf?: NodeOf): string | undefined {
  const { error, anomalies = {} } = result;
  const problem = error === undefined ? [] : [shownText(error.message, 1000)];
  const records = Object.entries(anomalies).flatMap(([type, list]) =>
    list === true ? [] : withoutNote(list).map((record) => ({ type, record })),
  );
  const simplest = records.toSorted((a, b) => difficulty(a) - difficulty(b));
  // One of each type says more than three of one type.
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
  const open = result['valid?'] === 'unknown' ? remarkOnTransactions(result) : undefined;
  const all = [...problem, ...texts, ...ruledOut(result), ...(open === undefined ? [] : [open])];
  return all.length === 0 ? undefined : all.join('\n');
}

/** Returns a sentence on models that the verdict does not cover; undefined if it covers all that were asked for. */
export function remarkOnTransactions(result: TransactionsResult): string | undefined {
  const models = Object.entries(result['not-looked-for'] ?? {});
  if (models.length === 0) return undefined;
  const asks = models.map(([model, instead]) => `${model} (ask for ${instead} instead)`);
  return `The check did not look for what could refute ${inSeries(asks)}, so the verdict does not cover that.`;
}

/** Returns the types of anomalies as a short text; undefined if nothing was proved. */
export function transactionsFigure(result: TransactionsResult): string | undefined {
  const { 'anomaly-types': types = [] } = result;
  if (types.length === 0) return result['valid?'] === true ? 'no anomaly' : undefined;
  const more = types.length > MOST_TYPES ? `, ${types.length - MOST_TYPES} more` : '';
  return `${types.slice(0, MOST_TYPES).join(', ')}${more}`;
}

function ruledOut({ not = [], 'also-not': also = [] }: TransactionsResult): readonly string[] {
  if (not.length === 0) return [];
  return [`So this is not ${not.join(', nor ')}${also.length === 0 ? '' : ', nor anything stronger'}.`];
}

/** Sort key: short explanations before long ones, named cycles before `...-cycle-exists`. */
function difficulty({ record }: { readonly record: AnomalyRecord }): number {
  if ('subgraph' in record) return 1000;
  if ('cases' in record) return record.cases.reduce((sum, { cycle }) => sum + cycle.length, 0);
  return 'cycle' in record ? record.cycle.length : 1;
}

/** Explains one anomaly: a first line, followed for a cycle by its transactions and steps, one per line. */
export function explainAnomaly(type: string, record: AnomalyRecord, nodeOf?: NodeOf): string {
  if ('subgraph' in record) return explainExistence(type, record, nodeOf);
  if ('cases' in record) return explainNoOrder(type, record, nodeOf);
  if ('cycle' in record) return explainCycle(type, record, nodeOf);
  // A record is listed under the name of its type.
  return `${type}: ${explainRecord({ type, record } as PlainAnomaly, nodeOf)}`;
}

function explainExistence(
  type: string,
  { not, subgraph, scc }: CycleExistsRecord,
  nodeOf: NodeOf | undefined,
): string {
  return (
    `${type}: ${scc.map((op) => place(op, nodeOf)).join(', ')} each came before the others ` +
    `(by ${subgraph}), which ${not} forbids.`
  );
}

type PlainAnomaly = {
  readonly [Type in keyof PlainRecords]: { readonly type: Type; readonly record: PlainRecords[Type] };
}[keyof PlainRecords];

/** Suggests another form of a value that nothing wrote: workloads write integers. */
function otherForm(element: Json): string {
  const form = asOtherForm(element);
  return form === undefined ? '' : ` If an integer was meant: ${form}.`;
}

/** Whether a read shows an element of a list: the value of a register may be a list as well. */
const isOfList = ({ mop, element }: { readonly mop: MicroOp; readonly element: Json }): boolean =>
  Array.isArray(mop[2]) && !jsonEquals(mop[2] as Json, element);

function explainRecord({ type, record }: PlainAnomaly, nodeOf: NodeOf | undefined): string {
  const read = ({ op, mop }: { readonly op: TransactionOp; readonly mop: MicroOp }): string =>
    `${capital(place(op, nodeOf))} read key ${show(mop[1])} as ${show(mop[2])}`;
  switch (type) {
    case 'internal':
      return `${read(record)}, but by what the same transaction had read and written before, it should have read ${showExpected(record.expected)}.`;
    case 'own-write-missed':
      return `${read(record)}, although the same transaction had written it before: it should have read ${showExpected(record.expected)}.`;
    case 'future-read':
      return isOfList(record)
        ? `${read(record)}, which contains ${show(record.element)}, although the same transaction appended that only later. Does the reply hold the list itself, which grew before it was sent, instead of a copy?`
        : `${read(record)}, although only the same transaction wrote that, and only later.`;
    case 'garbage-read':
      return isOfList(record)
        ? `${read(record)}, which contains ${show(record.element)}, although no transaction ever appended it.${otherForm(record.element)}`
        : `${read(record)}, although no transaction ever wrote that value; a key that was never written reads as null.${otherForm(record.element)}`;
    case 'G1a':
      return `${read(record)}; ${show(record.element ?? record.mop[2])} was written by ${place(record.writer, nodeOf)}, which failed, so its writes must not be visible.`;
    case 'G1b':
      // Torn appends (list-append/torn-reads.ts) are G1b too.
      if (record.expected !== undefined) {
        return (
          `${read(record)}; ${show(record.element ?? null)} was appended by ${place(record.writer, nodeOf)}, which had appended ` +
          `${show(record.expected[1] ?? null)} to that key just before, so the list should have held ` +
          `${showExpected(record.expected)}: the read saw only a part of that transaction, or its appends in another order.`
        );
      }
      return (
        `${read(record)}; ${show(record.element ?? record.mop[2])} was written by ${place(record.writer, nodeOf)}, ` +
        `which wrote that key again before it ended: the read saw an intermediate state of that transaction.`
      );
    case 'dirty-update': {
      const [failed = '', committed = ''] = [record.txns[0], record.txns.at(-1)].map((txn) =>
        place(txn, nodeOf),
      );
      return (
        `${capital(failed)} failed, yet ${committed} built on what it wrote to key ${show(record.key)}: ` +
        `the versions are ${record.values.map(show).join(', ')}.`
      );
    }
    case 'lost-update':
      if (record.element !== undefined) {
        const [updated = '', missed = ''] = record.txns.map((txn) => place(txn, nodeOf));
        return (
          `${capital(updated)} read key ${show(record.key)} as ${show(record.value)} and then wrote it, but ` +
          `${show(record.element)}, which ${missed} wrote, comes before that write, so it updated a version that it had not read.`
        );
      }
      return (
        `${capital(inSeries(record.txns.map((txn) => place(txn, nodeOf))))} ${record.txns.length === 2 ? 'both' : 'all'} ` +
        `read key ${show(record.key)} as ${show(record.value)} and then wrote it, so one of them wrote ` +
        `without having seen another's write.`
      );
    case 'duplicate-elements':
      return `${read(record)}, in which ${Object.entries(record.duplicates)
        .map(([element, count]) => `${shownText(element, 60)} occurs ${count} times`)
        .join(', ')}; each was appended once.`;
    case 'incompatible-order':
      return `Key ${show(record.key)} was read as ${record.values.map(show).join(' and as ')}; neither list is a prefix of the other.`;
    case 'cyclic-versions':
      return `The order of the versions ${record.scc.map(show).join(', ')} of key ${show(record.key)} is a cycle, by ${record.sources.join(', ')}.`;
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

/** Explains that no order of all transactions is possible: each order of the writes, and the cycle that follows. */
function explainNoOrder(type: string, { not, cases }: NoOrderRecord, nodeOf: NodeOf | undefined): string {
  const operations = distinctOperations(cases.flatMap(({ cycle }) => cycle));
  const named = (op: TransactionOp | undefined): Named => {
    const index = operations.findIndex((other) => other.index === op?.index);
    return { name: `T${index + 1}`, op: present(op) };
  };
  const lines = [
    `${type}: no order of all transactions satisfies ${not}${cases.length === 1 ? '' : `, whichever came first in ${counted(choicesIn(cases), 'pair')} of writes`}.`,
    ...operations.map(
      (op) => `  ${named(op).name} is ${place(op, nodeOf)}: ${microOpsOf(op).map(showMop).join(', ')}`,
    ),
  ];
  for (const { choices, cycle, steps } of cases) {
    if (choices.length > 0)
      lines.push(
        `  If ${choices.map(({ key, value, "value'": later }) => `${show(value)} came before ${show(later)} in key ${show(key)}`).join(', and ')}:`,
      );
    for (const [at, step] of steps.entries()) {
      const [from, to] = [named(cycle[at]), named(cycle[at + 1])];
      const isLast = at === steps.length - 1;
      lines.push(
        `  ${choices.length === 0 ? '' : '  '}${isLast ? 'Yet ' : ''}${explainStep(step, from, to, nodeOf)}: ${from.name} came before ${to.name}.${isLast ? ' That is a contradiction.' : ''}`,
      );
    }
  }
  return lines.join('\n');
}

const choicesIn = (cases: NoOrderRecord['cases']): number =>
  new Set(
    cases.flatMap(({ choices }) =>
      choices.map(({ key, value, "value'": later }) =>
        canonicalJson([key, ...[canonicalJson(value), canonicalJson(later)].toSorted()]),
      ),
    ),
  ).size;

const distinctOperations = (operations: readonly TransactionOp[]): readonly TransactionOp[] => [
  ...new Map(operations.map((op) => [op.index, op])).values(),
];

/** Describes a cycle for drawings; undefined for a record without one. Of several cases it describes the first. */
export function describeCycle(record: AnomalyRecord, nodeOf?: NodeOf): CycleInWords | undefined {
  if ('cycle' in record) return cycleInWords(record, nodeOf);
  const cases = 'cases' in record ? record.cases : [];
  const first = cases[0];
  if (first === undefined) return undefined;
  const words = cycleInWords(first, nodeOf);
  // One case alone is no contradiction: the drawing must not pass for the whole reason.
  return cases.length === 1
    ? words
    : { ...words, path: `${words.path} (the first of ${cases.length} cases)` };
}

function cycleInWords(
  { cycle, steps }: Pick<CycleRecord, 'cycle' | 'steps'>,
  nodeOf: NodeOf | undefined,
): CycleInWords {
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
      const reason = explainStep(step, { name: from, op: first }, { name: to, op: second }, nodeOf);
      return [{ type: step.type, from, to, reason, ...(step.key === undefined ? {} : { key: step.key }) }];
    }),
  };
}

/** Operations in records were read as transactions. */
function microOpsOf({ value }: TransactionOp): readonly MicroOp[] {
  return value as readonly Json[] as readonly MicroOp[];
}

interface Named {
  readonly name: string;
  readonly op: TransactionOp;
}

function explainStep(step: StepRecord, from: Named, to: Named, nodeOf: NodeOf | undefined): string {
  const mopOf = ({ op }: Named, index = -1): MicroOp | undefined => microOpsOf(op)[index];
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
      return `${to.name} read key ${key} as ${show(read?.[2] ?? null)}, so it saw ${from.name}'s ${verb} of ${show(step.value ?? null)}`;
    case 'rw':
      return `${from.name} read key ${key} as ${show(read?.[2] ?? null)}, so it missed ${to.name}'s ${verb} of ${show(step["value'"] ?? null)}, which came later`;
    case 'ww':
      if (step.reader !== undefined) return explainForced(step, step.reader, from, to, nodeOf);
      return `${to.name}'s ${verb} of ${show(step["value'"] ?? null)} to key ${key} came after ${from.name}'s ${show(step.value ?? null)}`;
    case 'process':
      return `process ${from.op.process} finished ${from.name} before it began ${to.name}`;
    case 'realtime':
      return `${from.name} was over (operation ${step["a'"]?.index ?? from.op.index}) before ${to.name} began (operation ${step.b?.index ?? to.op.index})`;
  }
}

/** Explains why a read shows that one write came before another. */
function explainForced(
  { key = null, value = null, saw = [], through = [], ...step }: StepRecord,
  reader: TransactionOp,
  from: Named,
  to: Named,
  nodeOf: NodeOf | undefined,
): string {
  const first = saw[0];
  const shown = microOpsOf(reader)[first?.['b-mop-index'] ?? -1]?.[2] ?? null;
  const how =
    saw.length > 1
      ? `through ${through.map((op) => place(op, nodeOf)).join(', ')}`
      : first?.type === 'process'
        ? 'an earlier operation of its process'
        : `it read key ${show(first?.key ?? null)} as ${show(shown)}`;
  const read = microOpsOf(reader)[step['reader-mop-index'] ?? -1]?.[2] ?? null;
  const isList = Array.isArray(read);
  return (
    `${to.name}'s ${show(step["value'"] ?? null)} is ${isList ? 'among the last elements that' : 'what'} ${place(reader, nodeOf)} read ` +
    `${isList ? `of key ${show(key)}, ${show(read)}` : `as key ${show(key)}`}, although that operation also saw ${from.name} (${how}), ` +
    `which ${isList ? 'appended' : 'wrote'} ${show(value)} there`
  );
}

function place(op: TransactionOp | number | string | undefined, nodeOf: NodeOf | undefined): string {
  if (typeof op === 'number') return `operation ${op}`;
  if (op === undefined || typeof op === 'string') return 'another transaction';
  const node = nodeOf?.(op);
  return `operation ${op.index} (process ${op.process}${node === undefined ? '' : ` on ${node}`})`;
}

function showMop([f, key, value]: MicroOp): string {
  return `${shownText(f, 20)} ${show(key)} ${show(value ?? null)}`;
}

/** Formats a value in conversational style: lists without commas. */
function show(value: Json): string {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.length <= 32
      ? `[${items.map(show).join(' ')}]`
      : `[${items.slice(0, 8).map(show).join(' ')} ... ${items.slice(-8).map(show).join(' ')}]`;
  }
  return shownText(valueText(value), 60);
}

/** Formats an expected list whose beginning (`...`) may be unknown. */
function showExpected(expected: Json): string {
  if (!Array.isArray(expected) || expected[0] !== '...') return show(expected);
  return `[... ${(expected as readonly Json[]).slice(1).map(show).join(' ')}]`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
