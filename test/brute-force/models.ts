/** For each model: how its histories are generated, and how its checker's result is compared with the definition. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import { modelEntry, type ModelName } from '../../src/checkers/models/model-table.ts';
import { stringifyJson, type Json } from '../../src/protocol/json.ts';
import { bankSample, bankValue, isMoneyKept } from './bank.ts';
import { areReadsInOrder, commentsHistory } from './comments.ts';
import {
  keyed,
  listTransaction,
  logValue,
  registerTransaction,
  registerValue,
  setValue,
  single,
  type ValueInEdn,
} from './edn-histories.ts';
import {
  areReadsOfGrowingKeys,
  groupHistory,
  isOneGrowth,
  partsHistory,
  partsValue,
} from './groups-and-parts.ts';
import { intervalsOf } from './intervals.ts';
import { kafkaHistory } from './log-histories.ts';
import { kafkaErrors } from './logs.ts';
import {
  areLinearizable,
  beginningAs,
  independentHistory,
  isLinearizable,
  objectHistory,
  OBJECTS,
  type ObjectKind,
} from './objects.ts';
import { identity } from './odd-values.ts';
import { drainedHistory, isEverythingOut } from './queues.ts';
import {
  areEchoed,
  areFinalSums,
  areReadsWithinBounds,
  areUnique,
  counterHistory,
  didEachSucceed,
  echoHistory,
  idHistory,
  isGrowingSet,
  isWholeAtLast,
  mixedHistory,
  setHistory,
  type Expected,
} from './sets-and-counters.ts';
import type { Dice } from './dice.ts';
import { transactionalHistory } from './transactional-histories.ts';
import type { Differential, Sample } from './differential-types.ts';
import { DECIDED_LEVELS } from './weak-levels.ts';
import { isPossible, LEVELS, LISTS, registersIn } from './transactions.ts';

/** Requires exactly the verdict of the definition. */
const exact = (
  draw: Differential['draw'],
  decide: (sample: Sample) => Expected,
  inEdn?: Differential['inEdn'],
  leastWrong = 0.15,
): Differential => ({
  draw,
  ...(inEdn !== undefined && { inEdn }),
  leastRight: 0.15,
  leastWrong,
  judge(sample, result) {
    const expected = decide(sample);
    return { isRight: expected !== false, disagreement: difference(expected, result['valid?']) };
  },
});

const difference = (expected: unknown, seen: unknown): string | undefined =>
  expected === seen ? undefined : `expected valid? ${String(expected)}, saw ${String(seen)}`;

/** Compares with and without keys, if the model supports keys. */
const object = (name: ModelName & keyof typeof OBJECTS, valueInEdn: ValueInEdn): Differential => {
  const entry = modelEntry(name);
  const kindOf = (options: Sample['options']): ObjectKind =>
    'initial-value' in options ? beginningAs(OBJECTS[name], options['initial-value']) : OBJECTS[name];
  return exact(
    (dice) => {
      const options = {
        ...(entry.options.has('initial-value') &&
          dice.chance(0.3) && { 'initial-value': dice.pick([null, 0, 0, 2000]) }),
        ...(entry.options.has('independent?') && dice.chance(0.3) && { 'independent?': true }),
      };
      const draw = 'independent?' in options ? independentHistory : objectHistory;
      return { ops: draw(dice, kindOf(options)), options };
    },
    ({ ops, options }) =>
      options['independent?'] === true
        ? areLinearizable(ops, kindOf(options))
        : isLinearizable(intervalsOf(ops), kindOf(options)),
    ({ options }) => {
      // The values of the history get other names in EDN, except nil.
      if ((options['initial-value'] ?? null) !== null) return undefined;
      return options['independent?'] === true ? keyed(valueInEdn) : valueInEdn;
    },
  );
};

/** Prefix consistency is inferred as its weaker levels are, unless it is decided. */
const decides = (dice: Dice, level: string): Sample['options'] =>
  dice.chance(0.5) || level.includes('prefix') ? { 'decide?': true } : {};

