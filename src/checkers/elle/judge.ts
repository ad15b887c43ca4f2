/**
 * The steps to a verdict, the same for both kinds of transactions: is the history readable, what do its data show, is
 * there a cycle.
 *
 * An unreadable history is `unknown` with the reason in `error`. If invocations and completions do not pair up, only
 * what needs no pairs is checked; if reads may show one of several writes, only what does not depend on which.
 * Anomalies found that way stand, and nothing else is concluded. A check that exceeds its budget reports how far it
 * got.
 */
import { present } from '../../columns/present.ts';
import type { Budget } from '../checker.ts';
import type { StepRecord } from './anomaly-records.ts';
import { componentAnomalies, updateAnomaly, type CycleAnomaly } from './cycles/cycle-anomalies.ts';
import type { DependencyGraph, OrderRelation } from './graph/dependency-graph.ts';
import type { Malformed } from './transactions/malformed.ts';
import { holds, whyUndecided, type Decided } from './levels/decided.ts';
import {
  decideLevels,
  levelsAsked,
  TRIED_STEPS,
  TRIED_TRANSACTIONS,
  type Decidable,
} from './levels/deciding.ts';
import { BudgetExhausted, Meter, limited } from '../budget/meter.ts';
import { AnomalyTable, resultMap, type Incomplete, type Request, type TransactionsResult } from './result.ts';
import type { TransactionColumns } from './transactions/transaction-columns.ts';
import type { Level } from '../weak/levels.ts';

/** The analysis of one kind of transactions. `analyze` is called first. */
export interface HistoryAnalysis {
  /** Adds the anomalies that need no cycle and returns the graph, or the reason why the history is malformed. */
  analyze(found: AnomalyTable, meter: Meter, order: OrderRelation): DependencyGraph | Malformed;
  /** Adds the anomalies that refute weak levels. Called after the search for cycles. */
  judgeWeakLevels?(found: AnomalyTable, meter: Meter): void;
  /**
   * Adds cycles of transactions that read from each other, also by reads that inference passes over. Called after the search
   * for cycles.
   */
  judgeReads?(sessions: boolean, found: AnomalyTable, meter: Meter): void;
  /** Whether reads show writes of unknown origin. If so, the history still proves something. */
  hasUnclearReads?(): boolean;
  /**
   * Returns a commit order in which a weak level holds, or, without a level, each read follows its write; undefined if
   * none exists.
   */
  commitOrder(level: Level | undefined, meter: Meter): readonly number[] | undefined;
  /** Returns the input for deciding. */
  decidable(order: OrderRelation, meter: Meter): Decidable;
  /** Returns why a history without anomalies may still be invalid. */
  incomplete?(): Malformed | undefined;
  /** Whether the order of some writes, which matters under snapshots, cannot be inferred. Called after `analyze`. */
  hidesWriteOrder?(meter: Meter): boolean;
}

/** A checker that can show the graph behind its verdict. */
export interface TransactionsChecker {
  /**
   * Returns, instead of a result, the dependencies with the given order relation; undefined if the history is malformed
   * or the budget ran out. Call it once, before the methods below.
   */
  dependencies(order: OrderRelation, budget?: Budget): DependencyGraph | undefined;
  /** Returns the input for deciding. */
  decidable(order: OrderRelation, meter: Meter): Decidable;
  /**
   * Returns a commit order in which a weak level holds, or, without a level, each read follows its write; undefined if
   * none exists.
   */
  commitOrder(level: Level | undefined, meter: Meter): readonly number[] | undefined;
}

export function dependenciesOf(
  { log }: TransactionColumns,
  analysis: HistoryAnalysis,
  order: OrderRelation,
  budget: Budget | undefined,
): DependencyGraph | undefined {
  log.finish();
  if (log.malformed !== undefined || log.unpaired !== undefined) return undefined;
  try {
    const graph = analysis.analyze(new AnomalyTable(), new Meter(budget), order);
    return 'collect' in graph ? graph : undefined;
  } catch (error) {
    if (error instanceof BudgetExhausted) return undefined;
    throw error;
  }
}

