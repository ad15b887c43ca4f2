/**
 * The checkers by name: purpose, options, factory, and explanation of results. Used by `check` and the command line.
 */
import { didYouMean, nearest } from '../../protocol/nearest.ts';
import { UserError } from '../../protocol/user-error.ts';
import { BankChecker, explainBank, type BankOptions } from '../isolation/bank.ts';
import { CommentsChecker, explainComments } from '../isolation/comments.ts';
import { CounterChecker, explainCounter } from '../counters/counter.ts';
import type { Checker, CheckResult, NodeOf } from '../checker.ts';
import { EchoChecker, explainEcho } from '../replies/echo.ts';
import {
  explainListAppend,
  ListAppendChecker,
  remarkOnListAppend,
  type ListAppendOptions,
} from '../elle/list-append/list-append.ts';
import {
  explainRwRegister,
  remarkOnRwRegister,
  RwRegisterChecker,
  type RwRegisterOptions,
} from '../elle/rw-register/rw-register.ts';
import { explainSetFull, remarkOnSetFull } from '../sets/explain-set-full.ts';
import { explainKafka } from '../kafka/explain-kafka.ts';
import { KafkaChecker, type KafkaOptions } from '../kafka/kafka.ts';
import { explainLastReadSet, LastReadSetChecker } from '../sets/last-read-set.ts';
import { explainLongFork, LongForkChecker, type LongForkOptions } from '../isolation/long-fork.ts';
import { explainSequential, SequentialChecker } from '../isolation/sequential.ts';
import { CasRegisterChecker, type CasRegisterOptions } from '../linearizable/cas-register.ts';
import { explainCasRegister, explainLinearizable } from '../linearizable/explain-cas-register.ts';
import type { Json } from '../../protocol/json.ts';
import { usualNameOf } from './usual-operations.ts';
import { KnownOperations } from '../guards/known-operations.ts';
import { LockOwners } from '../guards/lock-owners.ts';
import {
  LinearizableChecker,
  type LinearizableOptions,
  type LinearizableResult,
  type RegisterOptions,
} from '../linearizable/linearizable.ts';
import {
  fifoQueue,
  keyValue,
  mutex,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
} from '../linearizable/models.ts';
import { explainMismatches, MatchedCompletions, type WithMismatches } from '../guards/matched-completions.ts';
import { explainPnCounter, PnCounterChecker, type PnCounterResult } from '../counters/pn-counter.ts';
import { SetFullChecker, type SetFullOptions } from '../sets/set-full.ts';
import { explainStats, StatsChecker, type StatsOptions } from '../outcomes/stats.ts';
import { explainTotalQueue, remarkOnTotalQueue, TotalQueueChecker } from '../sets/total-queue.ts';
import { explainUniqueIds, UniqueIdsChecker } from '../replies/unique-ids.ts';

/** Takes no options: an object type without keys, to which other options may be added. */
// oxlint-disable-next-line no-generated-empty-object-type
export type NoOptions = Readonly<Record<never, never>>;

/**
 * The type of an option's value: true or false, a word, several words (a list, or one text separated by commas), an
 * object, an integer (or one as text), any value of a history, or a function, which only programs can pass.
 */
export type OptionKind = 'flag' | 'word' | 'words' | 'map' | 'number' | 'value' | 'function';

export interface ModelEntry {
  /** What it checks, in one line. */
  readonly about: string;
  readonly options: ReadonlyMap<string, OptionKind>;
  /**
   * Whether it accepts histories without any invocation, such as transactions of unknown order. Otherwise a completion
   * without an invocation is an error.
   */
  readonly completionsOnly: boolean;
  /** Whether operations may have any name, or none, because only their values count. */
  readonly anyOperation: boolean;
  /** Returns the model's name for an operation; the name itself if the model has none like it. */
  nameOf(f: string): string;
  /**
   * Returns a checker. Throws a UserError for invalid options and, in `observe`, for operations that the model does not
   * know.
   */
  checker(options: Readonly<Record<string, unknown>>): Checker;
  /** Explains an invalid result in a sentence or two; undefined if there is nothing to say. */
  explain(result: CheckResult, nodeOf?: NodeOf): string | undefined;
  /** Explains what a valid result leaves open; undefined if there is nothing to say. */
  remark(result: CheckResult): string | undefined;
}

