/**
 * Proofs about transactions: an order in which they may have run, or what shows that there is none.
 *
 * Candidates are made from what the checker knows, and the first that the verifier accepts is taken: of orders the strongest, of
 * what is wrong the first.
 */
import { present } from '../columns/present.ts';
import type { Budget, CheckResult, ResultValue } from '../checkers/checker.ts';
import { isResultMap } from '../checkers/checker.ts';
import { decideLevel, levelsAsked, type Decidable } from '../checkers/elle/deciding.ts';
import type { DependencyGraph, OrderRelation } from '../checkers/elle/dependency-graph.ts';
import type { TransactionsChecker } from '../checkers/elle/judge.ts';
import { INITIAL_STATE } from '../checkers/elle/list-append-dependencies.ts';
import { ListAppendChecker } from '../checkers/elle/list-append.ts';
import { Meter } from '../checkers/elle/meter.ts';
import { requestOf } from '../checkers/elle/result.ts';
import { RwRegisterChecker } from '../checkers/elle/rw-register.ts';
import { OUTCOME } from '../checkers/elle/transaction-log.ts';
import type { Op } from '../history/op.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import type { AnomalyProof, CycleProof, CycleStep, OrderProof, Proof } from '../verify/certificate.ts';
import { topologicalOrder, type OrderKind } from './topological-order.ts';

export type TransactionModel = 'list-append' | 'rw-register';

export const isTransactionModel = (model: string): model is TransactionModel =>
  model === 'list-append' || model === 'rw-register';

const KINDS: readonly OrderKind[] = ['serial', 'snapshot', 'commits'];
const RESPECTS: readonly OrderRelation[] = ['realtime', 'process', 'none'];
/** Records of each anomaly that are tried. */
const TRIED_RECORDS = 8;

/** Orders that may prove the history right, the strongest first. */
export function* ordersOf(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
  budget?: Budget,
): Generator<OrderProof> {
  const lines = ops.map((op, index) => ({ ...op, index }));
  if (options['decide?'] === true) yield* decidedOrders(model, options, lines, budget);
  for (const kind of KINDS) {
    for (const respects of RESPECTS) {
      const graph = graphOf(model, options, lines, respects, budget);
      if (graph === undefined) continue;
      const order = namedPoints(graph, kind, namesOf(graph, budget));
      if (order !== undefined) yield { kind, respects, order };
    }
  }
}

/** The orders that deciding finds, as `check --decide` does. */
function* decidedOrders(
  model: TransactionModel,
  options: Readonly<Record<string, unknown>>,
  ops: readonly Op[],
  budget?: Budget,
): Generator<OrderProof> {
  for (const { isolation, order: respects } of levelsAsked(requestOf(options).prohibited)) {
    const checker = checkerOver(model, options, ops);
    const graph = checker.dependencies(respects, budget);
    if (graph === undefined) return;
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

/** By vertex: the name of its operation; -1 for one that failed, or of whose end nothing is known. */
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

/** What may prove the history wrong: the anomalies of the result. */
export function* refutationsIn(result: CheckResult, ops: readonly Op[]): Generator<Proof> {
  const { anomalies } = result;
  if (!isResultMap(anomalies)) return;
  const names = new LineNames(ops);
  for (const [type, records] of Object.entries(anomalies)) {
    if (!Array.isArray(records)) continue;
    for (const record of (records as readonly ResultValue[]).slice(0, TRIED_RECORDS)) {
      if (!isResultMap(record)) continue;
      const proof = Array.isArray(record['cycle'])
        ? cycleOf(type, record, names)
        : anomalyOf(type, record, names, ops);
      yield proof;
    }
  }
}

/** The names of operations by the lines of their entries. */
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

  of(op: ResultValue): number {
    const { index } = isResultMap(op) ? op : {};
    return typeof index === 'number' ? (this.names.get(index) ?? -1) : -1;
  }
}

type AnomalyMap = { readonly [key: string]: ResultValue };

const listOf = (value: ResultValue): readonly ResultValue[] =>
  Array.isArray(value) ? (value as readonly ResultValue[]) : [];

function cycleOf(anomaly: string, record: AnomalyMap, names: LineNames): CycleProof {
  const cycle = listOf(record['cycle']).map((op) => names.of(op));
  const steps = listOf(record['steps']).map((step, at): CycleStep => {
    const { type, key, value, "value'": later } = step as AnomalyMap;
    const versions = [value, later].filter((version) => version !== undefined).map(versionText);
    return {
      from: cycle[at] ?? -1,
      to: cycle[at + 1] ?? -1,
      type: type as CycleStep['type'],
      ...(key !== undefined && { says: `${valueText(key as Json)}: ${versions.join(', then ')}` }),
    };
  });
  return { kind: 'cycle', anomaly, steps };
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

/** An entry of which a micro-operation has that key and value. */
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
