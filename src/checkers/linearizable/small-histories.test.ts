/**
 * Compares every object model, and every way to check it, with trying all orders: small histories with crashes, valid
 * ones and ones with a lie. The oracle knows nothing of the models; it has its own rules.
 */
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import { compareJson, type Json } from '../../protocol/json.ts';
import { Random } from '../../world/random.ts';
import type { CheckResult } from '../checker.ts';
import { CasRegisterChecker } from './cas-register.ts';
import { checkLinearizable } from './linearizable.ts';
import { fifoQueue, mutex, register, set, unorderedQueue, type SequentialModel } from './models.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 2000);

interface Step {
  readonly f: string;
  readonly value: Json;
}

/** The oracle's rules of an object. */
interface Rules {
  readonly init: readonly Json[];
  /**
   * Returns all states that an operation may lead to. `crashed`: its completion is unknown, and the value is the
   * invocation's.
   */
  after(state: readonly Json[], step: Step, crashed: boolean): readonly (readonly Json[])[];
  /** Returns an operation to invoke. */
  ask(random: Random, next: () => number): Step;
  answer(state: readonly Json[], asked: Step): Step | undefined;
  /** Returns a false answer. */
  lie(random: Random, answer: Step): Step;
}

const same = (a: Json, b: Json): boolean => compareJson(a, b) === 0;
const without = (items: readonly Json[], at: number): readonly Json[] => items.filter((_, i) => i !== at);
const sorted = (items: readonly Json[]): readonly Json[] => [...items].sort(compareJson);

const REGISTER: Rules = {
  init: [null],
  after([value = null], { f, value: argument }, crashed) {
    if (f === 'write') return [[argument]];
    if (f === 'read') return crashed || argument === null || same(argument, value) ? [[value]] : [];
    const [from, to] = argument as readonly [Json, Json];
    return same(from, value) ? [[to]] : [];
  },
  ask: (random, next) => (random.boolean() ? { f: 'read', value: null } : { f: 'write', value: next() }),
  answer: ([value = null], asked) => (asked.f === 'read' ? { f: 'read', value } : asked),
  lie: (random, answer) => (answer.f === 'read' ? { f: 'read', value: random.int(4) } : answer),
};

const CAS_REGISTER: Rules = {
  ...REGISTER,
  ask: (random, next) =>
    random.int(3) === 0 ? { f: 'cas', value: [random.int(3), next()] } : REGISTER.ask(random, next),
  answer: (state, asked) =>
    asked.f !== 'cas' || same((asked.value as readonly Json[])[0] ?? null, state[0] ?? null)
      ? REGISTER.answer(state, asked)
      : undefined,
};

const MUTEX: Rules = {
  init: [],
  after: (held, { f }) =>
    f === 'acquire' ? (held.length === 0 ? [['held']] : []) : held.length === 1 ? [[]] : [],
  ask: (random) => ({ f: random.boolean() ? 'acquire' : 'release', value: null }),
  answer: (held, asked) => ((asked.f === 'acquire') === (held.length === 0) ? asked : undefined),
  lie: (_, answer) => ({ f: answer.f, value: null }),
};

const FIFO: Rules = {
  init: [],
  after(items, { f, value }, crashed) {
    if (f === 'enqueue') return [[...items, value]];
    const [head] = items;
    return head !== undefined && (crashed || same(head, value)) ? [items.slice(1)] : [];
  },
  ask: (random, next) => (random.boolean() ? { f: 'enqueue', value: next() } : { f: 'dequeue', value: null }),
  answer(items, asked) {
    if (asked.f === 'enqueue') return asked;
    const [head] = items;
    return head === undefined ? undefined : { f: 'dequeue', value: head };
  },
  lie: (random, answer) => (answer.f === 'dequeue' ? { f: 'dequeue', value: random.int(4) } : answer),
};

const UNORDERED: Rules = {
  ...FIFO,
  after(items, { f, value }, crashed) {
    if (f === 'enqueue') return [sorted([...items, value])];
    return items.flatMap((item, at) => (crashed || same(item, value) ? [without(items, at)] : []));
  },
  answer(items, asked) {
    if (asked.f === 'enqueue') return asked;
    const last = items.at(-1);
    return last === undefined ? undefined : { f: 'dequeue', value: last };
  },
};

