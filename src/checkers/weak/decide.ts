/**
 * Decides the levels that were asked for, and shows of each that does not hold why: a cycle of what must commit before what, or a
 * transaction that missed a write of which it knew.
 *
 * The strongest level is decided first. Where it holds all do, and nothing else is looked at; where it does not, each kind of anomaly
 * is looked for from the weakest on, and what implies another one stands for it.
 */
import { upperBound } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import type { CycleRecord, StepRecord } from '../elle/anomaly-records.ts';
import type { StepEvidence } from '../elle/dependency-graph.ts';
import type { Meter } from '../elle/meter.ts';
import type { AnomalyTable, Request } from '../elle/result.ts';
import type { TransactionColumns } from '../elle/transaction-columns.ts';
import { forcedByCauses } from './causal-orders.ts';
import { commitCycles } from './commit-cycles.ts';
import { forcedByAnyRead, forcedByEarlierReads, type Forced } from './forced-orders.ts';
import { isBrokenWith, LEVELS, type Level } from './levels.ts';
import { INITIAL, previousInSession, type VisibleHistory } from './visible-history.ts';
import { shortestWay } from './ways.ts';

export interface Asked {
  readonly columns: TransactionColumns;
  readonly history: VisibleHistory;
  readonly request: Request;
}

/** Adds what shows that levels asked for do not hold. Where processes are mixed up nothing is said of sessions. */
export function decideLevels(
  { columns, history, request: { decided, prohibited } }: Asked,
  found: AnomalyTable,
  meter: Meter,
): void {
  const isPaired = columns.log.unpaired === undefined;
  const levels = LEVELS.filter(({ anomaly, sessions }) => decided.has(anomaly) && (isPaired || !sessions));
  // Otherwise it is an `internal` one.
  if (decided.has('own-write-missed') && !prohibited.has('internal')) noteMissedOwnWrites(columns, history, found);
  const decider = new Decider(columns, history, meter);
  const strongest = levels.filter(
    (level) => !levels.some((other) => other !== level && isBrokenWith(other, level)),
  );
  if (strongest.every((level) => !decider.isBroken(level))) return;
  const broken: Level[] = [];
  for (const level of levels) {
    if (broken.some((weaker) => isBrokenWith(level, weaker))) continue;
    if (!decider.isBroken(level)) continue;
    broken.push(level);
    for (const record of decider.records(level)) found.add(level.anomaly, () => record);
  }
}

/** Reads that forget what their own transaction wrote before. */
function noteMissedOwnWrites(columns: TransactionColumns, history: VisibleHistory, found: AnomalyTable): void {
  const { log } = columns;
  for (const { row, expected } of history.missedOwnWrites) {
    found.add('own-write-missed', () => {
      const t = upperBound(log.mopStarts.values, row, log.count) - 1;
      return { op: columns.operation(t), mop: columns.microOp(row), expected };
    });
  }
}

interface Decision {
  readonly forced: Forced;
  readonly previous: Int32Array | undefined;
  readonly cycles: readonly (readonly number[])[];
}

class Decider {
  readonly #previous: Int32Array;
  readonly #decisions = new Map<Level, Decision | undefined>();

  constructor(
    private readonly columns: TransactionColumns,
    private readonly history: VisibleHistory,
    private readonly meter: Meter,
  ) {
    this.#previous = previousInSession(history);
  }

  /** Whether the level is broken by what is forced. Reads-from that goes in a circle is told by others. */
  isBroken(level: Level): boolean {
    const decision = this.#decide(level);
    return decision !== undefined && (decision.cycles.length > 0 || decision.forced.missed.length > 0);
  }

  #decide(level: Level): Decision | undefined {
    if (this.#decisions.has(level)) return this.#decisions.get(level);
    const { history, meter } = this;
    meter.phase = `deciding ${level.axiom}`;
    const previous = level.sessions ? this.#previous : undefined;
    const forced = forcedBy(level, history, this.#previous, meter);
    const decision = forced && {
      forced,
      previous,
      cycles: commitCycles({ history, previous, forced }, meter),
    };
    this.#decisions.set(level, decision);
    return decision;
  }

  *records(level: Level): Iterable<CycleRecord> {
    const decision = this.#decide(level);
    if (decision === undefined) return;
    const { history, columns } = this;
    for (const { read, writer } of decision.forced.missed) {
      const { way, steps } = this.#wayTo(read, writer, level);
      yield cycleRecord(columns, level, way, [...steps, history.explainMissed(read, writer)]);
    }
    for (const cycle of decision.cycles) {
      const steps = cycle.map((from, at) =>
        this.#step({ from, to: present(cycle[(at + 1) % cycle.length]) }, level, decision, at === 0),
      );
      yield cycleRecord(columns, level, cycle, steps);
    }
  }

  /** Why one commits before the other. */
  #step({ from, to }: Pair, level: Level, decision: Decision, isForced: boolean): StepRecord {
    const plain = isForced ? undefined : this.#plainStep({ from, to }, decision.previous);
    if (plain !== undefined) return plain;
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

  /** A step that no axiom is needed for; undefined where there is none. */
  #plainStep({ from, to }: Pair, previous: Int32Array | undefined): StepEvidence | undefined {
    const { history } = this;
    if (previous?.[to] === from) return { type: 'process', process: history.log.processes.at(to) };
    const read = readFrom(history, to, from);
    if (read !== undefined) return history.explainRead(read);
    const { before } = history;
    for (let at = before?.starts[to] ?? 0; at < (before?.starts[to + 1] ?? 0); at++)
      if (before?.sources[at] === from) return history.explainWrites(present(before.abouts[at]), from, to);
    return undefined;
  }

  /** How the transaction of a read has seen another one: the transactions from that one on, and what leads from each to the next. */
  #wayTo(read: number, seen: number, level: Level): Way {
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
    const way = shortestWay({ from: seen, to: reader }, (t, visit) => {
      this.meter.step(1);
      const before = present(this.#previous[t]);
      if (before >= 0) visit(before);
      for (let at = present(history.readStarts[t]); at < present(history.readStarts[t + 1]); at++)
        if (history.readFrom.at(at) !== INITIAL) visit(history.readFrom.at(at));
    });
    const seenBy = present(way);
    const steps = seenBy
      .slice(1)
      .map((to, at) => present(this.#plainStep({ from: present(seenBy[at]), to }, this.#previous)));
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

function forcedBy(
  { axiom, sessions }: Level,
  history: VisibleHistory,
  previous: Int32Array,
  meter: Meter,
): Forced | undefined {
  switch (axiom) {
    case 'read-committed':
      return forcedByEarlierReads(history, meter);
    case 'read-atomic':
      return forcedByAnyRead(history, sessions ? previous : undefined, meter);
    case 'causal':
      return forcedByCauses(history, previous, meter);
  }
}

function cycleRecord(
  columns: TransactionColumns,
  { anomaly }: Level,
  transactions: readonly number[],
  steps: readonly StepRecord[],
): CycleRecord {
  const cycle = [...transactions, ...transactions.slice(0, 1)].map((t) => columns.operation(t));
  return { type: anomaly, cycle, steps };
}

/** The first read of a transaction from another one, before that read if one is given. */
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

/** The transaction that a read belongs to. */
function readerOf({ readStarts, log }: VisibleHistory, read: number): number {
  return upperBound(readStarts, read, log.count + 1) - 1;
}