interface Entry<Options, Result extends CheckResult> {
  readonly about: string;
  readonly options: { readonly [Name in keyof Options]-?: OptionKind };
  readonly completionsOnly?: boolean;
  /** The operations that the model knows. By default any are accepted. */
  readonly operations?: readonly string[] | ((options: Options) => readonly string[]);
  checker(options: Options): Checker<Result>;
  explain(result: Result, nodeOf?: NodeOf): string | undefined;
  remark?(result: Result): string | undefined;
}

const ELLE_OPTIONS = {
  'consistency-models': 'words',
  anomalies: 'words',
  'decide?': 'flag',
  'decide-steps': 'number',
} as const;

const KEYED_OPTIONS = { 'independent?': 'flag', key: 'function' } as const;
const REGISTER_OPTIONS = { ...KEYED_OPTIONS, 'initial-value': 'value' } as const;

const linearizable = (
  about: string,
  model: SequentialModel,
  words: { readonly noun: string; readonly state?: (model: Json) => string },
): Entry<LinearizableOptions, LinearizableResult> => ({
  about,
  options: KEYED_OPTIONS,
  operations: model.operations ?? [],
  checker: (options) => new LinearizableChecker(model, options),
  explain: (result, nodeOf) => explainLinearizable(result, { ...words, nodeOf }),
});

const counterEntry = (about: string): Entry<NoOptions, PnCounterResult> => ({
  about,
  options: {},
  completionsOnly: true,
  operations: ['add', 'read'],
  checker: () => new PnCounterChecker(),
  explain: explainPnCounter,
});

const MUTEX = linearizable('acquire and release of one lock: linearizable', mutex, {
  noun: 'the lock',
  state: (locked) => (locked === true ? 'held' : 'free'),
});

type Explain<Result> = (result: Result, nodeOf?: NodeOf) => string | undefined;

/** Explains completions that do not match their invocations first, since other anomalies may follow from them. */
const afterMismatches =
  <Result extends CheckResult>(explain: Explain<Result>): Explain<WithMismatches<Result>> =>
  (result, nodeOf) => {
    const parts = [explainMismatches(result), explain(result, nodeOf)].filter((text) => text !== undefined);
    return parts.length === 0 ? undefined : parts.join('\n');
  };

/** Declares a model. The options and the result are those of its checker. */
const withOptions =
  <Options>() =>
  <Result extends CheckResult>(declared: Entry<Options, Result>): Entry<Options, Result> =>
    declared;

