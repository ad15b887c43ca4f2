/**
 * rw-register: transactions that read and write registers, each value ideally written once. A register shows only its
 * last write, so version orders are inferred (versions.ts), and less can be proved than with lists.
 *
 *     T1  read x -> 1, write y 2   |--------|
 *     T2  read y -> null, write x 2  |--------|     each read what the other then overwrote: G2-item
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import { resultOver, type Budget, type Checker, type NodeOf } from '../../checker.ts';
import { holds, whyUndecided } from '../levels/decided.ts';
import type { Decidable } from '../levels/deciding.ts';
import { DependencyGraph, type OrderRelation } from '../graph/dependency-graph.ts';
import { explainTransactions, remarkOnTransactions } from '../explaining/explain.ts';
import { dependenciesOf, judge, type HistoryAnalysis, type TransactionsChecker } from '../judge.ts';
import { brokenText, type Malformed } from '../transactions/malformed.ts';
import type { Meter } from '../../budget/meter.ts';
import {
  requestOf,
  TRANSACTIONS_MEANINGS,
  type AnomalyTable,
  type ModelOptions,
  type Request,
  type TransactionsResult,
} from '../result.ts';
import { findBadReads, findLostUpdates } from './anomalies.ts';
import { adoptInitialValue, remarkOnInitialValue } from './initial-values.ts';
import { RwRegisterColumns } from './columns.ts';
import { registerHistory } from './version-history.ts';
import { RwRegisterDependencies } from './dependencies.ts';
import { distinguishRepeats, type Repeats } from './repeats.ts';
import { remarkOnUnorderedKeys, unorderedKeys, type UnorderedKeys } from './unordered-keys.ts';
import { versionOrder, type VersionSources } from './versions.ts';
import { findWriters, type RegisterWriters } from './writers.ts';
import type { TransactionOp } from '../transactions/transaction-log.ts';
import type { Meanings } from '../../../protocol/key-meaning.ts';
import { judgeReads, judgeWeakLevels, orderAtLevel } from '../../weak/judge-weak-levels.ts';
import type { Level } from '../../weak/levels.ts';
import type { VisibleHistory } from '../../weak/visible-history.ts';
import { visibleRegisters } from '../../weak/visible-registers.ts';

/** Explains what is wrong, or why nothing was proved. */
export function explainRwRegister(result: RwRegisterResult, nodeOf?: NodeOf): string | undefined {
  const explained = explainTransactions(result, nodeOf);
  const remark = result['valid?'] === true ? undefined : remarkOnRwRegister(result);
  return explained === undefined || remark === undefined ? explained : `${explained}\n${remark}`;
}

/** Returns what a verdict assumes and leaves open; undefined if there is nothing to say. */
export function remarkOnRwRegister(result: RwRegisterResult): string | undefined {
  const isValid = result['valid?'] === true;
  const remarks = [
    remarkOnInitialValue(result),
    remarkOnUnorderedKeys(result),
    // For an unknown verdict, its reasons already include these.
    isValid ? whyUndecided(result.decided ?? []) : undefined,
    isValid ? remarkOnTransactions(result) : undefined,
  ].filter((remark) => remark !== undefined);
  return remarks.length === 0 ? undefined : remarks.join('\n');
}

export type RwRegisterOptions = ModelOptions & VersionSources;

export type RwRegisterResult = TransactionsResult & {
  readonly 'unordered-keys'?: UnorderedKeys;
  /** The value of unwritten keys, if not null. */
  readonly 'initial-value'?: Json;
};

export const RW_REGISTER_MEANINGS = {
  ...TRANSACTIONS_MEANINGS,
  'unordered-keys': 'keys whose version order could not be inferred; little is proved about them',
  'initial-value': 'the value of unwritten keys, if it is not null',
} as const satisfies Meanings<RwRegisterResult>;

/** Throws a `UserError` when constructed with an unknown model or anomaly. */
export class RwRegisterChecker implements Checker<RwRegisterResult>, TransactionsChecker {
  readonly #columns = new RwRegisterColumns();
  readonly #request: Request;
  readonly #sources: VersionSources;
  #analysis: RwRegisterAnalysis | undefined;

  constructor(options: RwRegisterOptions = {}) {
    this.#request = requestOf(options);
    this.#sources = options;
  }

  observe(op: TransactionOp): void {
    this.#columns.observe(op);
  }