export function judge(
  columns: TransactionColumns,
  analysis: HistoryAnalysis,
  request: Request,
  budget: Budget | undefined,
): TransactionsResult {
  const { log } = columns;
  log.finish();
  if (log.malformed !== undefined) return unreadable(log.malformed);
  const found = new AnomalyTable();
  const meter = new Meter(budget);
  let judgedComponents = 0;
  try {
    const graph = analysis.analyze(found, meter, log.unpaired === undefined ? request.order : 'none');
    if (!('collect' in graph)) return unreadable(graph);
    meter.phase = 'looking for cycles';
    const known = found.types;
    const { components, empty } = graph.components(meter);
    meter.phase = 'naming cycles';
    const search = { columns, graph, found, meter };
    for (const component of components) {
      noteComponent(search, component, known);
      judgedComponents++;
    }
    noteUpdateCycle(search, components, request);
    if (request.weak.size > 0) analysis.judgeWeakLevels?.(found, meter);
    else if (decidesReads(request, found))
      analysis.judgeReads?.(
        request.prohibited.has('G1c-process') && log.unpaired === undefined,
        found,
        meter,
      );
    const incomplete = log.unpaired ?? analysis.incomplete?.();
    const isDecidable = log.unpaired === undefined && log.count > 0;
    const isOpen = isDecidable && !found.types.some((type) => request.prohibited.has(type));
    const deciding = isOpen ? decidingOf(request, analysis, { empty }, meter) : undefined;
    const decided =
      deciding === undefined ? [] : decidedOf(columns, analysis, { ...request, deciding }, found, budget);
    const isEmpty = empty && analysis.hasUnclearReads?.() !== true && !holds(decided);
    const why = deciding?.mayFail === true ? undefined : whyUndecided(decided);
    const undecided = why === undefined ? undefined : { type: 'undecided', message: why };
    return {
      ...resultMap(
        request,
        found,
        { empty: isEmpty },
        incomplete === undefined ? undecided : errorOf(incomplete),
      ),
      ...(decided.length === 0 ? {} : { decided }),
      ...(request.notLookedFor.size === 0
        ? {}
        : { 'not-looked-for': Object.fromEntries(request.notLookedFor) }),
    };
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
    const incomplete: Incomplete = {
      type: 'budget-exhausted',
      message:
        `The budget was used up while ${error.message}` +
        `${judgedComponents === 0 ? '' : ` (${judgedComponents} knots of transactions were done)`}; ` +
        `the history has ${log.count} transactions. What is listed was found before.`,
      phase: error.message,
      transactions: log.count,
      components: judgedComponents,
    };
    return resultMap(request, found, { empty: false }, incomplete);
  }
}

/**
 * Returns how to decide what inference leaves open: as requested, or briefly if the order of writes that decides about
 * snapshots is hidden. A history that shows nothing stays unknown, as in Elle.
 */
function decidingOf(
  { deciding, prohibited }: Request,
  analysis: HistoryAnalysis,
  graph: { readonly empty: boolean },
  meter: Meter,
): Request['deciding'] {
  if (deciding !== undefined || graph.empty) return deciding;
  if (!levelsAsked(prohibited).some(({ isolation }) => isolation === 'snapshot')) return undefined;
  return analysis.hidesWriteOrder?.(meter) === true ? { steps: TRIED_STEPS, mayFail: true } : undefined;
}

function decidedOf(
  columns: TransactionColumns,
  analysis: HistoryAnalysis,
  { prohibited, deciding }: Request & { readonly deciding: NonNullable<Request['deciding']> },
  found: AnomalyTable,
  budget: Budget | undefined,
): readonly Decided[] {
  if (deciding.mayFail && columns.log.count > TRIED_TRANSACTIONS) return [];
  const decidable = (order: OrderRelation, meter: Meter): Decidable => analysis.decidable(order, meter);
  return decideLevels({ columns, prohibited, decidable }, found, () => limited(budget, deciding.steps));
}

/** Whether all reads are to be looked at: where `internal` is asked for, those that inference passes over are found as such. */
const decidesReads = ({ deciding, prohibited }: Request, found: AnomalyTable): boolean =>
  deciding !== undefined &&
  prohibited.has('G1c') &&
  !prohibited.has('internal') &&
  !found.types.some((type) => prohibited.has(type));

function errorOf({ type, message, index, details }: Malformed): Incomplete {
  return { ...details, type, message, 'op-index': index };
}

function unreadable(malformed: Malformed): TransactionsResult {
  return { 'valid?': 'unknown', error: errorOf(malformed) };
}

/** A history's dependencies, and what is found among them. */
interface CycleSearch {
  readonly columns: TransactionColumns;
  readonly graph: DependencyGraph;
  readonly found: AnomalyTable;
  readonly meter: Meter;
}

function noteComponent(
  { columns, graph, found, meter }: CycleSearch,
  component: Int32Array,
  known: readonly string[],
): void {
  const { exists, cycles } = componentAnomalies(graph, component, known, meter);
  for (const { type, not, subgraph, vertices } of exists) {
    found.add(type, () => ({
      type,
      not,
      subgraph,
      'scc-size': vertices.length,
      scc: vertices.slice(0, 64).map((vertex) => columns.operation(vertex)),
    }));
  }
  for (const cycle of cycles) noteCycle(columns, cycle, found);
}

/** Looks for a cycle of updates and one reader, if it is asked for and would decide. */
function noteUpdateCycle(
  { columns, graph, found, meter }: CycleSearch,
  components: readonly Int32Array[],
  { prohibited, deciding }: Request,
): void {
  if (deciding === undefined || !prohibited.has('G-update')) return;
  if (found.types.some((type) => prohibited.has(type))) return;
  meter.phase = 'looking for cycles of updates';
  const writes = (vertex: number): boolean => columns.microOpsOf(vertex).some(([f]) => f !== 'r');
  for (const component of components) {
    const cycle = updateAnomaly(graph, component, writes, meter);
    if (cycle !== undefined) noteCycle(columns, cycle, found);
  }
}

function noteCycle(
  columns: TransactionColumns,
  { type, vertices, steps }: CycleAnomaly,
  found: AnomalyTable,
): void {
  found.add(type, () => ({
    type,
    cycle: [...vertices, ...vertices.slice(0, 1)].map((vertex) => columns.operation(vertex)),
    steps: steps.map((step, index): StepRecord =>
      step.type === 'realtime'
        ? {
            type: 'realtime',
            "a'": columns.operation(present(vertices[index])),
            b: columns.invocation(present(vertices[(index + 1) % vertices.length])),
          }
        : step,
    ),
  }));
}
