/**
 * Proofs about transactions: an order in which they may have run, or a refutation of every order.
 *
 * Candidates come from what the checker knows, and the first that the verifier accepts is used: orders strongest first,
 * anomalies in the order of the result.
 */
import { present } from '../columns/present.ts';
import type { Budget, CheckResult, ResultValue } from '../checkers/checker.ts';
import { isResultMap } from '../checkers/checker.ts';
import { decideLevel, levelsAsked, type Decidable } from '../checkers/elle/levels/deciding.ts';
import type { DependencyGraph, OrderRelation } from '../checkers/elle/graph/dependency-graph.ts';
import type { TransactionsChecker } from '../checkers/elle/judge.ts';
import { INITIAL_STATE } from '../checkers/elle/list-append/dependencies.ts';
import { ListAppendChecker } from '../checkers/elle/list-append/list-append.ts';
import { Meter } from '../checkers/budget/meter.ts';
import { requestOf } from '../checkers/elle/result.ts';
import { RwRegisterChecker } from '../checkers/elle/rw-register/rw-register.ts';
import { OUTCOME } from '../checkers/elle/transactions/transaction-log.ts';
import { LEVELS, type Level } from '../checkers/weak/levels.ts';
import type { Op } from '../history/op.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import type {
  AnomalyProof,
  CasesProof,
  CycleProof,
  CycleStep,
  OrderProof,
  Proof,
} from '../verify/certificate.ts';
import { topologicalOrder, type OrderKind } from './topological-order.ts';

export type TransactionModel = 'list-append' | 'rw-register';

export const isTransactionModel = (model: string): model is TransactionModel =>
  model === 'list-append' || model === 'rw-register';

const KINDS: readonly OrderKind[] = ['serial', 'snapshot', 'commits'];
const RESPECTS: readonly OrderRelation[] = ['realtime', 'process', 'none'];
const AXIOM_KINDS = { 'read-committed': 'view', 'read-atomic': 'atomic', causal: 'causal' } as const;
/** Maximum number of records tried per anomaly. */
const TRIED_RECORDS = 8;

/** True if such an order would prove the requested models. */
export type IsEnough = (kind: OrderProof['kind'], respects: OrderProof['respects']) => boolean;

/**
 * Yields orders that may prove the history valid: those that the checker knows, strongest first, then those found by
 * search.
 */
export function* ordersOf(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
  isEnough: IsEnough,
  budget?: Budget,
): Generator<OrderProof> {
  const lines = ops.map((op, index) => ({ ...op, index }));
  const request = requestOf(options);
  if (options['decide?'] === true) yield* decidedOrders(model, options, lines, budget);
  for (const level of LEVELS.filter(({ anomaly }) => request.weak.has(anomaly)).toReversed())
    yield* ordersAt(level, checkerOver(model, options, lines), budget);
  if (request.isWeak) return;
  for (const respects of RESPECTS) {
    const kinds = KINDS.filter((kind) => isEnough(kind, respects));
    // Made once for all kinds: of a long history that takes longer than the orders do.
    const graph = kinds.length === 0 ? undefined : graphOf(model, options, lines, respects, budget);
    if (graph === undefined) continue;
    const names = namesOf(graph, budget);
    for (const kind of kinds) {
      const order = namedPoints(graph, kind, names);
      if (order !== undefined) yield { kind, respects, order };
    }
  }
  if (options['decide?'] !== true) yield* decidedOrders(model, options, lines, budget);
  yield* ordersAt(undefined, checkerOver(model, options, lines), budget);
}

/** Yields the commit order of a weak level or, without a level, of read committed. */
function* ordersAt(
  level: Level | undefined,
  checker: TransactionsChecker,
  budget?: Budget,
): Generator<OrderProof> {
  const graph = checker.dependencies('none', budget);
  const order = graph === undefined ? undefined : checker.commitOrder(level, new Meter(budget));
  if (graph === undefined || order === undefined) return;
  yield {
    kind: level === undefined ? 'commits' : AXIOM_KINDS[level.axiom],
    respects: level?.sessions === true ? 'process' : 'none',
    order: order.map((vertex) => graph.log.invocationOf(vertex, null).index),
  };
}

