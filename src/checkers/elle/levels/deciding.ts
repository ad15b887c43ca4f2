/**
 * Goes beyond inferred anomalies: decides whether any order of the history's transactions exists.
 *
 *     T1  write x 1, read y -> null   |----|
 *     T2  write x 2, read y -> null   |----|      whichever wrote x first, the consequences may be a cycle
 *
 * Each isolation level that is asked for has its own anomaly. At most one record is made, for the weakest level without
 * an order.
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import type { Budget } from '../../checker.ts';
import type { ChoiceStep } from '../../decide/cycle-steps.ts';
import { decide } from '../../decide/decide.ts';
import type { BlockVersions, Decision, Refutation } from '../../decide/decision.ts';
import type { Isolation, VersionHistory } from '../../decide/version-history.ts';
import type { Decided } from './decided.ts';
import type { NoOrderCase, NoOrderRecord, NoOrderType, StepRecord } from '../anomaly-records.ts';
import { friendlyModelName } from './consistency-models.ts';
import type { OrderRelation } from '../graph/dependency-graph.ts';
import { Meter, limited } from '../../budget/meter.ts';
import type { AnomalyTable } from '../result.ts';
import type { TransactionColumns } from '../transactions/transaction-columns.ts';

export interface Level {
  readonly anomaly: NoOrderType;
  /** The canonical name. */
  readonly model: string;
  readonly isolation: Isolation;
  readonly order: OrderRelation;
  /** The directly weaker levels. */
  readonly weaker: readonly NoOrderType[];
}

/** Maximum number of transactions that are decided without being asked to. */
export const TRIED_TRANSACTIONS = 20_000;
/** Maximum number of steps of doing so: about two seconds. A case that takes longer stays as it was inferred. */
export const TRIED_STEPS = 200_000_000;

/** Strongest first. */
const LEVELS: readonly Level[] = [
  {
    anomaly: 'no-serial-order-realtime',
    model: 'PL-SS',
    isolation: 'serial',
    order: 'realtime',
    weaker: ['no-serial-order-process', 'no-snapshot-order-realtime'],
  },
  {
    anomaly: 'no-serial-order-process',
    model: 'strong-session-serializable',
    isolation: 'serial',
    order: 'process',
    weaker: ['no-serial-order', 'no-snapshot-order-process'],
  },
  {
    anomaly: 'no-serial-order',
    model: 'PL-3',
    isolation: 'serial',
    order: 'none',
    weaker: ['no-snapshot-order'],
  },
  {
    anomaly: 'no-snapshot-order-realtime',
    model: 'strong-snapshot-isolation',
    isolation: 'snapshot',
    order: 'realtime',
    weaker: ['no-snapshot-order-process', 'no-prefix-order-realtime'],
  },
  {
    anomaly: 'no-snapshot-order-process',
    model: 'strong-session-snapshot-isolation',
    isolation: 'snapshot',
    order: 'process',
    weaker: ['no-snapshot-order', 'no-prefix-order-process'],
  },
  {
    anomaly: 'no-snapshot-order',
    model: 'PL-SI',
    isolation: 'snapshot',
    order: 'none',
    weaker: ['no-prefix-order'],
  },
  {
    anomaly: 'no-prefix-order-realtime',
    model: 'strong-prefix',
    isolation: 'prefix',
    order: 'realtime',
    weaker: ['no-prefix-order-process'],
  },
  {
    anomaly: 'no-prefix-order-process',
    model: 'prefix-biswas',
    isolation: 'prefix',
    order: 'process',
    weaker: ['no-prefix-order'],
  },
  {
    anomaly: 'no-prefix-order',
    model: 'prefix',
    isolation: 'prefix',
    order: 'none',
    weaker: [],
  },
];

/** A history in the form that is decided, with the meaning of its numbers. */
export interface Decidable {
  readonly history: VersionHistory;
  /** Indexed by transaction number: its vertex. */
  readonly vertices: readonly number[];
  keyName(key: number): Json;
  /** Returns a version as evidence shows it. */
  valueOf(key: number, version: number): Json;
  /** Why an order that was found proves nothing; undefined if it does. */
  readonly unclear: string | undefined;
}