  get malformed(): string | undefined {
    return brokenText(this.#columns.log.malformed);
  }

  result(budget?: Budget): RwRegisterResult {
    const analysis = new RwRegisterAnalysis(this.#columns, this.#request, this.#sources);
    const result = judge(this.#columns, analysis, this.#request, budget);
    const { unordered, initial } = analysis;
    return {
      ...result,
      ...(unordered === undefined ||
      result['valid?'] === false ||
      this.#request.isWeak ||
      holds(result.decided ?? [])
        ? {}
        : { 'unordered-keys': unordered }),
      ...(initial === undefined ? {} : { 'initial-value': initial }),
    };
  }

  dependencies(order: OrderRelation, budget?: Budget): DependencyGraph | undefined {
    this.#analysis = new RwRegisterAnalysis(this.#columns, this.#request, this.#sources);
    return dependenciesOf(this.#columns, this.#analysis, order, budget);
  }

  decidable(order: OrderRelation, meter: Meter): Decidable {
    return present(this.#analysis).decidable(order, meter);
  }

  commitOrder(level: Level | undefined, meter: Meter): readonly number[] | undefined {
    return present(this.#analysis).commitOrder(level, meter);
  }
}

/** The analysis of the columns, carried out once. */
class RwRegisterAnalysis implements HistoryAnalysis {
  unordered: UnorderedKeys | undefined;
  initial: Json | undefined;
  #repeats: Repeats | undefined;
  #writers: RegisterWriters | undefined;

  constructor(
    private readonly columns: RwRegisterColumns,
    private readonly request: Request,
    private readonly sources: VersionSources,
  ) {}

  incomplete(): Malformed | undefined {
    return this.#repeats?.ambiguous;
  }

  decidable(order: OrderRelation, meter: Meter): Decidable {
    const { history, vertices, versionRows } = registerHistory(
      this.columns,
      { tookEffect: present(this.#writers).tookEffect, unclear: present(this.#repeats).unclear },
      order,
      meter,
    );
    return {
      history,
      vertices,
      keyName: (key) => this.columns.keyNames[key] ?? null,
      valueOf: (key, version) => {
        const row = present(versionRows[key]?.[version]);
        return row < 0 ? (this.initial ?? null) : this.columns.versionValue(row);
      },
      unclear: this.hasUnclearReads()
        ? 'a read shows a value that was written several times, and it is not known by which transaction'
        : undefined,
    };
  }

  hasUnclearReads(): boolean {
    return this.#repeats?.hasUnclearReads === true;
  }

  judgeWeakLevels(found: AnomalyTable, meter: Meter): void {
    const { columns, request } = this;
    judgeWeakLevels({ columns, history: this.#visible(meter), request }, found, meter);
  }

  judgeReads(sessions: boolean, found: AnomalyTable, meter: Meter): void {
    judgeReads({ columns: this.columns, history: this.#visible(meter) }, sessions, found, meter);
  }

  commitOrder(level: Level | undefined, meter: Meter): readonly number[] | undefined {
    return orderAtLevel(this.#visible(meter), level, meter);
  }

  #visible(meter: Meter): VisibleHistory {
    const [repeats, writers] = [present(this.#repeats), present(this.#writers)];
    return visibleRegisters(this.columns, { ...repeats, ...writers }, meter);
  }

  analyze(found: AnomalyTable, meter: Meter, order: OrderRelation): DependencyGraph | Malformed {
    const { columns, request } = this;
    meter.phase = 'comparing reads';
    this.initial = adoptInitialValue(columns, meter);
    const writers = findWriters(columns, { allowsDirtyReads: !request.prohibited.has('G1a') }, meter);
    this.#writers = writers;
    if (columns.log.malformed !== undefined) return columns.log.malformed;
    findBadReads(columns, writers, found, meter);
    const repeats = distinguishRepeats(columns, writers, meter);
    this.#repeats = repeats;
    findLostUpdates(columns, repeats, found, meter);
    meter.phase = 'ordering versions';
    // Without pairs of invocations and completions there is neither process order nor realtime order.
    const sources: VersionSources =
      columns.log.unpaired === undefined
        ? this.sources
        : { ...this.sources, 'sequential-keys?': false, 'linearizable-keys?': false };
    const { tookEffect } = writers;
    const versions = versionOrder(columns, sources, { ...repeats, tookEffect }, found, meter);
    this.unordered = unorderedKeys(columns, versions, tookEffect, meter);
    meter.phase = 'building the dependency graph';
    const dependencies = new RwRegisterDependencies(columns, versions.rows, tookEffect);
    return new DependencyGraph(columns.log, dependencies, order, meter);
  }
}

/** Checks a whole history of rw-register transactions. Throws as `RwRegisterChecker` does. */
export function checkRwRegister(
  ops: Iterable<TransactionOp>,
  options: RwRegisterOptions = {},
  budget?: Budget,
): RwRegisterResult {
  return resultOver(new RwRegisterChecker(options), ops, budget);
}