const SET: Rules = {
  init: [],
  after(items, { f, value }, crashed) {
    if (f === 'add') return [items.some((item) => same(item, value)) ? items : sorted([...items, value])];
    if (crashed || value === null) return [items];
    return same(sorted(value as readonly Json[]), items) ? [items] : [];
  },
  ask: (random, next) => (random.boolean() ? { f: 'add', value: next() } : { f: 'read', value: null }),
  answer: (items, asked) => (asked.f === 'add' ? asked : { f: 'read', value: items.toReversed() }),
  lie: (random, answer) => (answer.f === 'read' ? { f: 'read', value: [random.int(4)] } : answer),
};

/** Sums modulo 4: many paths lead to one state, so what was used on the path matters. */
const SUM: Rules = {
  init: [0],
  after([sum = 0], { f, value }, crashed) {
    if (f === 'add') return [[(Number(sum) + Number(value)) % 4]];
    return crashed || same(value, sum) ? [[sum]] : [];
  },
  ask: (random) =>
    random.int(3) === 0 ? { f: 'read', value: null } : { f: 'add', value: 1 + random.int(3) },
  answer: ([sum = 0], asked) => (asked.f === 'read' ? { f: 'read', value: sum } : asked),
  lie: (random, answer) => (answer.f === 'read' ? { f: 'read', value: random.int(4) } : answer),
};

const sum: SequentialModel = {
  name: 'sum',
  init: 0,
  isReadOnly: (f) => f === 'read',
  step: (state, f, value) => {
    if (f === 'add') return (Number(state) + Number(value)) % 4;
    return value === state ? state : undefined;
  },
};

/** An operation of a plan: places of its invocation and completion among all events. */
interface Interval {
  readonly asked: Step;
  readonly answer: Step | undefined;
  readonly fails: boolean;
  readonly begins: number;
  readonly ends: number;
}

/**
 * Returns operations that take effect one by one on one object, between their invocations and completions, possibly
 * with a lie.
 */
function plan(rules: Rules, random: Random, distinct: boolean): readonly Interval[] {
  const count = 3 + random.int(5);
  let last = 0;
  const next = (): number => (distinct ? last++ : random.int(2));
  const longest = 1 + random.int(12);
  const crashes = random.int(3);
  const begun = Array.from({ length: count }, () => {
    const begins = random.float() * 16;
    return {
      begins,
      ends: begins + random.float() * longest,
      asked: rules.ask(random, next),
      effect: random.float(),
    };
  }).sort((a, b) => a.begins + (a.ends - a.begins) * a.effect - (b.begins + (b.ends - b.begins) * b.effect));
  const liar = random.int(2 * count);
  let state = rules.init;
  return begun.map(({ begins, ends, asked }, i) => {
    const crashed = random.int(6) < crashes;
    const answer = rules.answer(state, asked);
    const isLost = crashed && random.boolean();
    if (answer !== undefined && !isLost) {
      const outcomes = rules.after(state, crashed ? asked : answer, crashed);
      state = outcomes[random.int(Math.max(1, outcomes.length))] ?? state;
    }
    const says =
      answer === undefined
        ? i === liar
          ? asked
          : undefined
        : i === liar
          ? rules.lie(random, answer)
          : answer;
    return { asked, answer: crashed ? undefined : says, fails: !crashed && says === undefined, begins, ends };
  });
}

function eventsOf(
  intervals: readonly Interval[],
): readonly { readonly at: number; readonly process: number; readonly ends: boolean }[] {
  return intervals
    .flatMap(({ begins, ends }, process) => [
      { at: begins, process, ends: false },
      { at: ends, process, ends: true },
    ])
    .sort((a, b) => a.at - b.at);
}

