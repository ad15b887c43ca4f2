import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { UserError } from '../../protocol/user-error.ts';
import { checkLinearizable } from './linearizable.ts';
import {
  casRegister,
  fifoQueue,
  mutex,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
} from './models.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index * 1000, process, type, f, value }));

describe('a mutex', () => {
  it('held by two processes at once is not linearizable', () => {
    const ops = history([
      [0, 'invoke', 'acquire', null],
      [0, 'ok', 'acquire', null],
      [1, 'invoke', 'acquire', null],
      [1, 'ok', 'acquire', null],
    ]);
    expect(checkLinearizable(mutex, ops)).toMatchObject({
      'valid?': false,
      op: { index: 3 },
      configs: [{ model: true }],
    });
  });

  it('whose release crashed may have been released', () => {
    const ops = history([
      [0, 'invoke', 'acquire', null],
      [0, 'ok', 'acquire', null],
      [0, 'invoke', 'release', null],
      [0, 'info', 'release', null],
      [1, 'invoke', 'acquire', null],
      [1, 'ok', 'acquire', null],
    ]);
    expect(checkLinearizable(mutex, ops)).toEqual({ 'valid?': true });
  });
});

describe('a queue', () => {
  const outOfOrder: Row[] = [
    [0, 'invoke', 'enqueue', 1],
    [0, 'ok', 'enqueue', 1],
    [0, 'invoke', 'enqueue', 2],
    [0, 'ok', 'enqueue', 2],
    [1, 'invoke', 'dequeue', null],
    [1, 'ok', 'dequeue', 2],
  ];
  it('that returns the second element before the first is not a FIFO queue but an unordered one', () => {
    expect(checkLinearizable(fifoQueue, history(outOfOrder))['valid?']).toBe(false);
    expect(checkLinearizable(unorderedQueue, history(outOfOrder))['valid?']).toBe(true);
  });
});

describe('a queue that was found empty', () => {
  const ops = history([
    [0, 'invoke', 'dequeue', null],
    [0, 'ok', 'dequeue', null],
  ]);

  it.each([fifoQueue, unorderedQueue])(
    'has a dequeue that failed; an ok one of nil is explained: $name',
    (model) => {
      expect(checkLinearizable(model, ops)).toMatchObject({
        'valid?': false,
        warnings: ['A dequeue that found the queue empty is of type fail; as ok, nil counts as an element.'],
      });
      const failed = ops.map((op) => (op.type === 'ok' ? { ...op, type: 'fail' as const } : op));
      expect(checkLinearizable(model, failed)).toEqual({ 'valid?': true });
    },
  );

  it('is not confused with an element that is out of order', () => {
    const wrong = checkLinearizable(
      fifoQueue,
      ops.map((op) => (op.type === 'ok' ? { ...op, value: 1 } : op)),
    );
    expect(wrong['valid?']).toBe(false);
    expect(wrong).not.toHaveProperty('warnings');
  });
});

describe('a set', () => {
  it('read without an element whose add had completed is not linearizable, whatever the order of elements', () => {
    const adds: Row[] = [
      [0, 'invoke', 'add', 'b'],
      [0, 'ok', 'add', 'b'],
      [0, 'invoke', 'add', 'a'],
      [0, 'ok', 'add', 'a'],
      [1, 'invoke', 'read', null],
    ];
    expect(checkLinearizable(set, history([...adds, [1, 'ok', 'read', ['b', 'a']]]))['valid?']).toBe(true);
    expect(checkLinearizable(set, history([...adds, [1, 'ok', 'read', ['a']]]))['valid?']).toBe(false);
  });

  it('read as null is read as empty, without the elements added before', () => {
    const read: Row[] = [
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', null],
    ];
    const add: Row[] = [
      [0, 'invoke', 'add', 'a'],
      [0, 'ok', 'add', 'a'],
    ];
    expect(checkLinearizable(set, history([...read, ...add]))['valid?']).toBe(true);
    expect(checkLinearizable(set, history([...add, ...read]))).toMatchObject({
      'valid?': false,
      op: { index: 3 },
    });
  });
});

