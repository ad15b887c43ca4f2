/**
 * Linearizability by trying every order. An operation that returned takes effect between its invocation and its return,
 * one in doubt at any later time or never, a failed one not at all.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { intervalsOf, mayHaveHappened, type Interval } from './intervals.ts';
import { identity, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';

/** An object's state is a list of value identities, whose meaning depends on the object. */
type State = readonly string[];

export interface ObjectKind {
  readonly initial: State;
  /** What a register holds before the first write, if that was given. */
  readonly begins?: Json;
  /** Returns the states that the operation can lead to. `answered` is undefined if its result is unknown. */
  after(state: State, f: string, asked: Json, answered: Json | undefined): readonly State[];
  /** Chooses an operation at random. `answer` determines its result. */
  draw(dice: Dice, values: readonly Json[]): { readonly f: string; readonly value: Json };
  /** Returns the operation's result in that state; undefined if it fails there. */
  answer(state: State, f: string, asked: Json, valueOf: (identity: string) => Json): Json | undefined;
}

const known = (value: Json): string => identity(value);
const isPair = (value: Json): value is readonly [Json, Json] => Array.isArray(value) && value.length === 2;

const register: ObjectKind = {
  initial: [known(null)],
  after(state, f, asked, answered) {
    if (f === 'write') return [[known(asked)]];
    if (f === 'cas') return isPair(asked) && state[0] === known(asked[0]) ? [[known(asked[1])]] : [];
    // A read of nil says nothing.
    return answered === undefined || answered === null || state[0] === known(answered) ? [state] : [];
  },
  draw: (dice, values) =>
    dice.chance(0.5) ? { f: 'read', value: null } : { f: 'write', value: dice.pick(values) ?? 0 },
  answer: ([value = ''], f, asked, valueOf) => (f === 'read' ? valueOf(value) : asked),
};

/** Returns the register with a given initial value, of which a read of nil says something. */
export const beginningAs = (kind: ObjectKind, begins: Json): ObjectKind => ({
  ...kind,
  begins,
  initial: [known(begins)],
  after: (state, f, asked, answered) =>
    f === 'read' && answered === null && state[0] !== known(null)
      ? []
      : kind.after(state, f, asked, answered),
});

export const OBJECTS = {
  register,
  'cas-register': {
    ...register,
    draw(dice, values) {
      if (dice.chance(0.4)) return register.draw(dice, values);
      return { f: 'cas', value: [dice.pick(values) ?? 0, dice.pick(values) ?? 0] };
    },
    answer: (state, f, asked, valueOf) =>
      f === 'cas' && isPair(asked) && state[0] !== known(asked[0])
        ? undefined
        : register.answer(state, f, asked, valueOf),
  },
  mutex: {
    initial: [],
    after: (state, f) =>
      f === 'acquire' ? (state.length === 0 ? [['held']] : []) : state.length === 0 ? [] : [[]],
    draw: (dice) => ({ f: dice.pick(['acquire', 'release']), value: null }),
    answer: (state, f) => ((f === 'acquire') === (state.length === 0) ? null : undefined),
  },
  'fifo-queue': {
    initial: [],
    after(state, f, asked, answered) {
      if (f === 'enqueue') return [[...state, known(asked)]];
      if (state.length === 0) return [];
      return answered === undefined || state[0] === known(answered) ? [state.slice(1)] : [];
    },
    draw: (dice, values) =>
      dice.chance(0.5) ? { f: 'dequeue', value: null } : { f: 'enqueue', value: dice.pick(values) ?? 0 },
    answer: ([head], f, asked, valueOf) =>
      f === 'enqueue' ? asked : head === undefined ? undefined : valueOf(head),
  },
  'unordered-queue': {
    initial: [],
    after(state, f, asked, answered) {
      if (f === 'enqueue') return [[...state, known(asked)].sort()];
      const taken =
        answered === undefined
          ? [...new Set(state)]
          : state.includes(known(answered))
            ? [known(answered)]
            : [];
      return taken.map((one) => state.toSpliced(state.indexOf(one), 1));
    },
    draw: (dice, values) =>
      dice.chance(0.5) ? { f: 'dequeue', value: null } : { f: 'enqueue', value: dice.pick(values) ?? 0 },
    answer: (state, f, asked, valueOf) =>
      f === 'enqueue' ? asked : state.length === 0 ? undefined : valueOf(state.at(-1) ?? ''),
  },
  kv: {
    initial: [''],
    after([state = ''], f, asked, answered) {
      if (f !== 'get') return [[f === 'put' ? (asked as string) : state + (asked as string)]];
      // Null means that there is no such key, as the empty string does.
      return answered === undefined || (answered ?? '') === state ? [[state]] : [];
    },
    draw: (dice) =>
      dice.chance(0.45)
        ? { f: 'get', value: null }
        : { f: dice.pick(['put', 'append', 'append']), value: dice.pick(['', 'a', 'b', 'ab', 'x 0 1 y']) },
    answer: ([state = ''], f, asked) => (f === 'get' ? state : asked),
  },
  'linearizable-set': {
    initial: [],
    after(state, f, asked, answered) {
      if (f === 'add') return [[...new Set([...state, known(asked)])].sort()];
      if (answered === undefined) return [state];
      // Null means the empty set.
      const read = [...new Set(((answered ?? []) as readonly Json[]).map(known))].sort();
      return read.join() === state.join() ? [state] : [];
    },
    draw: (dice, values) =>
      dice.chance(0.5) ? { f: 'read', value: null } : { f: 'add', value: dice.pick(values) ?? 0 },
    answer: (state, f, asked, valueOf) => (f === 'add' ? asked : state.toReversed().map(valueOf)),
  },
} as const satisfies Readonly<Record<string, ObjectKind>>;

