/**
 * The names of keys and values do not matter: a history means the same if each is renamed to another value, even an odd
 * one, as long as distinct ones stay distinct. Small random histories, valid and invalid, are checked under both kinds
 * of names, and again after a round trip through EDN.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddValue } from '../../test/support/odd-values.ts';
import { readEdn } from '../edn/edn-reader.ts';
import { EdnMap, EdnSet, ednToValue, type Edn } from '../edn/edn-value.ts';
import { jsonToEdn } from '../edn/json-to-edn.ts';
import { opToEdnLine } from '../history/op-codec.ts';
import type { Op, OpType } from '../history/op.ts';
import { readHistory } from '../history/reading/read-history.ts';
import { present } from '../columns/present.ts';
import { canonicalJson, elementsOf, RichValue, type Json } from '../protocol/json.ts';
import { resultsToEdnText } from '../store/results/results-text.ts';
import { boundedResult } from './bounded-result.ts';
import { check } from './check.ts';
import { isOp, isResultMap, type ResultValue } from './checker.ts';
import type { ModelName } from './models/model-table.ts';

/** The names of a history's keys and values. */
interface Names {
  readonly key: (number: number) => Json;
  readonly value: (number: number) => Json;
}

interface Step {
  readonly type: OpType;
  readonly process: number;
  readonly f: string;
  readonly value: (names: Names) => Json;
}

/** A source of small numbers below the limit. */
type Draw = (limit: number) => number;

/** Makes the invocations and completions of a workload, remembering what was asked for. */
type Workload = () => (draw: Draw) => { f: string; asked: Step['value']; answered: Step['value'] };

const KEYS = 3;
const VALUES = 8;

const asEdn = (value: Json): Edn => jsonToEdn(value);
const nothing = (): Json => null;
/** Returns some of the numbers below the limit, mostly ascending. */
function some(draw: Draw, limit: number): readonly number[] {
  const prefix = Array.from({ length: draw(limit + 1) }, (_, number) => number);
  if (draw(4) === 0) prefix.splice(draw(prefix.length + 1), 1);
  return draw(8) === 0 ? prefix.toReversed() : prefix;
}

const transactions =
  (write: 'append' | 'w'): Workload =>
  () => {
    const written = Array.from({ length: KEYS }, () => 0);
    return (draw) => {
      const mops = Array.from({ length: 1 + draw(2) }, () => {
        const key = draw(KEYS);
        const count = written[key] ?? 0;
        if (draw(2) === 0 && count < VALUES) {
          written[key] = count + 1;
          const mop = (names: Names): Json => [write, names.key(key), names.value(count)];
          return { asked: mop, answered: mop };
        }
        const seen = some(draw, count);
        const last = seen.at(-1);
        const shown = (names: Names): Json =>
          write === 'append' ? seen.map(names.value) : last === undefined ? null : names.value(last);
        return {
          asked: (names: Names): Json => ['r', names.key(key), null],
          answered: (names: Names): Json => ['r', names.key(key), shown(names)],
        };
      });
      return {
        f: 'txn',
        asked: (names) => mops.map((mop) => mop.asked(names)),
        answered: (names) => mops.map((mop) => mop.answered(names)),
      };
    };
  };

const kafka: Workload = () => {
  const logs = Array.from({ length: KEYS }, () => 0);
  return (draw) => {
    const key = draw(KEYS);
    const length = logs[key] ?? 0;
    if (draw(2) === 0 && length < VALUES) {
      logs[key] = length + 1;
      return {
        f: 'send',
        asked: (names) => [['send', names.key(key), names.value(length)]],
        answered: (names) => [['send', names.key(key), [length, names.value(length)]]],
      };
    }
    const offsets = some(draw, length);
    const shifted = draw(6) === 0 ? 1 : 0;
    return {
      f: 'poll',
      asked: () => [['poll']],
      answered: (names) => [
        [
          'poll',
          new EdnMap([[asEdn(names.key(key)), offsets.map((at) => [at + shifted, asEdn(names.value(at))])]]),
        ],
      ],
    };
  };
};

const setOf =
  (collect: (items: readonly Json[]) => Json): Workload =>
  () => {
    let added = 0;
    return (draw) => {
      if (draw(2) === 0 && added < VALUES) {
        const element = added++;
        const value = (names: Names): Json => names.value(element);
        return { f: 'add', asked: value, answered: value };
      }
      const seen = some(draw, added);
      return { f: 'read', asked: nothing, answered: (names) => collect(seen.map(names.value)) };
    };
  };