describe('independent keys', () => {
  const counter: SequentialModel = {
    name: 'counter',
    init: 0,
    isReadOnly: (f) => f === 'read',
    step: (state, f, value) =>
      f === 'add' ? Number(state) + Number(value) : state === value ? state : undefined,
  };
  const right: Row[] = [
    [0, 'invoke', 'add', ['a', 1]],
    [0, 'ok', 'add', ['a', 1]],
    [0, 'invoke', 'read', ['b', null]],
    [0, 'ok', 'read', ['b', 0]],
  ];
  const wrong: Row[] = [
    [1, 'invoke', 'read', ['c', null]],
    [1, 'ok', 'read', ['c', 7]],
  ];

  it('come from pairs, for any kind of model', () => {
    expect(checkLinearizable(counter, history(right), { 'independent?': true })).toEqual({
      'valid?': true,
      results: { a: { 'valid?': true }, b: { 'valid?': true } },
      failures: [],
    });
    expect(checkLinearizable(counter, history([...right, ...wrong]), { 'independent?': true })).toMatchObject(
      {
        'valid?': false,
        results: { a: { 'valid?': true }, c: { 'valid?': false, op: { value: ['c', 7] } } },
        failures: ['c'],
      },
    );
  });

  it('come from a function of the invocation; values stay whole', () => {
    const enqueued = history([
      [0, 'invoke', 'enqueue', 11],
      [0, 'ok', 'enqueue', 11],
      [0, 'invoke', 'enqueue', 12],
      [0, 'ok', 'enqueue', 12],
      [0, 'invoke', 'dequeue', null],
      [0, 'ok', 'dequeue', 12],
    ]).map((op) => ({ ...op, shard: op.value === 11 ? 'odd' : 'even' }));
    expect(checkLinearizable(fifoQueue, enqueued)['valid?']).toBe(false);
    const key = (op: Op): Json => ('shard' in op ? String(op.shard) : null);
    expect(checkLinearizable(fifoQueue, enqueued, { key })).toEqual({
      'valid?': true,
      results: { odd: { 'valid?': true }, even: { 'valid?': true } },
      failures: [],
    });
  });

  it('of an invocation and its completion are equal', () => {
    const moved = history([
      [0, 'invoke', 'add', ['a', 1]],
      [0, 'ok', 'add', ['b', 1]],
    ]);
    expect(checkLinearizable(counter, moved, { 'independent?': true })).toMatchObject({
      'valid?': 'unknown',
      error: expect.stringContaining('invoked add on key "a" and completed it on key "b"'),
    });
  });

  it('that are hard are skipped if another one is invalid, and checked if none is', () => {
    // Each of these operations may come before or after any other, and nothing settles their order.
    const hard = (key: string, lie: boolean): Row[] => [
      ...Array.from({ length: 12 }, (_, i): Row => [i, 'invoke', 'push', [key, i]]),
      [20, 'invoke', 'depth', [key, null]],
      [20, 'ok', 'depth', [key, lie ? 13 : 12]],
      ...Array.from({ length: 12 }, (_, i): Row => [i, 'ok', 'push', [key, i]]),
    ];
    const stack: SequentialModel = {
      name: 'stack',
      init: [],
      step: (state, f, value) => {
        const items = state as readonly Json[];
        return f === 'push' ? [...items, value] : items.length === value ? state : undefined;
      },
    };
    const options = { 'independent?': true };
    const easyLie = history([
      ...hard('hard', true),
      [30, 'invoke', 'depth', ['easy', null]],
      [30, 'ok', 'depth', ['easy', 1]],
    ]);
    const result = checkLinearizable(stack, easyLie, options);
    expect(result).toMatchObject({
      'valid?': false,
      failures: ['easy'],
      results: { hard: { 'valid?': 'unknown', error: expect.stringContaining('another key is invalid') } },
    });
    expect(checkLinearizable(stack, history(hard('hard', false)), options)['valid?']).toBe(true);
  });
});