export function isLinearizable(intervals: readonly Interval[], kind: ObjectKind): boolean {
  const left = intervals.filter((one) => one.outcome === 'ok' || mayHaveHappened(one));
  const required = left.reduce((bits, { outcome }, at) => (outcome === 'ok' ? bits | (1 << at) : bits), 0);
  const hopeless = new Set<string>();
  const search = (done: number, state: State): boolean => {
    if ((done & required) === required) return true;
    const name = `${done} ${state.join()}`;
    if (hopeless.has(name)) return false;
    let deadline = Infinity;
    left.forEach(({ returned, outcome }, at) => {
      if ((done & (1 << at)) === 0 && outcome === 'ok') deadline = Math.min(deadline, returned);
    });
    const isDone = left.some(({ f, asked, answered, outcome, invoked }, at) => {
      if ((done & (1 << at)) !== 0 || invoked > deadline) return false;
      const isOk = outcome === 'ok';
      return kind
        .after(state, f, asked, isOk ? answered : undefined)
        .some((next) => search(done | (1 << at), next));
    });
    if (!isDone) hopeless.add(name);
    return isDone;
  };
  return search(0, kind.initial);
}

/** Operations whose completion shows more than that they happened. */
const RETURNING: ReadonlySet<string> = new Set(['read', 'dequeue', 'get']);

export function objectHistory(dice: Dice, kind: ObjectKind): HistoryOp[] {
  // If every value is written once, checkers may use a faster method.
  const unused = dice.chance(0.4) ? oddValues(dice, 8) : undefined;
  const values = unused ?? oddValues(dice, 1 + dice.int(4));
  const byIdentity = new Map([null, kind.begins ?? null, ...values].map((value) => [identity(value), value]));
  const valueOf = (name: string): Json => written(byIdentity.get(name) ?? null, dice);
  const unwritten = [...(unused ?? [])];
  let state = kind.initial;
  const isBroken = dice.chance(0.5);
  const isTerse = dice.chance(0.1);
  const ops = record(dice, {
    operations: 2 + dice.int(6),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.3]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      const drawn = kind.draw(dice, values);
      const isWrite = drawn.f === 'write' || drawn.f === 'enqueue' || drawn.f === 'add';
      const { f, value } =
        unused === undefined
          ? drawn
          : isWrite
            ? { ...drawn, value: unwritten.pop() ?? 0 }
            : drawn.f === 'cas' && dice.chance(0.8)
              ? // Most often from the value that it has.
                { ...drawn, value: [valueOf(state[0] ?? ''), unwritten.pop() ?? 0] }
              : drawn;
      let answer: Json = value;
      const act = (): 'fail' | void => {
        const given = kind.answer(state, f, value, valueOf);
        // Impossible operations fail, unless the object is broken.
        if (given === undefined) return isBroken && dice.chance(0.5) ? undefined : 'fail';
        answer = given;
        state = kind.after(state, f, value, given)[0] ?? state;
      };
      // Some take effect late, and then return what was true earlier.
      return {
        f,
        value: written(value, dice),
        // Acknowledgements may lack a value.
        answer: () => (RETURNING.has(f) || !isTerse || dice.chance(0.5) ? answer : null),
        stages: dice.chance(0.8) ? [act] : [act, () => undefined],
      };
    },
  });
  if (!dice.chance(0.45)) return ops;
  return corrupted(
    ops,
    dice,
    ({ f = '' }) => RETURNING.has(f),
    (value) => {
      if (typeof value === 'string' && kind === OBJECTS.kv)
        return dice.chance(0.5) ? value.slice(1) : [value, 'a'].join('');
      if (Array.isArray(value) && kind === OBJECTS['linearizable-set'])
        return dice.chance(0.5) ? value.slice(1) : [...(value as readonly Json[]), dice.pick(values) ?? 0];
      return written(dice.pick(values) ?? 0, dice);
    },
  );
}

/** Returns the histories of several objects merged into one, each with its own processes and key. */
export function independentHistory(dice: Dice, kind: ObjectKind): HistoryOp[] {
  const keys = oddValues(dice, 1 + dice.int(3));
  const histories = keys.map((key, object) =>
    objectHistory(dice, kind).map((op): HistoryOp => {
      if (typeof op.process !== 'number') return op;
      return {
        ...op,
        process: op.process * keys.length + object,
        value: [written(key, dice), op.value ?? null],
      };
    }),
  );
  const merged: HistoryOp[] = [];
  while (histories.length > 0) {
    const from = dice.int(histories.length);
    const op = histories[from]?.shift();
    if (op === undefined) histories.splice(from, 1);
    else {
      const { index: _index, ...rest } = op;
      merged.push(rest);
    }
  }
  return merged;
}

export function areLinearizable(ops: readonly HistoryOp[], kind: ObjectKind): boolean {
  const byKey = new Map<string, HistoryOp[]>();
  for (const op of ops) {
    if (typeof op.process !== 'number') continue;
    const key = identity((op.value as readonly Json[])[0]);
    byKey.set(key, [...(byKey.get(key) ?? []), op]);
  }
  return [...byKey.values()].every((some) =>
    isLinearizable(
      intervalsOf(some.map((op) => ({ ...op, value: (op.value as readonly Json[])[1] ?? null }))),
      kind,
    ),
  );
}
