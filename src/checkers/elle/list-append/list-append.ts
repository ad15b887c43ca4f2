/**
 * list-append: transactions that read lists and append unique values to them. Because a list shows the order of its
 * writes, version orders are observed, and every isolation level Elle knows is a question about cycles in one graph.
 *
 *     T1  append x 1             |----|
 *     T2  append x 2                    |----|
 *     T3  read x -> [1]                         |----|      T3 missed T2, which had completed: G-single-item-realtime
 *
 * The history streams into columns (columns.ts). Then follow version orders, anomalies without cycles, the
 * graph, its strongly connected components, and only inside those the search for cycles. A valid history never gets
 * that far.
 */
import { present } from '../../../columns/present.ts';
import { canonicalJson } from '../../../protocol/json.ts';
import { resultOver, type Budget, type Checker } from '../../checker.ts';
import { whyUndecided } from '../levels/decided.ts';
import type { Decidable } from '../levels/deciding.ts';
import { DependencyGraph, type OrderRelation } from '../graph/dependency-graph.ts';
import { dependenciesOf, judge, type HistoryAnalysis, type TransactionsChecker } from '../judge.ts';
import { findListAnomalies } from './anomalies.ts';
import { ListAppendColumns } from './columns.ts';
import { INITIAL_STATE, ListAppendDependencies } from './dependencies.ts';
import { listHistory } from './version-history.ts';
import { settleOrders } from './orders.ts';
import { hasRivalAppends } from './rivals.ts';
import { remarkOnTransactions } from '../explaining/explain.ts';
import { brokenText } from '../transactions/malformed.ts';
import type { Meter } from '../../budget/meter.ts';
import { requestOf, type ModelOptions, type Request, type TransactionsResult } from '../result.ts';
import {
  OUTCOME,
  describeBadMicroOps,
  type MicroOp,
  type TransactionOp,
} from '../transactions/transaction-log.ts';
import { judgeWeakLevels, orderAtLevel } from '../../weak/judge-weak-levels.ts';
import type { Level } from '../../weak/levels.ts';
import { visibleLists } from '../../weak/visible-lists.ts';

export { explainTransactions as explainListAppend } from '../explaining/explain.ts';

/** Returns what a valid verdict leaves open; undefined if there is nothing to say. */
export function remarkOnListAppend(result: TransactionsResult): string | undefined {
  const remarks = [whyUndecided(result.decided ?? []), remarkOnTransactions(result)].filter(
    (remark) => remark !== undefined,
  );
  return remarks.length === 0 ? undefined : remarks.join('\n');
}

export type ListAppendOptions = ModelOptions;

/** Throws a `UserError` when constructed with an unknown model or anomaly. */
export class ListAppendChecker implements Checker<TransactionsResult>, TransactionsChecker {
  readonly #columns = new ListAppendColumns();
  readonly #request: Request;

  constructor(options: ListAppendOptions = {}) {
    this.#request = requestOf(options);
  }

  observe(op: TransactionOp): void {
    this.#columns.observe(op);
  }

  get malformed(): string | undefined {
    return brokenText(this.#columns.log.malformed);
  }

  result(budget?: Budget): TransactionsResult {
    return judge(this.#columns, this.#analysis, this.#request, budget);
  }

  dependencies(order: OrderRelation, budget?: Budget): DependencyGraph | undefined {
    return dependenciesOf(this.#columns, this.#analysis, order, budget);
  }

  decidable(order: OrderRelation, meter: Meter): Decidable {
    return this.#analysis.decidable(order, meter);
  }

  commitOrder(level: Level | undefined, meter: Meter): readonly number[] | undefined {
    return this.#analysis.commitOrder(level, meter);
  }

  readonly #analysis: HistoryAnalysis = {
    analyze: (found, meter, order) => {
      const columns = this.#columns;
      adoptObservedInvocations(columns);
      if (columns.log.malformed !== undefined) return columns.log.malformed;
      meter.phase = 'comparing lists';
      const incompatible = settleOrders(columns, meter);
      findListAnomalies(columns, incompatible, this.#request, found, meter);
      meter.phase = 'building the dependency graph';
      return new DependencyGraph(columns.log, new ListAppendDependencies(columns), order, meter);
    },
    judgeWeakLevels: (found, meter) => {
      const [columns, request] = [this.#columns, this.#request];
      judgeWeakLevels({ columns, history: visibleLists(columns, meter), request }, found, meter);
    },
    hidesWriteOrder: (meter) => hasRivalAppends(this.#columns, meter),
    commitOrder: (level, meter) => orderAtLevel(visibleLists(this.#columns, meter), level, meter),
    decidable: (order, meter) => {
      const columns = this.#columns;
      const { history, vertices, elements } = listHistory(columns, order, meter);
      return {
        history,
        vertices,
        keyName: (key) => columns.keyNames[key] ?? null,
        valueOf: (key, version) => {
          const element = present(elements[key]?.[version]);
          return element < 0 ? INITIAL_STATE : columns.elementValue(element);
        },
        unclear: undefined,
      };
    },
  };
}

/**
 * Adopts invocations that never completed but whose appends a transaction read: they took effect, and count as crashed
 * transactions.
 */
function adoptObservedInvocations(columns: ListAppendColumns): void {
  const appended = new Set<string>();
  for (const { vertex, op } of columns.log.openInvocations()) {
    const bad = describeBadMicroOps(op, op.value, ['r', 'append']);
    if (bad !== undefined) {
      columns.log.malformed ??= bad;
      return;
    }
    const mops = op.value as readonly MicroOp[]; // checked by describeBadMicroOps
    for (const [f, key, value] of mops) {
      if (f !== 'append') continue;
      const text = canonicalJson([key, value ?? null]);
      if (!appended.has(text) && !columns.isAppended(key, value ?? null)) appended.add(text);
      else columns.refuseDuplicate(op, key, value ?? null);
    }
    if (columns.log.malformed !== undefined) return;
    const observed = mops.some(([f, key, value]) => f === 'append' && columns.isReadOnly(key, value ?? null));
    if (!observed) continue;
    columns.log.outcomes.values[vertex] = OUTCOME.info;
    columns.add(
      vertex,
      mops.map(([f, key, value]): MicroOp => [f, key, f === 'r' ? null : value]),
      op,
    );
  }
}

/** Checks a whole history of list-append transactions. Throws as `ListAppendChecker` does. */
export function checkListAppend(
  ops: Iterable<TransactionOp>,
  options: ListAppendOptions = {},
  budget?: Budget,
): TransactionsResult {
  return resultOver(new ListAppendChecker(options), ops, budget);
}