describe('a model without a finite search', () => {
  it('is given up when the budget is exhausted, with its progress', () => {
    const pushes: Row[] = Array.from({ length: 14 }, (_, i): Row => [i, 'invoke', 'push', i]);
    const ops = history([...pushes, [20, 'invoke', 'depth', null], [20, 'ok', 'depth', 15]]);
    const list: SequentialModel = {
      name: 'list',
      init: [],
      step: (state, f, value) => {
        const items = state as readonly Json[];
        return f === 'push' ? [...items, value] : items.length === value ? state : undefined;
      },
    };
    expect(checkLinearizable(list, ops, {}, { exhausted: () => true })).toMatchObject({
      'valid?': 'unknown',
      error: expect.stringContaining('gave up after 15 of 16 events'),
    });
  });
});

describe('a completion that only acknowledges', () => {
  it.each([
    ['fifo-queue', fifoQueue, 'enqueue', 'dequeue', 7],
    ['unordered-queue', unorderedQueue, 'enqueue', 'dequeue', 7],
    ['linearizable-set', set, 'add', 'read', [7]],
    ['register', register, 'write', 'read', 7],
    ['cas-register', casRegister, 'write', 'read', 7],
  ] as const)('of %s stands for the requested value', (_, model, write, read, shown) => {
    const done = (seen: Json): Op[] =>
      history([
        [0, 'invoke', write, 7],
        [0, 'ok', write, null],
        [1, 'invoke', read, null],
        [1, 'ok', read, seen],
      ]);
    expect(checkLinearizable(model, done(shown))['valid?']).toBe(true);
    expect(checkLinearizable(model, done(model === set ? [null] : 8))['valid?']).toBe(false);
  });
});

describe('a custom model', () => {
  const push = history([
    [0, 'invoke', 'push', [1]],
    [0, 'ok', 'push', [1]],
    [0, 'invoke', 'depth', null],
    [0, 'ok', 'depth', 1],
  ]);
  const given = (model: Record<string, unknown>): unknown =>
    checkLinearizable({ name: 'stack', init: [], ...model } as unknown as SequentialModel, push); // as from JavaScript

  it.each<[what: string, model: Record<string, unknown>, error: RegExp]>([
    ['a Map', { init: new Map(), step: (state: unknown) => state }, /stack .* init is an object of Map/],
    ['a Set within', { step: () => ({ a: [new Set()] }) }, /whose a is an array that holds an object of Set/],
    ['a promise', { step: async () => [] }, /step returned an object of Promise/],
    ['a hole', { step: () => Array(1) }, /an array that holds undefined/],
    ['not a number', { step: () => ({ n: Number.NaN }) }, /whose n is NaN/],
    ['a function', { step: () => () => 0 }, /step returned a function/],
    ['missing', { init: undefined, step: () => 0 }, /init undefined and step a function/],
  ])('whose state is %s is refused, because such states could not be distinguished', (_, model, error) => {
    expect(() => given(model)).toThrow(UserError);
    expect(() => given(model)).toThrow(error);
  });

  it('whose afterCrash does not return a list of states is refused', () => {
    const crashed = history([
      [0, 'invoke', 'push', 1],
      [1, 'invoke', 'depth', null],
      [1, 'ok', 'depth', 1],
    ]);
    const step = (_: Json, f: string): Json | undefined => (f === 'push' ? 1 : undefined);
    const model = { name: 'stack', init: 0, step, afterCrash: () => 0 } as unknown as SequentialModel; // as from JavaScript
    expect(() => checkLinearizable(model, crashed)).toThrow(/afterCrash that returned 0; expected a list/);
  });

  it('that changes its state throws, and its input stays unchanged', () => {
    const steps = {
      state: (state: Json[], _: string, value: Json) => (state.push(value), state),
      value: (state: Json[], _: string, value: Json[]) => (value?.push(1), state),
    };
    for (const step of Object.values(steps)) expect(() => given({ step })).toThrow(TypeError);
    expect(
      given({ step: (state: Json[], f: string, v: Json) => (f === 'push' ? [...state, v] : state) }),
    ).toEqual({
      'valid?': true,
    });
    expect(push[0]?.value).toEqual([1]);
    expect(Object.isFrozen(push[0]?.value)).toBe(false);
  });

  it('that wrongly declares an operation read-only is refused', () => {
    const step = (state: Json[], f: string): Json => (f === 'push' ? [...state, 1] : state);
    expect(() => given({ step, isReadOnly: () => true })).toThrow(
      /push never changes a state, but its step made/,
    );
  });
});