/** Yields the orders that deciding finds, as with `check --decide`. */
function* decidedOrders(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
  budget?: Budget,
): Generator<OrderProof> {
  for (const { isolation, order: respects } of levelsAsked(requestOf(options).prohibited)) {
    const checker = checkerOver(model, options, ops);
    const graph = checker.dependencies(respects, budget);
    if (graph === undefined) continue;
    const decidable = (order: OrderRelation, meter: Meter): Decidable => checker.decidable(order, meter);
    const { decision, decidable: decided } = decideLevel(
      { decidable },
      { isolation, order: respects },
      budget,
    );
    if (decision.kind !== 'order') continue;
    const order = decision.points.map(({ transaction, isCommit }) => {
      const name = graph.log.invocationOf(present(decided.vertices[transaction]), null).index;
      return isCommit ? name : `~${name}`;
    });
    yield { kind: isolation, respects, order };
  }
}

function checkerOver(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
): TransactionsChecker {
  const checker = model === 'list-append' ? new ListAppendChecker(options) : new RwRegisterChecker(options);
  for (const op of ops) checker.observe(op);
  return checker;
}

function graphOf(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
  order: OrderRelation,
  budget?: Budget,
): DependencyGraph | undefined {
  const checker = checkerOver(model, options, ops);
  return checker.dependencies(order, budget);
}

/** Returns the name of each vertex's operation; -1 if it failed or its effect is uncertain. */
function namesOf({ log, transactions, data }: DependencyGraph, budget?: Budget): Int32Array {
  const names = new Int32Array(transactions).fill(-1);
  const tookEffect = data.tookEffect?.(new Meter(budget));
  for (let vertex = 0; vertex < transactions; vertex++) {
    if (log.outcomes.at(vertex) === OUTCOME.ok || tookEffect?.[vertex] === 1)
      names[vertex] = log.invocationOf(vertex, null).index;
  }
  return names;
}

function namedPoints(
  graph: DependencyGraph,
  kind: OrderKind,
  names: Int32Array,
): OrderProof['order'] | undefined {
  return topologicalOrder(graph, kind)?.flatMap((point) => {
    const name = present(names[point >> 1]);
    return name < 0 ? [] : [(point & 1) === 1 ? name : `~${name}`];
  });
}

/** Yields possible refutations of the history: the anomalies of the result. */
export function* refutationsIn(result: CheckResult, ops: readonly Op[]): Generator<Proof> {
  const { anomalies } = result;
  if (!isResultMap(anomalies)) return;
  const names = new LineNames(ops);
  for (const [type, records] of Object.entries(anomalies)) {
    if (!Array.isArray(records)) continue;
    for (const record of (records as readonly ResultValue[]).slice(0, TRIED_RECORDS)) {
      if (!isResultMap(record)) continue;
      const proof = Array.isArray(record['cases'])
        ? casesOf(type, listOf(record['cases']) as readonly AnomalyMap[], names, ops)
        : Array.isArray(record['cycle'])
          ? cycleOf(type, record, names)
          : anomalyOf(type, record, names, ops);
      yield proof;
    }
  }
}

/** The names of operations, by the lines of their invocation and completion. */
class LineNames {
  private readonly names = new Map<number, number>();

  constructor(ops: readonly Op[]) {
    const open = new Map<unknown, number>();
    for (const [line, { type, process }] of ops.entries()) {
      if (type === 'invoke') open.set(process, line);
      this.names.set(line, open.get(process) ?? line);
      if (type !== 'invoke') open.delete(process);
    }
  }

  /** Returns the operations that wrote a value, in order of invocation. */
  writersOf(key: Json, value: Json, ops: readonly Op[]): readonly number[] {
    const found = ops.flatMap(({ type, value: mops }, line) =>
      type !== 'fail' &&
      elementsOf(mops)?.some((mop) => {
        const [f = null, of = null, written = null] = elementsOf(mop) ?? [];
        return f !== 'r' && jsonEquals(of, key) && jsonEquals(written, value);
      })
        ? [this.names.get(line) ?? line]
        : [],
    );
    return [...new Set(found)];
  }

  of(op: ResultValue): number {
    const { index } = isResultMap(op) ? op : {};
    return typeof index === 'number' ? (this.names.get(index) ?? -1) : -1;
  }
}

type AnomalyMap = { readonly [key: string]: ResultValue };

const listOf = (value: ResultValue): readonly ResultValue[] =>
  Array.isArray(value) ? (value as readonly ResultValue[]) : [];

/**
 * Converts a cycle. A step that a read forces becomes a case split: in the opposite order, the reader would have missed
 * what it had seen.
 */