const register =
  (kinds: number, pair: (names: Names, key: number, value: Json) => Json): Workload =>
  () =>
  (draw) => {
    const [kind, key, one, other] = [draw(kinds), draw(2), draw(3), draw(3)];
    const at = (of: (names: Names) => Json) => (names: Names) => pair(names, key, of(names));
    if (kind === 0) return { f: 'read', asked: at(nothing), answered: at((names) => names.value(one)) };
    const value =
      kind === 1 ? at((names) => names.value(one)) : at((names) => [names.value(one), names.value(other)]);
    return { f: kind === 1 ? 'write' : 'cas', asked: value, answered: value };
  };

const queue: Workload = () => {
  let enqueued = 0;
  return (draw) => {
    if (draw(2) === 0 && enqueued < VALUES) {
      const item = enqueued++;
      const value = (names: Names): Json => names.value(item);
      return { f: 'enqueue', asked: value, answered: value };
    }
    const item = draw(Math.max(1, Math.min(enqueued, 3)));
    return { f: 'dequeue', asked: nothing, answered: (names) => names.value(item) };
  };
};

const echo: Workload = () => (draw) => {
  const [sent, received] = [draw(VALUES), draw(12)];
  return {
    f: 'echo',
    asked: (names) => names.value(sent),
    answered: (names) => ({
      type: 'echo_ok',
      echo: names.value(received === 0 ? (sent + 1) % VALUES : sent),
    }),
  };
};

const uniqueIds: Workload = () => {
  let given = 0;
  return (draw) => {
    const id = draw(12) === 0 ? draw(VALUES) : given++ % VALUES;
    return { f: 'generate', asked: nothing, answered: (names) => names.value(id) };
  };
};

/** Returns a history of three processes, each with at most one open operation. */
function historyOf(workload: Workload, draw: Draw, length: number): readonly Step[] {
  const request = workload();
  const open: (ReturnType<typeof request> | undefined)[] = [undefined, undefined, undefined];
  const steps: Step[] = [];
  for (let step = 0; step < length; step++) {
    const process = draw(open.length);
    const at = open[process];
    if (at === undefined) {
      const next = request(draw);
      open[process] = next;
      steps.push({ type: 'invoke', process, f: next.f, value: next.asked });
      continue;
    }
    const ending = draw(8);
    if (ending === 0) steps.push({ type: 'fail', process, f: at.f, value: at.asked });
    else if (ending === 1) steps.push({ type: 'info', process, f: at.f, value: at.asked });
    else steps.push({ type: 'ok', process, f: at.f, value: at.answered });
    open[process] = undefined;
  }
  return steps;
}

const named = (steps: readonly Step[], names: Names): readonly Op[] =>
  steps.map(({ type, process, f, value }, index) => ({
    index,
    time: index * 1e6,
    type,
    process,
    f,
    value: value(names),
  }));

const PLAIN: Names = { key: (number) => number, value: (number) => number };

/** Distinct values, none of them null, which is special in most models; or integers of various sizes. */
const someNames = (count: number): fc.Arbitrary<readonly Json[]> => {
  const each = { minLength: count, maxLength: count, selector: canonicalJson };
  return fc.oneof(
    {
      weight: 2,
      arbitrary: fc.uniqueArray(
        oddValue.filter((value) => value !== null),
        each,
      ),
    },
    { weight: 1, arbitrary: fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), each) },
  );
};

/** Distinct keys, several of which have the same text and so look alike as fields of an object. */
const namesakes: fc.Arbitrary<readonly Json[]> = fc
  .constantFrom<readonly Json[]>(
    [1, '1'],
    [NaN, '##NaN'],
    [ednToValue(readEdn(':a')), ':a'],
    [{}, '{}'],
    [[1], '[1]'],
  )
  .chain(([one = null, other = null]) =>
    fc.shuffledSubarray([one, other, 'b'], { minLength: KEYS, maxLength: KEYS }),
  );

const oddNames: fc.Arbitrary<Names> = fc
  .tuple(
    fc.oneof({ weight: 1, arbitrary: someNames(KEYS) }, { weight: 1, arbitrary: namesakes }),
    someNames(VALUES),
  )
  .map(([keys, values]) => ({
    key: (number) => keys[number] ?? null,
    value: (number) => values[number] ?? null,
  }));