const ENTRIES = {
  'list-append': withOptions<ListAppendOptions>()({
    about: 'transactions that read lists and append to them: their isolation level',
    options: ELLE_OPTIONS,
    completionsOnly: true,
    checker: (options) => new MatchedCompletions(new ListAppendChecker(options)),
    explain: afterMismatches(explainListAppend),
    remark: remarkOnListAppend,
  }),
  'rw-register': withOptions<RwRegisterOptions>()({
    about: 'transactions that read and write registers: their isolation level',
    options: {
      ...ELLE_OPTIONS,
      'wfr-keys?': 'flag',
      'sequential-keys?': 'flag',
      'linearizable-keys?': 'flag',
      'transaction-order': 'map',
    },
    completionsOnly: true,
    checker: (options) => new MatchedCompletions(new RwRegisterChecker(options)),
    explain: afterMismatches(explainRwRegister),
    remark: remarkOnRwRegister,
  }),
  'cas-register': withOptions<CasRegisterOptions>()({
    about: 'read, write and compare-and-set: linearizable; with independent?, each key separately',
    options: REGISTER_OPTIONS,
    operations: ['read', 'write', 'cas'],
    checker: (options) => new CasRegisterChecker(options),
    explain: explainCasRegister,
  }),
  'set-full': withOptions<SetFullOptions>()({
    about: 'adds and reads of a growing set: no element is lost or made up',
    options: { 'linearizable?': 'flag', strict: 'flag', add: 'word' },
    operations: ({ add = 'add' }) => [add, 'read'],
    checker: (options) => new SetFullChecker(options),
    explain: explainSetFull,
    remark: remarkOnSetFull,
  }),
  kafka: withOptions<KafkaOptions>()({
    about: 'logs with offsets: sends, polls and transactions of both',
    options: { 'sub-via': 'words', 'ww-deps': 'flag' },
    operations: ['send', 'poll', 'txn', 'assign', 'subscribe', 'crash', 'debug-topic-partitions'],
    checker: (options) => new MatchedCompletions(new KafkaChecker(options)),
    explain: afterMismatches(explainKafka),
  }),
  'pn-counter': counterEntry('a counter that goes up and down: final reads are right sums'),
  'g-counter': counterEntry('a counter that only grows: final reads are right sums'),
  counter: withOptions<NoOptions>()({
    about:
      'a counter that only grows: every read lies between the sum of completed adds and the sum of attempted adds',
    options: {},
    operations: ['add', 'read'],
    checker: () => new CounterChecker(),
    explain: explainCounter,
  }),
  'unique-ids': withOptions<NoOptions>()({
    about: 'generated ids: no two are equal',
    options: {},
    completionsOnly: true,
    operations: ['generate'],
    checker: () => new UniqueIdsChecker(),
    explain: explainUniqueIds,
  }),
  echo: withOptions<NoOptions>()({
    about: 'every echo returns the value that was sent',
    options: {},
    operations: ['echo'],
    checker: () => new EchoChecker(),
    explain: explainEcho,
  }),
  stats: withOptions<StatsOptions>()({
    about: 'how many operations succeeded; each kind must succeed at least once',
    options: { judgeAll: 'flag' },
    completionsOnly: true,
    checker: (options) => new StatsChecker(options),
    explain: explainStats,
  }),
  mutex: {
    ...MUTEX,
    checker: (options: LinearizableOptions) => new LockOwners(MUTEX.checker(options), options),
  },
  register: withOptions<RegisterOptions>()({
    ...linearizable('read and write of one register: linearizable', register, { noun: 'the value' }),
    options: REGISTER_OPTIONS,
    checker: (options) => new LinearizableChecker(register, options),
  }),
  kv: withOptions<NoOptions>()({
    about: 'get, put and append of strings, each key separately: linearizable',
    options: {},
    operations: keyValue.operations ?? [],
    checker: () => new LinearizableChecker(keyValue, { 'independent?': true }),
    explain: (result, nodeOf) => explainLinearizable(result, { noun: 'the value', nodeOf }),
  }),
  'fifo-queue': linearizable('enqueue and dequeue, first in first out: linearizable', fifoQueue, {
    noun: 'the queue',
  }),
  'unordered-queue': linearizable('enqueue and dequeue in any order: linearizable', unorderedQueue, {
    noun: 'the queue',
  }),
  'total-queue': withOptions<NoOptions>()({
    about: 'enqueue, dequeue and drain: everything comes out again, in any order',
    options: {},
    operations: ['enqueue', 'dequeue', 'drain'],
    checker: () => new TotalQueueChecker(),
    explain: explainTotalQueue,
    remark: remarkOnTotalQueue,
  }),
  set: withOptions<NoOptions>()({
    about:
      "a set that is read at the end: the last read shows no lost and no made-up elements (Jepsen's `set`)",
    options: {},
    operations: ['add', 'read'],
    checker: () => new LastReadSetChecker(),
    explain: explainLastReadSet,
  }),
  'linearizable-set': linearizable("add and read of one set: linearizable (Knossos' `set`)", set, {
    noun: 'the set',
  }),
  bank: withOptions<BankOptions>()({
    about: 'transfers between accounts: every read shows the same total',
    options: { 'negative-balances?': 'flag', 'total-amount': 'number', accounts: 'words' },
    completionsOnly: true,
    operations: ['transfer', 'read'],
    checker: (options) => new BankChecker(options),
    explain: explainBank,
  }),
  'long-fork': withOptions<LongForkOptions>()({
    about: 'writes of keys and reads of groups of keys: all reads see the writes in one order',
    options: { 'group-size': 'number' },
    completionsOnly: true,
    checker: (options) => new LongForkChecker(options),
    explain: explainLongFork,
  }),
  comments: withOptions<NoOptions>()({
    about:
      'writes, and reads of everything written: a read that shows a write shows all writes that completed before that write began',
    options: {},
    operations: ['write', 'read'],
    checker: () => new CommentsChecker(),
    explain: explainComments,
  }),
  sequential: withOptions<NoOptions>()({
    about:
      'parts written in order and read in reverse order: a read that shows a part shows all parts before it',
    options: {},
    completionsOnly: true,
    // The name of writes differs between tests, and they are not looked at.
    operations: ['write', 'add', 'read'],
    checker: () => new SequentialChecker(),
    explain: explainSequential,
  }),
};

/** The options of each model, by name. */
export type OptionsByModel = {
  readonly [Name in keyof typeof ENTRIES]: (typeof ENTRIES)[Name] extends Entry<
    infer Options extends object,
    infer _Result
  >
    ? Options
    : never;
};

export type ModelName = keyof OptionsByModel;

