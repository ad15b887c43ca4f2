/**
 * Decides the requested levels, and shows for each that does not hold why: a cycle in the required commit order, or a
 * transaction that missed a write it had seen.
 *
 * The strongest level is decided first. If it holds, all do, and nothing else is examined. If not, each kind of anomaly
 * is searched for, weakest first, and an anomaly that implies another stands for it.
 */
import { upperBound } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import type { CycleRecord, StepRecord } from '../elle/anomaly-records.ts';
import type { StepEvidence } from '../elle/graph/dependency-graph.ts';
import { BudgetExhausted, type Meter } from '../budget/meter.ts';
import type { AnomalyTable, Request } from '../elle/result.ts';
import type { TransactionColumns } from '../elle/transactions/transaction-columns.ts';
import { forcedByCauses } from './causal-orders.ts';
import { commitCycles, commitOrder, type CommitCycle } from './commit-cycles.ts';
import { forcedByAnyRead, forcedByEarlierReads, nothingForced, type Forced } from './forced-orders.ts';
import { isBrokenWith, LEVELS, type Level } from './levels.ts';
import { INITIAL, previousInSession, type VisibleHistory } from './visible-history.ts';
import { shortestWay } from './ways.ts';

/** What naming a violation after a weaker level may cost: some tenths of a second. */
const NAMING_STEPS = 2 ** 28;

/** Whether deciding takes more than linear time, in the number of transactions that have not seen each other. */
const isCostly = ({ axiom, sessions }: Level): boolean => axiom === 'causal' && !sessions;

interface JudgedHistory {
  readonly columns: TransactionColumns;
  readonly history: VisibleHistory;
  readonly request: Request;
}

/**
 * Adds the anomalies that refute requested levels. If processes do not pair up, levels with process order are skipped.
 */
export function judgeWeakLevels(
  { columns, history, request: { weak, prohibited, deciding } }: JudgedHistory,
  found: AnomalyTable,
  meter: Meter,
  namingSteps = NAMING_STEPS,
): void {
  const isPaired = columns.log.unpaired === undefined;
  const levels = LEVELS.filter(({ anomaly, sessions }) => weak.has(anomaly) && (isPaired || !sessions));
  // If `internal` is asked for, the anomaly is reported as such.
  if (weak.has('own-write-missed') && !prohibited.has('internal'))
    noteMissedOwnWrites(columns, history, found);
  const isImplied = (level: Level): boolean =>
    levels.some((other) => other !== level && isBrokenWith(other, level));
  const decider = new Decider(columns, history, meter);
  const holds = (level: Level): boolean =>
    deciding !== undefined && isCostly(level)
      ? decider.holdsWithin(deciding.steps, level, deciding.mayFail)
      : decider.holds(level);
  // Stronger levels leave it to `internal` that a read of a key differs from an earlier one.
  const sufficient = prohibited.has('internal') ? levels.filter((level) => !isImplied(level)) : levels;
  if (sufficient.every(holds)) return;
  const named: Level[] = [];
  for (const level of levels) {
    if (named.some((weaker) => isBrokenWith(level, weaker))) continue;
    if (isImplied(level) ? decider.holdsWithin(namingSteps, level, true) : holds(level)) continue;
    const records = [...decider.records(level)];
    if (records.length > 0) named.push(level);
    for (const record of records) found.add(record.type, () => record);
  }
  // Cycles without a forced order are found with the others, except if a read is not the first of its key.
  if (found.types.some((type) => prohibited.has(type))) return;
  for (const level of levels)
    for (const record of decider.plainRecords(level)) found.add(record.type, () => record);
}

/**
 * Adds a cycle of transactions that each read what the one before wrote, where inference has seen none: it orders transactions
 * only by the first read of a key, before their own writes of it. `sessions` tells whether process order counts.
 */
export function judgeReads(
  { columns, history }: Pick<JudgedHistory, 'columns' | 'history'>,
  sessions: boolean,
  found: AnomalyTable,
  meter: Meter,
): void {
  const decider = new Decider(columns, history, meter);
  for (const record of decider.plainRecords({ axiom: undefined, sessions }))
    found.add(record.type, () => record);
}

/**
 * Returns a commit order in which a level holds, or, without a level, each read follows its write; undefined if none
 * exists.
 */
export function orderAtLevel(
  history: VisibleHistory,
  level: Level | undefined,
  meter: Meter,
): readonly number[] | undefined {
  const previous = level?.sessions === true ? previousInSession(history) : undefined;
  const forced = forcedBy(level ?? { axiom: undefined }, history, previous, meter);
  if (forced.missed.length > 0) return undefined;
  return commitOrder({ history, previous, forced }, meter);
}