/** Returns the levels to decide: those asked for, without those that a stronger one implies. */
export function levelsAsked(prohibited: ReadonlySet<string>): readonly Level[] {
  const asked = LEVELS.filter(({ anomaly }) => prohibited.has(anomaly));
  const implied = new Set(asked.flatMap(beneath).map(({ anomaly }) => anomaly));
  return asked.filter(({ anomaly }) => !implied.has(anomaly));
}

const levelOf = (anomaly: NoOrderType): Level => present(LEVELS.find((level) => level.anomaly === anomaly));

const beneath = ({ weaker }: Level): readonly Level[] =>
  weaker.map(levelOf).flatMap((level) => [level, ...beneath(level)]);

export interface ToDecide {
  readonly columns: TransactionColumns;
  readonly prohibited: ReadonlySet<string>;
  readonly decidable: (order: OrderRelation, meter: Meter) => Decidable;
}

/** Decides each level that is asked for. Adds an anomaly to `found` if no order exists. */
export function decideLevels(
  given: ToDecide,
  found: AnomalyTable,
  budget: () => Budget | undefined,
): readonly Decided[] {
  return levelsAsked(given.prohibited).map((level): Decided => {
    const model = friendlyModelName(level.model);
    const { decision, unclear } = decideLevel(given, level, budget());
    if (decision.kind === 'unknown') return { model, 'order?': 'unknown', why: decision.reason };
    if (decision.kind === 'order')
      return unclear === undefined ? { model, 'order?': true } : { model, 'order?': 'unknown', why: unclear };
    noteWeakest(given, { level, decision }, found, budget);
    return { model, 'order?': false };
  });
}

interface LevelDecision {
  readonly decision: Decision;
  readonly unclear: string | undefined;
  readonly decidable: Decidable;
}

/** Maximum number of conflicts in a search for an order that satisfies more than was asked for. */
const TRIED_CONFLICTS = 20_000;
/** Maximum number of such searches. Each drops the realtime order of the transactions that were in the way. */
const MOST_ROUNDS = 8;

/**
 * Decides one level, trying stronger realtime order than was asked for first.
 *
 * Most stores keep realtime order whatever they promise: an order that respects it is found at once and is also valid
 * without it, and a refutation whose cycles use no realtime edge is valid without it too. The second try keeps only the
 * realtime order of writers, since a store may serve stale reads, and further tries drop the few transactions that were
 * in the way. Only then is the level decided by what was asked for alone.
 */
export function decideLevel(
  { decidable: make }: Pick<ToDecide, 'decidable'>,
  { isolation, order }: Pick<Level, 'isolation' | 'order'>,
  budget: Budget | undefined,
): LevelDecision {
  const meter = new Meter(budget);
  const asked = make(order, meter);
  const decidedAs = (decision: Decision): LevelDecision => ({
    decision,
    unclear: asked.unclear,
    decidable: asked,
  });
  if (order !== 'realtime') {
    const { realtime } = make('realtime', meter).history;
    let time = realtime;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const decision = decide({ ...asked.history, realtime: time }, isolation, meter, {
        conflicts: TRIED_CONFLICTS,
      });
      if (decision.kind === 'order') return decidedAs(decision);
      const late = decision.kind === 'impossible' ? throughRealtime(decision.refutation) : undefined;
      if (late?.size === 0) return decidedAs(decision);
      if (late === undefined && round > 0) break;
      time = round === 0 ? writersOnly(asked.history, realtime) : without(present(late), time);
    }
  }
  return decidedAs(decide(asked.history, isolation, meter));
}

/** Returns the transactions that realtime edges bring into a cycle. */
function throughRealtime(refutation: Refutation): ReadonlySet<number> {
  if (refutation.kind === 'choice')
    return new Set([...throughRealtime(refutation.first), ...throughRealtime(refutation.second)]);
  return new Set(refutation.steps.flatMap(({ type, from, to }) => (type === 'realtime' ? [from, to] : [])));
}