/** Update serializability: cycles with several missed writes are only looked for if it is decided. */
const mayMissUpdates = (sample: Sample): boolean =>
  levelOf(sample).level === 'update-serializable' && sample.options['decide?'] !== true;

const levelOf = ({ options }: Sample) => {
  const level = LEVELS.get(String((options['consistency-models'] as readonly string[])[0]));
  if (level === undefined) throw new Error('no such level');
  return level;
};

/**
 * Lists show their whole past, so the checker claims to find every anomaly. Only the order of appends that no read shows
 * is hidden; where it matters, the checker decides.
 */
const listAppend: Differential = {
  inEdn: () => listTransaction,
  leastRight: 0.15,
  leastWrong: 0.15,
  draw: (dice) => {
    const ops = transactionalHistory(dice, { write: 'append', repeats: 0 });
    const level = dice.pick([...LEVELS.keys()]) ?? '';
    return { ops, options: { 'consistency-models': [level], ...decides(dice, level) } };
  },
  judge(sample, result) {
    const isRight = isPossible(sample.ops, LISTS, levelOf(sample));
    const isFalse = result['valid?'] === false;
    const mayMiss = mayMissUpdates(sample);
    return {
      isRight,
      disagreement:
        isFalse === isRight && !(mayMiss && !isFalse)
          ? `${isRight ? 'possible' : 'impossible'}, but valid? is ${String(result['valid?'])}`
          : undefined,
    };
  },
};

/**
 * Registers hide the order of their values. The checker claims only that what it calls invalid is invalid under its
 * assumptions, and each assumption is used only with a level that guarantees it. If each write follows a read of the
 * same key in its transaction, and nothing is in doubt, no order is hidden, and the checker claims to find everything.
 */
const rwRegister: Differential = {
  inEdn: () => registerTransaction,
  leastRight: 0.15,
  leastWrong: 0.15,
  draw(dice) {
    const level = dice.pick([...LEVELS.keys()]) ?? '';
    return {
      ops: transactionalHistory(dice, { write: 'w', repeats: dice.pick([0, 0, 0.1, 0.3]) }),
      options: {
        'consistency-models': [level],
        ...(level !== 'read-committed' && { 'wfr-keys?': true }),
        ...(level === 'strong-session-serializable' && { 'sequential-keys?': dice.chance(0.5) }),
        ...(level === 'strict-serializable' && { 'linearizable-keys?': dice.chance(0.5) }),
        ...decides(dice, level),
      },
    };
  },
  judge(sample, result) {
    const isRight = isPossible(sample.ops, registersIn(sample.ops), levelOf(sample));
    const isFalse = result['valid?'] === false;
    if (isRight && isFalse) return { isRight, disagreement: 'possible, but valid? is false' };
    // As in Elle, a history without dependencies shows nothing, unless an order is looked for.
    const { 'anomaly-types': types } = result;
    const isEmpty = Array.isArray(types) && types.includes('empty-transaction-graph');
    if (isRight && isEmpty && levelOf(sample).level === 'read-committed')
      return { isRight, disagreement: undefined };
    if (isDecided(sample)) return { isRight, disagreement: difference(isRight, result['valid?']) };
    const isMissed =
      !isRight &&
      !isFalse &&
      sample.options['wfr-keys?'] === true &&
      isOrderKnown(sample.ops) &&
      !mayMissUpdates(sample);
    return {
      isRight,
      disagreement: isMissed ? `impossible, but valid? is ${String(result['valid?'])}` : undefined,
    };
  },
};

/** Levels that are inferred even if the checker is asked to decide. */
const INFERRED = ['update-serializable'];

/** Whether the checker claims to find everything, because it was asked to decide and no value was written twice. */
const isDecided = ({ ops, options }: Sample): boolean =>
  options['decide?'] === true &&
  !(options['consistency-models'] as readonly string[]).some((level) => INFERRED.includes(level)) &&
  areUniqueWrites(ops);