const BY_NAME: ReadonlyMap<string, ModelEntry> = new Map(
  Object.entries(ENTRIES).map(([name, entry]) => [name, open(name, entry)]),
);

/** The names of all models, in the order of the guide. */
export const MODEL_NAMES: readonly ModelName[] = [...BY_NAME.keys()] as ModelName[]; // by the type of ENTRIES

/** Workloads whose histories a model of another name checks: advice for each. */
const OF_WORKLOADS: ReadonlyMap<string, string> = new Map([
  ['lin-kv', ' Histories of the workload lin-kv are judged by cas-register, with independent.'],
  ['g-set', ' Histories of the workload g-set are judged by set-full.'],
  ['broadcast', ' It is a workload: its runs are judged again by their folder, without a model.'],
]);

/** Returns a model by name. Throws a UserError with all names, and the nearest, if there is none. */
export function modelEntry(name: string): ModelEntry {
  const entry = BY_NAME.get(name);
  if (entry !== undefined) return entry;
  throw new UserError(
    `There is no model ${JSON.stringify(name)}.${OF_WORKLOADS.get(name) ?? didYouMean(name, MODEL_NAMES)}`,
    `There are: ${MODEL_NAMES.join(', ')}; or your own: an object { name, init, step }, on the command line the file that exports it (--model ./stack.ts).`,
  );
}

function open(name: string, entry: Entry<object, CheckResult>): ModelEntry {
  const kinds = new Map(Object.entries<OptionKind>({ ...entry.options }));
  const { operations: named } = entry;
  const usual = named === undefined ? undefined : new Set(typeof named === 'function' ? named({}) : named);
  return {
    about: entry.about,
    options: kinds,
    completionsOnly: entry.completionsOnly === true,
    anyOperation: entry.operations === undefined,
    nameOf: (f) => (usual === undefined ? f : usualNameOf(f, usual)),
    checker(given) {
      const options = readOptions(`The model ${name}`, kinds, given);
      const checker = entry.checker(options);
      const { operations } = entry;
      if (operations === undefined) return checker;
      const known = typeof operations === 'function' ? operations(options) : operations;
      return new KnownOperations(name, known, checker);
    },
    explain: (result, nodeOf) => entry.explain(result, nodeOf),
    remark: (result) => entry.remark?.(result),
  };
}

/** Returns a checker for a model given as an object. Throws a UserError for invalid options. */
export function customChecker(model: SequentialModel, given: Readonly<Record<string, unknown>>): Checker {
  const kinds = new Map<string, OptionKind>(Object.entries(KEYED_OPTIONS));
  const options: LinearizableOptions = readOptions(`The model ${model.name}`, kinds, given);
  return new LinearizableChecker(model, options);
}

/** Returns the validated options. Dropping an unknown one would silently change the verdict. */
function readOptions(
  model: string,
  kinds: ReadonlyMap<string, OptionKind>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      const near = nearest(name, [...kinds.keys()]);
      const own = [...kinds.keys()].join(', ');
      throw new UserError(
        `${model} has no option ${JSON.stringify(name)}.${near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`}`,
        own === '' ? 'It takes no options.' : `Its options: ${own}.`,
      );
    }
    if (value !== undefined) read[name] = readOption(name, kind, value);
  }
  return read;
}

function readOption(name: string, kind: OptionKind, value: unknown): unknown {
  if (kind === 'words' && typeof value === 'string') return value.split(',').map((word) => word.trim());
  if (kind === 'number' && typeof value === 'string' && /^[-+]?\d+$/.test(value.trim()))
    return readOption(name, kind, Number(value));
  // For flags null means false; for lists it means "none", which differs from the default.
  if (value === null) return kind === 'flag' ? false : null;
  if (IS_OF_KIND[kind](value)) return value;
  throw new UserError(`The option ${name} must be ${KIND_IN_WORDS[kind]}.`);
}

const IS_OF_KIND: Readonly<Record<OptionKind, (value: unknown) => boolean>> = {
  flag: (value) => typeof value === 'boolean',
  word: (value) => typeof value === 'string',
  words: (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
  map: (value) => typeof value === 'object',
  number: (value) => Number.isSafeInteger(value),
  value: () => true,
  function: (value) => typeof value === 'function',
};

const KIND_IN_WORDS: Readonly<Record<OptionKind, string>> = {
  flag: 'true or false',
  word: 'a string',
  words: 'a list of names, such as ["snapshot-isolation"]',
  map: 'an object',
  number: 'a whole number',
  value: 'a value',
  function: 'a function',
};