function cycleOf(anomaly: string, record: AnomalyMap, names: LineNames): CycleProof | CasesProof {
  const cycle = listOf(record['cycle']).map((op) => names.of(op));
  const records = listOf(record['steps']) as readonly AnomalyMap[];
  const steps = records.map((step, at) => stepOf(step, [cycle[at] ?? -1, cycle[at + 1] ?? -1]));
  let proof: CycleProof | CasesProof = { kind: 'cycle', anomaly, steps };
  for (const [at, step] of records.entries()) {
    const { reader, saw, through, key = null } = step;
    if (reader === undefined) continue;
    const [first = -1, second = -1] = cycle.slice(at, at + 2);
    const way = [first, ...listOf(through).map((op) => names.of(op)), names.of(reader)];
    const seen = listOf(saw).map((one, place) =>
      stepOf(one as AnomalyMap, [way[place] ?? -1, way[place + 1] ?? -1]),
    );
    const missed: CycleStep = { from: names.of(reader), to: first, type: 'rw' };
    const after: CycleProof = { kind: 'cycle', anomaly, steps: [...seen, missed] };
    proof = { kind: 'cases', anomaly, key: key as Json, first, second, before: proof, after };
  }
  return proof;
}

function stepOf(
  { type, key, value, "value'": later }: AnomalyMap,
  [from, to]: readonly [number, number],
): CycleStep {
  const versions = [value, later].filter((version) => version !== undefined).map(versionText);
  return {
    from,
    to,
    type: type as CycleStep['type'],
    ...(key !== undefined && { says: `${valueText(key as Json)}: ${versions.join(', then ')}` }),
  };
}

/** Converts the cases of a decision to a tree, by the choices that lead to each, from the given depth on. */
function casesOf(
  anomaly: string,
  cases: readonly AnomalyMap[],
  names: LineNames,
  ops: readonly Op[],
  depth = 0,
): CycleProof | CasesProof {
  const choiceAt = (one: AnomalyMap | undefined): AnomalyMap | undefined =>
    listOf(one?.['choices'] ?? [])[depth] as AnomalyMap | undefined;
  const [one] = cases;
  const choice = choiceAt(one);
  if (one === undefined || choice === undefined) return cycleOf(anomaly, one ?? {}, names);
  const isSame = (other: AnomalyMap): boolean =>
    ['key', 'value', "value'"].every((name) =>
      jsonEquals(choiceAt(other)?.[name] as Json, choice[name] as Json),
    );
  const key = choice['key'] as Json;
  const mentioned = new Set(cases.flatMap((each) => listOf(each['cycle']).map((op) => names.of(op))));
  const writerOf = (value: ResultValue | undefined): number => {
    const writers = names.writersOf(key, value as Json, ops);
    return writers.find((name) => mentioned.has(name)) ?? writers[0] ?? -1;
  };
  const part = (of: readonly AnomalyMap[]): CycleProof | CasesProof =>
    casesOf(anomaly, of, names, ops, depth + 1);
  return {
    kind: 'cases',
    anomaly,
    key,
    first: writerOf(choice['value']),
    second: writerOf(choice["value'"]),
    before: part(cases.filter(isSame)),
    after: part(cases.filter((other) => !isSame(other))),
  };
}

const versionText = (version: ResultValue): string =>
  version === INITIAL_STATE ? 'nothing' : valueText(version as Json);

function anomalyOf(anomaly: string, record: AnomalyMap, names: LineNames, ops: readonly Op[]): AnomalyProof {
  const { key, op, writer, values, txns, scc } = record;
  const entries =
    anomaly === 'incompatible-order'
      ? listOf(values).map((list) => entryWith(ops, key as Json, list as Json))
      : anomaly === 'lost-update'
        ? listOf(txns).slice(0, 2)
        : anomaly === 'cyclic-versions'
          ? listOf(scc)
              .slice(0, 1)
              .map((version) => entryWith(ops, key as Json, version as Json))
          : [op, writer].filter((one) => one !== undefined);
  return { kind: 'anomaly', anomaly, operations: entries.map((entry) => names.of(entry)) };
}

/** Returns an entry with a micro-operation of that key and value. */
function entryWith(ops: readonly Op[], key: Json, value: Json): ResultValue {
  const index = ops.findIndex(
    ({ type, value: mops }) =>
      type === 'ok' &&
      elementsOf(mops)?.some((mop) => {
        const [, of = null, shown = null] = elementsOf(mop) ?? [];
        return jsonEquals(of, key) && jsonEquals(shown, value);
      }),
  );
  return { index };
}