function areUniqueWrites(ops: readonly HistoryOp[]): boolean {
  const written = new Set<string>();
  return intervalsOf(ops).every(({ answered }) =>
    (answered as readonly (readonly [string, Json, Json])[]).every(([f, key, value]) => {
      if (f === 'r') return true;
      const name = `${identity(key)} ${identity(value)}`;
      const isNew = value !== null && !written.has(name);
      written.add(name);
      return isNew;
    }),
  );
}

function isOrderKnown(ops: readonly HistoryOp[]): boolean {
  const written = new Set<string>();
  return intervalsOf(ops).every(({ outcome, answered }) => {
    if (outcome === 'info' || outcome === 'open') return false;
    const read = new Set<string>();
    return (answered as readonly (readonly [string, Json, Json])[]).every(([f, key, value]) => {
      if (f === 'r') return read.add(identity(key));
      const name = `${identity(key)} ${identity(value)}`;
      // A register holds null before its first write.
      const isNew = value !== null && !written.has(name);
      written.add(name);
      return isNew && read.has(identity(key));
    });
  });
}

const setFull = exact(
  (dice) => {
    const add = dice.pick(['add', 'add', 'broadcast']);
    const strict = dice.chance(0.3);
    return {
      ops: setHistory(dice, { add, strict }),
      options: {
        ...(add !== 'add' && { add }),
        ...(strict && { strict }),
        ...(dice.chance(0.3) && { 'linearizable?': true }),
      },
    };
  },
  ({ ops, options }) =>
    isGrowingSet(ops, {
      add: options['add'] === 'broadcast' ? 'broadcast' : 'add',
      strict: options['strict'] === true,
      'linearizable?': options['linearizable?'] === true,
    }),
  () => setValue,
);

const ORDER_ERROR = /skip$|nonmonotonic/;
const CYCLE = /^G0|^G1c|cycle-exists$/;
const ALLOWED = new Set(['int-send-skip']);
const ALLOWED_WITH_SUBSCRIBE = new Set(['int-send-skip', 'poll-skip', 'nonmonotonic-poll']);

const kafka: Differential = {
  inEdn: () => logValue,
  leastRight: 0.15,
  leastWrong: 0.15,
  draw: (dice) => ({
    ops: kafkaHistory(dice),
    options: {
      ...(dice.chance(0.3) && { 'sub-via': ['subscribe'] }),
      ...(dice.chance(0.2) && { 'ww-deps': true }),
    },
  }),
  judge({ ops, options }, result) {
    const isOrdered = options['ww-deps'] === true;
    const expected = kafkaErrors(ops, isOrdered);
    const types = (result['error-types'] ?? []) as readonly string[];
    const seen = new Set(
      types
        .filter((type) => type !== 'empty-transaction-graph')
        .map((type) => (CYCLE.test(type) ? 'cycle' : type)),
    );
    // If an offset has several messages, the choice among them is arbitrary, and so is everything that depends on their
    // order.
    const isDisputed = expected.has('inconsistent-offsets') || expected.has('duplicate');
    const listed = (errors: ReadonlySet<string>): string =>
      [...errors]
        .filter((type) => !isDisputed || !(ORDER_ERROR.test(type) || (isOrdered && type === 'cycle')))
        .sort()
        .join(', ');
    const allowed = 'sub-via' in options ? ALLOWED_WITH_SUBSCRIBE : ALLOWED;
    const isRight = [...expected].every((type) => allowed.has(type) || (isOrdered && type === 'cycle'));
    const valid = result['valid?'] !== false;
    if (listed(expected) !== listed(seen) || 'error' in result)
      return {
        isRight,
        disagreement: `expected the errors [${listed(expected)}], saw [${listed(seen)}] ${stringifyJson((result['error'] ?? null) as Json)}`,
      };
    return {
      isRight,
      disagreement:
        valid === isRight
          ? undefined
          : `expected ${isRight ? 'no' : 'an'} error that counts, valid? is ${String(result['valid?'])}`,
    };
  },
};

const finalSums = (least: -1 | 0): Differential =>
  exact(
    (dice) => ({ ops: counterHistory(dice, { least }), options: {} }),
    ({ ops }) => areFinalSums(ops),
  );

