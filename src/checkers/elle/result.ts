/**
 * The result map, with upstream's keys: `valid?`, `anomaly-types`, `anomalies`, `not`, `also-not`.
 *
 * A check asks for anomalies (by name, or all that some models prohibit). A found anomaly that was asked for makes the
 * result false. One that was not still counts in `not` and `also-not`: a user who asks for read-uncommitted learns that
 * read-committed is violated.
 */
import { addTo } from '../../columns/groups.ts';
import type { ResultValue, Validity } from '../checker.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { AnomalyRecord, RecordOf } from './anomaly-records.ts';
import {
  anomaliesImplying,
  canonicalModelName,
  weakAnomalies,
  weakAnomaliesBeneath,
  impossibleModels,
  isWeakModel,
  knownAnomaly,
  modelBoundary,
  notLookedFor,
  prohibitedAnomalies,
} from './levels/consistency-models.ts';
import type { Decided } from './levels/decided.ts';
import type { OrderRelation } from './graph/dependency-graph.ts';
import { PROJECTIONS } from './cycles/cycle-types.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export interface ModelOptions {
  /** Models by any of their names; `null` for none. Default: strict-serializable. */
  readonly 'consistency-models'?: readonly string[] | string | null | undefined;
  /** Names of anomalies to look for in addition to those that the models prohibit. */
  readonly anomalies?: readonly string[] | null | undefined;
  /**
   * Whether to decide what inference leaves open (levels/deciding.ts). What is not decided within the limit is then `unknown`.
   */
  readonly 'decide?'?: boolean | undefined;
  /** Maximum number of steps for deciding. If given, a verdict that needs more stays as inferred. */
  readonly 'decide-steps'?: number | undefined;
}

/** What a check was asked for. */
export interface Request {
  readonly prohibited: ReadonlySet<string>;
  /** The anomalies of weak levels, which are always decided: see `weak/levels.ts`. */
  readonly weak: ReadonlySet<string>;
  /** Whether only weak levels were asked for. Then a verdict does not depend on inferred version orders. */
  readonly isWeak: boolean;
  readonly order: OrderRelation;
  /** Requested models that no anomaly searched for could refute, with the model to ask for instead. */
  readonly notLookedFor: ReadonlyMap<string, string>;
  /** Undefined if nothing is to be decided. */
  readonly deciding: { readonly steps: number; readonly mayFail: boolean } | undefined;
}

/** Throws a `UserError` for an unknown model or anomaly. */
export function requestOf(options: ModelOptions): Request {
  const models = modelNames(options['consistency-models']).map(canonicalModelName);
  const { 'decide?': decides = false, 'decide-steps': steps } = options;
  const named = wanted(models, options.anomalies ?? []);
  if (!decides) return { ...named, deciding: undefined };
  return {
    ...withWeakLevels(named, models),
    deciding: { steps: steps ?? DECIDING_STEPS, mayFail: steps !== undefined },
  };
}

/** The anomalies of models of which an order is searched for. */
const NO_ORDER = /^no-(serial|snapshot)-order/;

/**
 * Adds the weak levels beneath models that are only inferred, and that a transaction contradicts itself, where a cycle
 * with one missed write is forbidden: that is one under any order of the versions. Models of which an order is searched
 * for need nothing else if they forbid `internal` themselves.
 */
function withWeakLevels(named: Wanted, models: readonly string[]): Wanted {
  const isSearched = [...named.prohibited].some((anomaly) => NO_ORDER.test(anomaly));
  if (named.isWeak || (isSearched && named.prohibited.has('internal'))) return named;
  const weak = new Set([...named.weak, ...weakAnomaliesBeneath(models, named.prohibited)]);
  const prohibited = new Set([...named.prohibited, ...weak]);
  if (prohibited.has('G-single-item')) prohibited.add('internal');
  return { ...named, weak, prohibited };
}

type Wanted = Omit<Request, 'deciding'>;

/** Cached by model: with many small histories, computing it each time would take a tenth of the total. */
const wantedOf = new Map<string, Wanted>();

function wanted(models: readonly string[], anomalies: readonly string[]): Wanted {
  const [model] = models;
  if (model === undefined || models.length > 1 || anomalies.length > 0) return findWanted(models, anomalies);
  let found = wantedOf.get(model);
  if (found === undefined) wantedOf.set(model, (found = findWanted(models, anomalies)));
  return found;
}

function findWanted(models: readonly string[], named: readonly string[]): Wanted {
  const prohibited = prohibitedAnomalies(models);
  const anomalies = named.map(knownAnomaly);
  for (const anomaly of anomaliesImplying(anomalies)) prohibited.add(anomaly);
  const weak = weakAnomalies(models, anomalies);
  for (const anomaly of weak) prohibited.add(anomaly);
  // A read of a value that was never written is wrong under any model.
  prohibited.add('garbage-read');
  let order: OrderRelation = 'none';
  for (const name of prohibited) {
    if (name.endsWith('-realtime')) order = 'realtime';
    else if (name.endsWith('-process') && order === 'none') order = 'process';
  }
  const isWeak = models.length > 0 && anomalies.length === 0 && models.every(isWeakModel);
  return { prohibited, weak, isWeak, order, notLookedFor: notLookedFor(models) };
}