/** Records reads that forget their own transaction's earlier writes. */
function noteMissedOwnWrites(
  columns: TransactionColumns,
  history: VisibleHistory,
  found: AnomalyTable,
): void {
  for (const { row, expected } of history.missedOwnWrites)
    found.add('own-write-missed', () => ({ ...columns.readAt(row), expected }));
}

interface Decision {
  readonly forced: Forced;
  readonly previous: Int32Array | undefined;
  readonly cycles: readonly CommitCycle[];
}

/** A level, or only that each read follows its write. */
type CommitLevel = Pick<Level, 'sessions'> & { readonly axiom: Level['axiom'] | undefined };

class Decider {
  readonly #previous: Int32Array;
  readonly #decisions = new Map<CommitLevel, Decision>();

  constructor(
    private readonly columns: TransactionColumns,
    private readonly history: VisibleHistory,
    private readonly meter: Meter,
  ) {
    this.#previous = previousInSession(history);
  }

  holds(level: Level): boolean {
    const { cycles, forced } = this.#decide(level);
    return cycles.length === 0 && forced.missed.length === 0;
  }

  /** Whether the level holds. If that takes more than `steps`: true if `mayFail`, otherwise throws `BudgetExhausted`. */
  holdsWithin(steps: number, level: Level, mayFail: boolean): boolean {
    try {
      this.#decide(level, this.meter.limitedTo(steps));
    } catch (error) {
      if (mayFail && error instanceof BudgetExhausted) return true;
      throw error;
    }
    return this.holds(level);
  }

  #decide(level: CommitLevel, meter = this.meter): Decision {
    const known = this.#decisions.get(level);
    if (known !== undefined) return known;
    const { history } = this;
    meter.phase = `deciding ${level.axiom ?? 'what was read'}`;
    const previous = level.sessions ? this.#previous : undefined;
    const forced = forcedBy(level, history, previous, meter);
    const decision = { forced, previous, cycles: commitCycles({ history, previous, forced }, meter) };
    this.#decisions.set(level, decision);
    return decision;
  }

  /** Yields the records that refute the level by an order it forces. */
  *records(level: Level): Iterable<CycleRecord> {
    const decision = this.#decide(level);
    const { history, columns } = this;
    for (const { read, writer } of decision.forced.missed) {
      const { way, steps } = this.#wayTo(read, writer, level);
      yield cycleRecord(columns, nameOf(level, steps), way, [...steps, history.explainMissed(read, writer)]);
    }
    for (const cycle of decision.cycles)
      if (cycle.isForced) {
        const steps = this.#steps(cycle, level, decision);
        yield cycleRecord(columns, nameOf(level, steps), cycle.transactions, steps);
      }
  }

  /** Yields cycles of session order and reads-from alone. */
  *plainRecords(level: CommitLevel): Iterable<CycleRecord> {
    const decision = this.#decide(level);
    for (const cycle of decision.cycles) {
      if (cycle.isForced) continue;
      const steps = this.#steps(cycle, level, decision);
      const type = steps.some((step) => step.type === 'process') ? 'G1c-process' : 'G1c';
      yield cycleRecord(this.columns, type, cycle.transactions, steps);
    }
  }

  #steps(
    { transactions: cycle, isForced }: CommitCycle,
    level: CommitLevel,
    decision: Decision,
  ): readonly StepRecord[] {
    return cycle.map((from, at) => {
      const to = present(cycle[(at + 1) % cycle.length]);
      // In a forced cycle the first step is forced. Other steps are forced only if nothing else explains them.
      const plain = isForced && at === 0 ? undefined : this.#plainStep({ from, to }, decision.previous);
      return plain ?? this.#forcedStep({ from, to }, level, decision);
    });
  }

  /** Returns the step for an order that a read forces. */
  #forcedStep({ from, to }: Pair, level: CommitLevel, decision: Decision): StepRecord {
    const { history, columns } = this;
    const { sources, targets, abouts } = decision.forced.edges;
    let edge = 0;
    while (sources.at(edge) !== from || targets.at(edge) !== to) edge++;
    const read = abouts.at(edge);
    const { way, steps } = this.#wayTo(read, from, level);
    const reader = present(way.at(-1));
    return {
      ...history.explainWrites(history.readKeys.at(read), from, to),
      reader: columns.operation(reader),
      'reader-mop-index': history.readRows.at(read) - columns.log.mopStarts.at(reader),
      saw: steps,
      through: way.slice(1, -1).map((t) => columns.operation(t)),
    };
  }

  /** Returns a step that needs no axiom; undefined if there is none. */
  #plainStep({ from, to }: Pair, previous: Int32Array | undefined): StepEvidence | undefined {
    const { history } = this;
    if (previous?.[to] === from) return { type: 'process', process: history.log.processes.at(to) };
    const read = readFrom(history, to, from);
    if (read !== undefined) return history.explainRead(read);
    const { before, readAfterWriting: late } = history;
    for (let at = late?.starts[to] ?? 0; at < (late?.starts[to + 1] ?? 0); at++)
      if (late?.sources[at] === from) return history.explainReadAfterWriting(present(late.abouts[at]), from);
    for (let at = before?.starts[to] ?? 0; at < (before?.starts[to + 1] ?? 0); at++)
      if (before?.sources[at] === from) return history.explainWrites(present(before.abouts[at]), from, to);
    return undefined;
  }

  /**
   * Returns how the transaction of a read has seen another: the transactions from that one on, and the step between
   * each two.
   */
  #wayTo(read: number, seen: number, level: CommitLevel): Way {
    const { history } = this;
    const reader = readerOf(history, read);
    const direct =
      level.axiom === 'read-committed'
        ? readFrom(history, reader, seen, read)
        : readFrom(history, reader, seen);
    if (direct !== undefined) return { way: [seen, reader], steps: [history.explainRead(direct)] };
    if (level.axiom === 'read-atomic') {
      const process = history.log.processes.at(reader);
      return { way: [seen, reader], steps: [{ type: 'process', process }] };
    }
    const previous = level.sessions ? this.#previous : undefined;
    const way = shortestWay({ from: seen, to: reader }, (t, visit) => {
      this.meter.step(1);
      const before = previous?.[t] ?? -1;
      if (before >= 0) visit(before);
      for (let at = present(history.readStarts[t]); at < present(history.readStarts[t + 1]); at++)
        if (history.readFrom.at(at) !== INITIAL) visit(history.readFrom.at(at));
    });
    const seenBy = present(way);
    const steps = seenBy
      .slice(1)
      .map((to, at) => present(this.#plainStep({ from: present(seenBy[at]), to }, previous)));
    return { way: seenBy, steps };
  }
}