const DIFFERENTIALS: Readonly<Record<ModelName, Differential>> = {
  'list-append': listAppend,
  'rw-register': rwRegister,
  'cas-register': object('cas-register', registerValue),
  register: object('register', registerValue),
  mutex: object('mutex', single),
  kv: exact(
    (dice) => ({ ops: independentHistory(dice, OBJECTS.kv), options: {} }),
    ({ ops }) => areLinearizable(ops, OBJECTS.kv),
  ),
  'fifo-queue': object('fifo-queue', single),
  'unordered-queue': object('unordered-queue', single),
  'linearizable-set': object('linearizable-set', setValue),
  'total-queue': exact(
    (dice) => ({ ops: drainedHistory(dice), options: {} }),
    ({ ops }) => isEverythingOut(ops),
  ),
  set: exact(
    (dice) => ({ ops: setHistory(dice, { add: 'add', strict: false }), options: {} }),
    ({ ops }) => isWholeAtLast(ops),
    () => setValue,
  ),
  'set-full': setFull,
  kafka,
  'pn-counter': finalSums(-1),
  'g-counter': finalSums(0),
  counter: exact(
    (dice) => ({ ops: counterHistory(dice, { least: 0 }), options: {} }),
    ({ ops }) => areReadsWithinBounds(ops),
  ),
  'unique-ids': exact(
    (dice) => ({ ops: idHistory(dice), options: {} }),
    ({ ops }) => areUnique(ops),
    () => single,
  ),
  echo: exact(
    // Only the invocation has what was sent.
    (dice) => ({ ops: echoHistory(dice), options: {}, completionsOnly: false }),
    ({ ops }) => areEchoed(ops),
  ),
  stats: exact(
    (dice) => ({ ops: mixedHistory(dice), options: { judgeAll: dice.chance(0.5) } }),
    ({ ops, options }) => didEachSucceed(ops, { judgeAll: options['judgeAll'] === true }),
  ),
  bank: exact(
    (dice) => {
      const { ops, options } = bankSample(dice);
      return { ops, options: { ...options } };
    },
    ({ ops, options }) => isMoneyKept(ops, options),
    ({ options }) => bankValue('accounts' in options),
  ),
  'long-fork': exact(
    (dice) => {
      const size = dice.pick([1, 2, 2, 2, 2, 3, 3, 3]);
      return {
        ops: groupHistory(dice, size),
        options: size === 2 && dice.chance(0.5) ? {} : { 'group-size': size },
      };
    },
    ({ ops, options }) => isOneGrowth(ops, Number(options['group-size'] ?? 2)),
    () => registerTransaction,
    0.035,
  ),
  comments: exact(
    (dice) => ({ ops: commentsHistory(dice), options: {} }),
    ({ ops }) => areReadsInOrder(ops),
    () => setValue,
    0.1,
  ),
  sequential: exact(
    (dice) => ({ ops: partsHistory(dice), options: {} }),
    ({ ops }) => areReadsOfGrowingKeys(ops),
    () => partsValue,
  ),
};

/** The models with a definition: all of them, by the type of the table. */
export const DEFINED_MODELS: readonly ModelName[] = Object.keys(DIFFERENTIALS) as ModelName[]; // of that type

/** The comparisons: one per model, and further ones for transactions at the levels that are decided. */
export type Compared = ModelName | keyof typeof DECIDED_LEVELS;

export const COMPARED: readonly Compared[] = [
  ...DEFINED_MODELS,
  ...(Object.keys(DECIDED_LEVELS) as (keyof typeof DECIDED_LEVELS)[]), // of that type
];

export const differentialOf = (name: Compared): Differential =>
  ({ ...DIFFERENTIALS, ...DECIDED_LEVELS })[name];

/** Returns the model that checks its histories. */
export const modelOf = (name: Compared): ModelName =>
  name === 'list-append levels' ? 'list-append' : name === 'rw-register levels' ? 'rw-register' : name;