/** About a minute. */
const DECIDING_STEPS = 4_000_000_000;

function modelNames(models: ModelOptions['consistency-models']): readonly string[] {
  if (models === undefined) return ['strict-serializable'];
  if (models === null) return [];
  if (typeof models === 'string') return models.split(',').map((name) => name.trim());
  if (models.every((name) => typeof name === 'string')) return models;
  throw new UserError('`consistency-models` must be a list of names.', 'For example ["snapshot-isolation"].');
}

/** Maximum number of records kept per type. `anomaly-counts` has the full counts of types with more. */
export const RECORDS_KEPT = 256;

/** The anomalies found so far: a list of records per type. */
export class AnomalyTable {
  readonly #records = new Map<string, AnomalyRecord[]>();
  readonly #counts = new Map<string, number>();

  /** Adds a record, which is built only if it is kept. */
  add<Type extends string>(type: Type, record: () => RecordOf<Type>): void {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    if (count > RECORDS_KEPT) return;
    addTo(this.#records, type, record());
  }

  /** Whether the next record of that type will be kept. */
  keeps(type: string): boolean {
    return this.count(type) < RECORDS_KEPT;
  }

  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  get types(): readonly string[] {
    return [...this.#counts.keys()];
  }

  records(type: string): readonly AnomalyRecord[] {
    return this.#records.get(type) ?? [];
  }
}

const EMPTY_GRAPH = 'empty-transaction-graph';
const CYCLE_EXISTS = new Map(PROJECTIONS.map(({ name, model }) => [name, model]));

/** Why a result is incomplete: the history is malformed, or the budget ran out. */
export type Incomplete = { readonly type: string; readonly message: string } & {
  readonly [name: string]: ResultValue;
};

export type TransactionsResult = {
  readonly 'valid?': Validity;
  readonly 'anomaly-types'?: readonly string[];
  /** Records by type; `true` for `empty-transaction-graph`, which concerns the whole history. */
  readonly anomalies?: Readonly<Record<string, true | readonly AnomalyRecord[]>>;
  /** The weakest models that are violated, and all stronger ones. */
  readonly not?: readonly string[];
  readonly 'also-not'?: readonly string[];
  /** Full counts of types with records left out. */
  readonly 'anomaly-counts'?: Readonly<Record<string, number>>;
  /** What was decided, rather than inferred, about the requested models. */
  readonly decided?: readonly Decided[];
  /**
   * Requested models that no anomaly searched for could refute, each with the one to ask for instead: the verdict does
   * not cover them.
   */
  readonly 'not-looked-for'?: Readonly<Record<string, string>>;
  readonly error?: Incomplete;
};

export const TRANSACTIONS_MEANINGS = {
  'anomaly-types': 'the types of [anomalies](anomalies.md) found',
  anomalies:
    'the first anomalies of each type, with the operations that show each; `true` if the anomaly concerns the whole history',
  not: 'the weakest [consistency models](models.md) that do not hold',
  'also-not': 'the stronger models, which therefore do not hold either',
  'anomaly-counts': 'the total number of anomalies, for types of which some are not listed',
  decided: 'for each requested model: whether all transactions can be ordered, if that was decided',
  'not-looked-for':
    'requested models that are not checked, each with the model to request instead; the verdict does not cover them',
} as const satisfies Meanings<TransactionsResult>;

/**
 * Builds the result map. An incomplete check that found nothing it was asked for is `unknown`, with the reason in
 * `error`; its findings stand.
 */
export function resultMap(
  { prohibited }: Request,
  found: AnomalyTable,
  graph: { readonly empty: boolean },
  incomplete?: Incomplete,
): TransactionsResult {
  const impossible = impossibleModels(found.types.filter((type) => !CYCLE_EXISTS.has(type)));
  const shown = found.types.filter((type) => {
    const model = CYCLE_EXISTS.get(type);
    return prohibited.has(type) && (model === undefined || !impossible.has(model));
  });
  const bad = found.types.some((type) => prohibited.has(type));
  if (graph.empty && incomplete === undefined) shown.push(EMPTY_GRAPH);
  if (shown.length === 0 && incomplete === undefined) return { 'valid?': true };
  const { not, alsoNot } = modelBoundary(found.types);
  const left = shown.filter((type) => found.count(type) > RECORDS_KEPT);
  return {
    'valid?': bad ? false : 'unknown',
    'anomaly-types': shown.toSorted(),
    anomalies: Object.fromEntries(
      shown.toSorted().map((type) => [type, type === EMPTY_GRAPH ? true : found.records(type)]),
    ),
    not,
    'also-not': alsoNot,
    ...(left.length === 0
      ? {}
      : { 'anomaly-counts': Object.fromEntries(left.map((type) => [type, found.count(type)])) }),
    ...(incomplete === undefined ? {} : { error: incomplete }),
  };
}