interface Pair {
  readonly from: number;
  readonly to: number;
}

interface Way {
  readonly way: readonly number[];
  readonly steps: readonly StepEvidence[];
}

/**
 * Returns the anomaly that these steps show: without a step of a process they break the level without sessions, too,
 * which may have been too costly to decide.
 */
function nameOf(level: Level, steps: readonly StepRecord[]): string {
  const usesProcess = steps.some(({ type, saw = [] }) =>
    [type, ...saw.map((step) => step.type)].includes('process'),
  );
  if (usesProcess) return level.anomaly;
  return LEVELS.find(({ axiom, sessions }) => axiom === level.axiom && !sessions)?.anomaly ?? level.anomaly;
}

function forcedBy(
  { axiom }: Pick<CommitLevel, 'axiom'>,
  history: VisibleHistory,
  previous: Int32Array | undefined,
  meter: Meter,
): Forced {
  switch (axiom) {
    case undefined:
      return nothingForced();
    case 'read-committed':
      return forcedByEarlierReads(history, meter);
    case 'read-atomic':
      return forcedByAnyRead(history, previous, meter);
    case 'causal':
      // If a transaction is its own cause, there is a cycle without any forced order.
      return forcedByCauses(history, previous ?? noSessions(history), meter) ?? nothingForced();
  }
}

/** Every transaction is a session of its own. */
const noSessions = ({ log }: VisibleHistory): Int32Array => new Int32Array(log.count).fill(-1);

function cycleRecord(
  columns: TransactionColumns,
  type: string,
  transactions: readonly number[],
  steps: readonly StepRecord[],
): CycleRecord {
  const cycle = [...transactions, ...transactions.slice(0, 1)].map((t) => columns.operation(t));
  return { type, cycle, steps };
}

/** Returns the first read by `reader` from `writer`, before `end` if given. */
function readFrom(
  { readStarts, readFrom: from }: VisibleHistory,
  reader: number,
  writer: number,
  end = present(readStarts[reader + 1]),
): number | undefined {
  for (let read = present(readStarts[reader]); read < end; read++)
    if (from.values[read] === writer) return read;
  return undefined;
}

/** Returns the transaction of a read. */
function readerOf({ readStarts, log }: VisibleHistory, read: number): number {
  return upperBound(readStarts, read, log.count + 1) - 1;
}