/** Uses places in the plan as processes. A crashed operation ends in info or never. */
function historyOf(intervals: readonly Interval[]): Op[] {
  return eventsOf(intervals)
    .flatMap(({ process, ends }): Omit<Op, 'index' | 'time'>[] => {
      const { asked, answer, fails } = intervals[process] as Interval;
      if (!ends) return [{ type: 'invoke', process, ...asked }];
      if (answer !== undefined) return [{ type: 'ok', process, ...answer }];
      if (fails) return [{ type: 'fail', process, ...asked }];
      return process % 2 === 0 ? [] : [{ type: 'info', process, ...asked }];
    })
    .map((op, index) => ({ index, time: index, ...op }));
}

interface Candidate {
  readonly step: Step;
  readonly crashed: boolean;
  readonly begins: number;
  /** Infinity for an operation that need not have happened. */
  readonly ends: number;
}

/** Whether some order of all completed operations and any of the others is possible. */
function isPossible(rules: Rules, state: readonly Json[], left: readonly Candidate[]): boolean {
  const deadline = Math.min(Infinity, ...left.map(({ ends }) => ends));
  if (deadline === Infinity) return true;
  return left.some(
    (one) =>
      one.begins < deadline &&
      rules.after(state, one.step, one.crashed).some((after) =>
        isPossible(
          rules,
          after,
          left.filter((other) => other !== one),
        ),
      ),
  );
}

/** Returns the process at whose completion the history so far becomes impossible. */
function firstImpossible(rules: Rules, intervals: readonly Interval[]): number | undefined {
  const events = eventsOf(intervals);
  return events.find(({ ends, at, process }) => {
    if (!ends || intervals[process]?.answer === undefined) return false;
    const soFar = intervals.flatMap((interval): Candidate[] => {
      if (interval.fails || interval.begins > at) return [];
      const { asked, answer, begins } = interval;
      return [
        {
          step: answer ?? asked,
          crashed: answer === undefined,
          begins,
          ends: answer !== undefined && interval.ends <= at ? interval.ends : Infinity,
        },
      ];
    });
    return !isPossible(rules, rules.init, soFar);
  })?.process;
}

const judgedBy =
  (model: SequentialModel) =>
  (ops: readonly Op[]): CheckResult =>
    checkLinearizable(model, ops);
/** Wraps a built-in model as a custom one, so that the general search checks it. */
const asAnyModel = (model: SequentialModel) => judgedBy({ ...model });

function judgeCasRegister(ops: readonly Op[]): CheckResult {
  const checker = new CasRegisterChecker();
  for (const op of ops) checker.observe(op);
  return checker.result();
}

describe.each<readonly [name: string, rules: Rules, judge: (ops: readonly Op[]) => CheckResult]>([
  ['register', REGISTER, judgedBy(register)],
  ['register, as any model', REGISTER, asAnyModel(register)],
  ['cas-register', CAS_REGISTER, judgeCasRegister],
  ['cas-register without a cas', REGISTER, judgeCasRegister],
  ['mutex', MUTEX, judgedBy(mutex)],
  ['fifo-queue', FIFO, judgedBy(fifoQueue)],
  ['fifo-queue, as any model', FIFO, asAnyModel(fifoQueue)],
  ['unordered-queue', UNORDERED, judgedBy(unorderedQueue)],
  ['unordered-queue, as any model', UNORDERED, asAnyModel(unorderedQueue)],
  ['set', SET, judgedBy(set)],
  ['sums', SUM, judgedBy(sum)],
])('%s', (name, rules, judge) => {
  it.each([false, true])(
    'fails at the operation after which no order is left (distinct values: %s)',
    (distinct) => {
      const verdicts = { right: 0, wrong: 0 };
      for (let n = 0; n < HISTORIES; n++) {
        const intervals = plan(rules, Random.fromSeed(`${name}/${distinct}/${n}`), distinct);
        const expected = firstImpossible(rules, intervals);
        verdicts[expected === undefined ? 'right' : 'wrong']++;
        const result = judge(historyOf(intervals));
        const failed = result['valid?'] === true ? undefined : (result['op'] as Op).process;
        if (failed !== expected)
          expect({
            n,
            history: historyOf(intervals).map(({ type, process, f, value }) => [type, process, f, value]),
            failed,
          }).toEqual({ failed: expected });
      }
      expect(Math.min(verdicts.right, verdicts.wrong)).toBeGreaterThan(HISTORIES / 50);
    },
  );
});