/** Treats the given transactions as if they had begun at the start and never ended. */
function without(
  some: ReadonlySet<number>,
  realtime: VersionHistory['realtime'],
): VersionHistory['realtime'] {
  if (realtime === undefined) return undefined;
  const { epochs, begins, ends } = realtime;
  return {
    epochs,
    begins: begins.map((begin, transaction) => (some.has(transaction) ? 0 : begin)),
    ends: ends.map((end, transaction) => (some.has(transaction) ? -1 : end)),
  };
}

/** Drops the realtime order of read-only transactions. */
function writersOnly(
  { transactions, keys }: VersionHistory,
  realtime: VersionHistory['realtime'],
): VersionHistory['realtime'] {
  const readers = new Set(Array.from({ length: transactions }, (_, transaction) => transaction));
  for (const { writers } of keys) for (const writer of writers) readers.delete(writer);
  return without(readers, realtime);
}

/**
 * Limit of some tenths of a second for deciding a weaker level. Beyond it that level stays open, since it was not
 * requested.
 */
const STEPS_FOR_WEAKER = 20_000_000;

/** Records the weakest level without an order, which says most. */
function noteWeakest(
  given: ToDecide,
  { level, decision }: { readonly level: Level; readonly decision: Decision },
  found: AnomalyTable,
  budget: () => Budget | undefined,
): void {
  for (const anomaly of level.weaker) {
    const weaker = levelOf(anomaly);
    const { decision: other } = decideLevel(given, weaker, limited(budget(), STEPS_FOR_WEAKER));
    if (other.kind !== 'impossible') continue;
    noteWeakest(given, { level: weaker, decision: other }, found, budget);
    return;
  }
  if (decision.kind !== 'impossible' || found.count(level.anomaly) > 0) return;
  const decidable = given.decidable(level.order, new Meter(undefined));
  found.add(level.anomaly, () => recordOf(given.columns, decidable, level, decision.refutation));
}

function recordOf(
  columns: TransactionColumns,
  decidable: Decidable,
  { anomaly, model }: Level,
  refutation: Refutation,
): NoOrderRecord {
  return { type: anomaly, not: friendlyModelName(model), cases: casesOf(columns, decidable, refutation, []) };
}

type Chosen = NoOrderCase['choices'][number];

/** Returns each cycle with the choices that lead to it. */
function casesOf(
  columns: TransactionColumns,
  decidable: Decidable,
  refutation: Refutation,
  choices: readonly Chosen[],
): readonly NoOrderCase[] {
  if (refutation.kind === 'cycle') {
    const vertices = refutation.steps.map(({ from }) => present(decidable.vertices[from]));
    return [
      {
        choices,
        cycle: [...vertices, ...vertices.slice(0, 1)].map((vertex) => columns.operation(vertex)),
        steps: refutation.steps.map((step) => stepRecord(columns, decidable, step)),
      },
    ];
  }
  const { key, one, other, first, second } = refutation;
  const chosen = (before: BlockVersions, after: BlockVersions): Chosen => ({
    key: decidable.keyName(key),
    value: decidable.valueOf(key, before.last),
    "value'": decidable.valueOf(key, after.first),
  });
  return [
    ...casesOf(columns, decidable, first, [...choices, chosen(one, other)]),
    ...casesOf(columns, decidable, second, [...choices, chosen(other, one)]),
  ];
}

function stepRecord(columns: TransactionColumns, decidable: Decidable, step: ChoiceStep): StepRecord {
  const [from, to] = [present(decidable.vertices[step.from]), present(decidable.vertices[step.to])];
  if (step.type === 'process') return { type: 'process', process: columns.log.processes.at(from) };
  if (step.type === 'realtime')
    return { type: 'realtime', "a'": columns.operation(from), b: columns.invocation(to) };
  const { key, version, later, type } = step;
  const value = decidable.valueOf(key, version);
  const places = {
    'a-mop-index': columns.mopIndex(from, { isRead: type === 'rw', keyName: decidable.keyName(key) }),
    'b-mop-index': columns.mopIndex(to, { isRead: type === 'wr', keyName: decidable.keyName(key) }),
  };
  if (type === 'wr') return { type, key: decidable.keyName(key), value, ...places };
  return { type, key: decidable.keyName(key), value, "value'": decidable.valueOf(key, later), ...places };
}