const asSet = (items: readonly Json[]): Json => new EdnSet(items.map(asEdn));
const asList = (items: readonly Json[]): Json => items;
const alone = (_names: Names, _key: number, value: Json): Json => value;
const byKey = (names: Names, key: number, value: Json): Json => [names.key(key), value];

type Options = Readonly<Record<string, unknown>>;

const CASES: readonly (readonly [ModelName, Workload, Options])[] = [
  ['list-append', transactions('append'), {}],
  ['rw-register', transactions('w'), { 'wfr-keys?': true }],
  ['rw-register', transactions('w'), { 'linearizable-keys?': true, 'sequential-keys?': true }],
  ['kafka', kafka, {}],
  ['kafka', kafka, { 'ww-deps': true }],
  ['set-full', setOf(asList), { 'linearizable?': true, strict: true }],
  ['set-full', setOf(asSet), {}],
  ['set', setOf(asSet), {}],
  ['register', register(2, alone), {}],
  ['cas-register', register(3, alone), {}],
  ['cas-register', register(3, byKey), { 'independent?': true }],
  ['fifo-queue', queue, {}],
  ['unordered-queue', queue, {}],
  ['echo', echo, {}],
  ['unique-ids', uniqueIds, {}],
];

const QUOTE_NO_OPERATION: ReadonlySet<ModelName> = new Set(['echo', 'unique-ids']);

/**
 * Returns the forms in which an operation may be quoted: an open invocation with its later answer, a keyed operation
 * without its key, a read of a set with only the element in question.
 */
function valuesOf(op: Op, ops: readonly Op[]): readonly Json[] {
  const answer =
    op.type === 'invoke'
      ? ops.find(({ index, process }) => index > op.index && process === op.process)
      : undefined;
  const whole = answer === undefined ? [op.value] : [op.value, answer.value];
  const parts = op.f === 'read' ? (elementsOf(op.value) ?? []).map((element) => [element]) : [];
  return [...whole, ...whole.map((value) => elementsOf(value)?.[1] ?? null), ...parts];
}

function* operationsIn(value: ResultValue): Generator<Op> {
  if (isOp(value)) yield value;
  else if (Array.isArray(value))
    for (const item of value as readonly ResultValue[]) yield* operationsIn(item);
  else if (value !== undefined && isResultMap(value) && !(value instanceof RichValue))
    for (const item of Object.values(value)) yield* operationsIn(item);
}

function verdictOf(model: ModelName, ops: readonly Op[], options: Options): unknown {
  const result = check(model, ops, options);
  const types = result['anomaly-types'];
  // Which of several contradicting orders is chosen may depend on the names, and with it further findings.
  const isOrdered = !(Array.isArray(types) && types.includes('incompatible-order')) && model !== 'kafka';
  return { valid: result['valid?'], types: isOrdered ? types : undefined };
}

describe.each(CASES)('a history of %s', (model, workload, options) => {
  it(`means the same whatever its keys and values are called (${JSON.stringify(options)})`, () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 30 }),
        oddNames,
        (stream, length, names) => {
          const draw: Draw = (limit) => (stream.next().value ?? 0) % limit;
          const steps = historyOf(workload, draw, length);
          const wanted = verdictOf(model, named(steps, PLAIN), options);
          const renamed = named(steps, names);
          expect(verdictOf(model, renamed, options)).toEqual(wanted);
          const text = renamed.map((op) => `${opToEdnLine(op)}\n`).join('');
          expect(verdictOf(model, readHistory(text).ops, options)).toEqual(wanted);
          seen.add((wanted as { valid: unknown }).valid);
        },
      ),
      { numRuns: 150 },
    );
    // Both valid and invalid histories occurred.
    expect([...seen]).toEqual(expect.arrayContaining([true, false]));
  });

  it(`is quoted unchanged in its result, with all types (${JSON.stringify(options)})`, () => {
    let quotes = 0;
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 30 }),
        oddNames,
        (stream, length, names) => {
          const draw: Draw = (limit) => (stream.next().value ?? 0) % limit;
          const text = named(historyOf(workload, draw, length), names)
            .map((op) => `${opToEdnLine(op)}\n`)
            .join('');
          const { ops } = readHistory(text);
          const byIndex = new Map(ops.map((op) => [op.index, op]));
          for (const quoted of operationsIn(check(model, ops, options))) {
            quotes++;
            const original = present(byIndex.get(quoted.index));
            expect({ ...quoted, value: null }).toEqual({ ...original, value: null });
            expect(valuesOf(original, ops).map(canonicalJson)).toContain(canonicalJson(quoted.value));
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(quotes > 0).toBe(!QUOTE_NO_OPERATION.has(model));
  });
});

it('a key of kafka that is polled before its send is quoted as in the send', () => {
  const text = [
    '{:index 0 :type :invoke :process 0 :f :poll :value [["poll"]]}',
    '{:index 1 :type :ok :process 0 :f :poll :value [["poll" {"{}" [[0 "a"]]}]]}',
    '{:index 2 :type :invoke :process 1 :f :send :value [["send" {} "b"]]}',
    '{:index 3 :type :ok :process 1 :f :send :value [["send" {} [0 "b"]]]}',
  ].join('\n');
  const quoted = [...operationsIn(check('kafka', readHistory(`${text}\n`).ops, {}))];
  const ofSend = quoted.filter(({ index }) => index === 3).map(({ value }) => canonicalJson(value));
  expect(ofSend).toContain('[["send",{},[0,"b"]]]');
  expect(new Set(ofSend).size).toBe(1);
});

it('a message that is a map with strings for keys is quoted unchanged, in a poll of other keys', () => {
  const text = [
    '{:index 0 :type :invoke :process 0 :f :send :value [[:send :p {"a" [{"b" 1}]}]]}',
    '{:index 1 :type :fail :process 0 :f :send :value [[:send :p {"a" [{"b" 1}]}]]}',
    '{:index 2 :type :invoke :process 1 :f :poll :value [[:poll]]}',
    '{:index 3 :type :ok :process 1 :f :poll :value [[:poll {:p [[0 {"a" [{"b" 1}]}]]}]]}',
  ].join('\n');
  const result = check('kafka', readHistory(`${text}\n`).ops, {});
  expect(result['error-types']).toEqual(['G1a']);
  expect(resultsToEdnText(boundedResult(result), 'kafka')).toContain('[[:poll {:p [[0 {"a" [{"b" 1}]}]]}]]');
});

it('kafka keys with the same text are different if the string was sent first', () => {
  const text = [
    '{:index 0 :type :invoke :process 1 :f :send :value [["send" "{}" "a"]]}',
    '{:index 1 :type :invoke :process 0 :f :poll :value [["poll"]]}',
    '{:index 2 :type :ok :process 0 :f :poll :value [["poll" {"{}" [[0 "a"]]}]]}',
    '{:index 3 :type :ok :process 1 :f :send :value [["send" "{}" [0 "a"]]]}',
    '{:index 4 :type :invoke :process 1 :f :send :value [["send" {} "b"]]}',
    '{:index 5 :type :ok :process 1 :f :send :value [["send" {} [0 "b"]]]}',
  ].join('\n');
  // As a single key it would hold two messages at one offset; what was sent to the other key has not been polled.
  expect(check('kafka', readHistory(`${text}\n`).ops, {})['error-types']).toEqual(['unseen']);
});

it('a string key of kafka that is polled before its send ends is not confused with another key of the same text', () => {
  const text = [
    '{:type :invoke :process 0 :f :send :value [["send" 9 "a"]]}',
    '{:type :ok :process 0 :f :send :value [["send" 9 [0 "a"]]]}',
    '{:type :invoke :process 1 :f :send :value [["send" "9" "b"]]}',
    '{:type :invoke :process 0 :f :poll :value [["poll"]]}',
    '{:type :ok :process 0 :f :poll :value [["poll" {"9" [[0 "b"]]}]]}',
    '{:type :invoke :process 0 :f :assign :value ["9"]}',
    '{:type :ok :process 0 :f :assign :value ["9"]}',
    '{:type :ok :process 1 :f :send :value [["send" "9" [0 "b"]]]}',
    '{:type :invoke :process 0 :f :poll :value [["poll"]]}',
    '{:type :ok :process 0 :f :poll :value [["poll" {9 [[0 "a"]]}]]}',
  ].join('\n');
  expect(check('kafka', readHistory(`${text}\n`).ops, {})['valid?']).toBe(true);
});
