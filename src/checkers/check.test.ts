/** The entry point: models by name, defaults, and refused input. What the models find is tested with each of them. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, type Json } from '../protocol/json.ts';
import type { Op } from '../history/op.ts';
import {
  check,
  checkerFor,
  checkListAppend,
  explain,
  guessModel,
  MODEL_NAMES,
  UserError,
  within,
  type CheckResult,
  type HistoryOp,
  type ModelName,
  type SequentialModel,
} from './index.ts';

/** Returns operations one after the other, each with its invocation. */
function sequence(...steps: readonly (readonly [f: string, asked: Op['value'], seen?: Op['value']])[]): Op[] {
  return steps.flatMap(([f, asked, seen = asked], n): Op[] => [
    { index: 2 * n, time: n * 1000, type: 'invoke', process: 0, f, value: asked },
    { index: 2 * n + 1, time: n * 1000 + 500, type: 'ok', process: 0, f, value: seen },
  ]);
}

const LOST_APPEND = sequence(
  ['txn', [['append', 'x', 1]]],
  ['txn', [['r', 'x', null]], [['r', 'x', []]]],
  ['txn', [['r', 'x', null]], [['r', 'x', [1]]]],
);

const HISTORIES: readonly (readonly [ModelName, readonly Op[], readonly Op[]])[] = [
  [
    'list-append',
    sequence(['txn', [['append', 1, 1]]], ['txn', [['r', 1, null]], [['r', 1, [1]]]]),
    sequence(['txn', [['append', 1, 1]]], ['txn', [['r', 1, null]], [['r', 1, [2]]]]),
  ],
  [
    'rw-register',
    sequence(['txn', [['w', 1, 1]]], ['txn', [['r', 1, null]], [['r', 1, 1]]]),
    sequence(['txn', [['w', 1, 1]]], ['txn', [['r', 1, null]], [['r', 1, null]]]),
  ],
  [
    'cas-register',
    sequence(['write', 1], ['cas', [1, 2]], ['read', null, 2]),
    sequence(['write', 1], ['read', null, 2]),
  ],
  ['set-full', sequence(['add', 1], ['read', null, [1]]), sequence(['add', 1], ['read', null, []])],
  [
    'kafka',
    sequence(
      ['send', [['send', 'k', 1]], [['send', 'k', [0, 1]]]],
      ['poll', [['poll']], [['poll', { k: [[0, 1]] }]]],
    ),
    sequence(
      ['send', [['send', 'k', 1]], [['send', 'k', [0, 1]]]],
      ['poll', [['poll']], [['poll', { k: [[0, 2]] }]]],
    ),
  ],
  [
    'pn-counter',
    final(sequence(['add', 1], ['read', null, 1])),
    final(sequence(['add', 1], ['read', null, 2])),
  ],
  [
    'g-counter',
    final(sequence(['add', 1], ['read', null, 1])),
    final(sequence(['add', 1], ['read', null, 2])),
  ],
  ['counter', sequence(['add', 1], ['read', null, 1]), sequence(['add', 1], ['read', null, 0])],
  [
    'unique-ids',
    sequence(['generate', null, 1], ['generate', null, 2]),
    sequence(['generate', null, 1], ['generate', null, 1]),
  ],
  ['echo', sequence(['echo', 'a', { echo: 'a' }]), sequence(['echo', 'a', { echo: 'b' }])],
  [
    'stats',
    sequence(['read', null]),
    sequence(['read', null]).map((op) => (op.type === 'ok' ? { ...op, type: 'fail' } : op)),
  ],
  ['mutex', sequence(['acquire', null], ['release', null]), sequence(['acquire', null], ['acquire', null])],
  ['register', sequence(['write', 1], ['read', null, 1]), sequence(['write', 1], ['read', null, 2])],
  [
    'kv',
    sequence(['put', ['x', 'a']], ['append', ['x', 'b']], ['get', ['x', null], ['x', 'ab']]),
    sequence(['put', ['x', 'a']], ['append', ['x', 'b']], ['get', ['x', null], ['x', 'b']]),
  ],
  [
    'fifo-queue',
    sequence(['enqueue', 1], ['enqueue', 2], ['dequeue', null, 1]),
    sequence(['enqueue', 1], ['enqueue', 2], ['dequeue', null, 2]),
  ],
  [
    'unordered-queue',
    sequence(['enqueue', 1], ['enqueue', 2], ['dequeue', null, 2]),
    sequence(['enqueue', 1], ['dequeue', null, 2]),
  ],
  [
    'total-queue',
    sequence(['enqueue', 1], ['enqueue', 2], ['dequeue', null, 2], ['drain', null, [1]]),
    sequence(['enqueue', 1], ['enqueue', 2], ['dequeue', null, 2], ['drain', null, []]),
  ],
  ['set', sequence(['add', 1], ['read', null, [1]]), sequence(['add', 1], ['read', null, []])],
  ['linearizable-set', sequence(['add', 1], ['read', null, [1]]), sequence(['add', 1], ['read', null, []])],
  [
    'bank',
    sequence(['transfer', { from: 'a', to: 'b', amount: 1 }], ['read', null, { a: 1, b: 2 }]),
    sequence(['read', null, { a: 1, b: 2 }], ['transfer', null], ['read', null, { a: 1, b: 1 }]),
  ],
  [
    'long-fork',
    sequence(['read', pair(null, null), pair(1, null)], ['read', pair(null, null), pair(1, 1)]),
    sequence(['read', pair(null, null), pair(1, null)], ['read', pair(null, null), pair(null, 1)]),
  ],
  [
    'comments',
    sequence(['write', 1], ['write', 2], ['read', null, [1]]),
    sequence(['write', 1], ['write', 2], ['read', null, [2]]),
  ],
  ['sequential', sequence(['read', 7, [7, [null, '7_0']]]), sequence(['read', 7, [7, ['7_1', null]]])],
];

it('accepts the mark on final reads as Jepsen writes it', () => {
  const read = { type: 'ok', process: 0, f: 'read', value: 1, index: 3, time: 3, 'final?': true } as const;
  const ops: readonly HistoryOp[] = [
    { type: 'invoke', process: 0, f: 'add', value: 1 },
    { type: 'ok', process: 0, f: 'add', value: 1 },
    { ...read, type: 'invoke', value: null },
    read,
  ];
  expect(check('pn-counter', ops)['valid?']).toBe(true);
  expect(check('pn-counter', [...ops.slice(0, 3), { ...read, value: 2 }])['valid?']).toBe(false);
});
function pair(x: Json, y: Json): Json {
  return [
    ['r', 'x', x],
    ['r', 'y', y],
  ];
}

function final(ops: readonly Op[]): readonly Op[] {
  return ops.map((op) => (op.f === 'read' ? { ...op, final: true } : op));
}

describe('every model', () => {
  it('has a history of each kind in these tests', () => {
    expect(HISTORIES.map(([name]) => name)).toEqual(MODEL_NAMES);
  });

  it.each(HISTORIES)('%s distinguishes an invalid history from a valid one', (model, right, wrong) => {
    expect(check(model, right)['valid?']).toBe(true);
    expect(check(model, wrong)['valid?']).toBe(false);
  });

  it.each(HISTORIES.filter(([model]) => model !== 'counter'))(
    '%s describes in words what is wrong',
    (model, right, wrong) => {
      expect(explain(model, check(model, wrong))).toMatch(/\w.*\.$/s);
      expect(explain(model, check(model, right))).toBeUndefined();
    },
  );

  it.each(HISTORIES)('%s gives the same result as a stream', (model, _, wrong) => {
    const checker = checkerFor(model);
    for (const op of wrong) checker.observe(op);
    expect(checker.result()).toEqual(check(model, wrong));
  });
});

describe('check', () => {
  it('takes a model of your own', () => {
    const even = {
      name: 'even',
      init: 0,
      step: (state: unknown, _: string, value: unknown) =>
        Number(value) % 2 === 0 ? Number(state) + Number(value) : undefined,
    };
    expect(check(even, sequence(['add', 2], ['add', 4]))['valid?']).toBe(true);
    expect(check(even, sequence(['add', 2], ['add', 3]))).toMatchObject({
      'valid?': false,
      op: { index: 3 },
    });
  });

  it('passes the options on', () => {
    expect(check('list-append', LOST_APPEND)).toMatchObject({
      'valid?': false,
      'anomaly-types': ['G-single-item-realtime'],
    });
    expect(check('list-append', LOST_APPEND, { 'consistency-models': ['serializable'] })['valid?']).toBe(
      true,
    );
    expect(
      check('list-append', LOST_APPEND, { 'consistency-models': null, anomalies: ['G1a'] })['valid?'],
    ).toBe(true);
    const pairs = sequence(['write', ['a', 1]], ['read', ['a', null], ['a', 2]], ['write', ['b', 1]]);
    expect(check('cas-register', pairs, { 'independent?': true })).toMatchObject({
      'valid?': false,
      failures: ['a'],
    });
  });

  it('needs no f in transactions, and shows them as given', () => {
    const bare = LOST_APPEND.map(({ index, time, type, process, value }) => ({
      index,
      time,
      type,
      process,
      value,
    }));
    expect(check('list-append', bare)).toEqual(checkListAppend(bare));
    expect(JSON.stringify(check('list-append', bare))).not.toContain('"f"');
  });

  it('fills in index and time', () => {
    const bare = LOST_APPEND.map(({ type, process, f, value }): HistoryOp => ({ type, process, f, value }));
    const counted = bare.map((op, index) => ({ ...op, index, time: 0, value: op.value ?? null }));
    expect(check('list-append', bare)).toEqual(check('list-append', counted));
  });

  describe('integers written as floats', () => {
    const float = (text: string): Json => new JsonNumber(text);
    const asked = (f: string, value: Json): HistoryOp => ({ type: 'invoke', process: 0, f, value });
    const done = (f: string, value: Json): HistoryOp => ({ type: 'ok', process: 0, f, value, final: true });
    const add: readonly HistoryOp[] = [asked('add', float('3.0')), done('add', float('3.0'))];
    const read = (value: Json): readonly HistoryOp[] => [...add, asked('read', null), done('read', value)];

    it.each(['pn-counter', 'g-counter', 'counter'] as const)('are added up by %s', (model) => {
      for (const three of ['3.0', '3e0', '0.3e1', '300e-2']) {
        expect(check(model, read(float(three)))['valid?']).toBe(true);
      }
      for (const other of ['4.0', '3.5', '3e9', '1e400', '1e99999999999', '-3.0']) {
        expect(check(model, read(float(other)))['valid?']).toBe(false);
      }
      const endless = check(model, [
        asked('add', float('1e99999999999')),
        done('add', float('1e99999999999')),
      ]);
      expect(endless['valid?']).toBe('unknown');
    });

    it('are balances and offsets', () => {
      const balances = (a: string, b: string): readonly HistoryOp[] => [
        asked('read', null),
        done('read', { a: float(a), b: float(b) }),
      ];
      expect(check('bank', [...balances('3.0', '4.0'), ...balances('2.0', '5.0')])['valid?']).toBe(true);
      expect(check('bank', [...balances('3.0', '4.0'), ...balances('2.0', '6.0')])['valid?']).toBe(false);
      const log = (sent: Json, polled: Json): readonly HistoryOp[] => [
        asked('send', [['send', 'k', 7]]),
        done('send', [['send', 'k', [sent, 7]]]),
        asked('poll', [['poll']]),
        done('poll', [['poll', { k: [[polled, 7]] }]]),
      ];
      expect(check('kafka', log(float('5.0'), 5))['valid?']).toBe(true);
      expect(check('kafka', log(float('5.0'), float('6.0')))['error-types']).toEqual(['duplicate']);
      expect(check('kafka', log(float('5.5'), 5))['valid?']).toBe('unknown');
    });
  });

  it('distinguishes processes that differ beyond 32 bits, such as thread numbers, and names them in full', () => {
    const [one, other] = [0x7f00_0000_0001, 0x7f01_0000_0001];
    const send = (value: number): HistoryOp[] => [
      { type: 'invoke', process: 0, f: 'send', value: [['send', 'k', value]] },
      { type: 'ok', process: 0, f: 'send', value: [['send', 'k', [value, value]]] },
    ];
    const poll = (process: number, ...values: readonly number[]): HistoryOp[] => [
      { type: 'invoke', process, f: 'poll', value: [['poll']] },
      { type: 'ok', process, f: 'poll', value: [['poll', { k: values.map((value) => [value, value]) }]] },
    ];
    const sends = [...send(0), ...send(1)];
    expect(check('kafka', [...sends, ...poll(one, 0, 1), ...poll(other, 0)])['valid?']).toBe(true);
    const again = check('kafka', [...sends, ...poll(one, 0, 1), ...poll(one, 0)]);
    expect(again['error-types']).toEqual(['nonmonotonic-poll']);
    expect(JSON.stringify(again)).toContain(`"process":${one}`);
    const stale = [...LOST_APPEND].map((op): HistoryOp => ({ ...op, process: one + Number(op.process) }));
    expect(check('list-append', stale)['anomaly-types']).toEqual(
      check('list-append', LOST_APPEND)['anomaly-types'],
    );
    const wrong: HistoryOp[] = [
      { type: 'invoke', process: other, f: 'read', value: null },
      { type: 'ok', process: other, f: 'read', value: 1 },
    ];
    expect(check('register', wrong)).toMatchObject({ 'valid?': false, op: { process: other } });
  });

  it('treats a process that is not an integer as no client', () => {
    const ops: HistoryOp[] = [
      { type: 'invoke', process: 'operator', f: 'add', value: 1 },
      ...sequence(['read', null, []]),
    ];
    expect(check('set-full', ops)['attempt-count']).toBe(0);
  });

  it('refuses a cas that completes as ok with false, and says what to write instead', () => {
    const result = check('cas-register', [
      { type: 'invoke', process: 0, f: 'cas', value: [1, 2] },
      { type: 'ok', process: 0, f: 'cas', value: false },
    ]);
    expect(result).toMatchObject({
      'valid?': 'unknown',
      error: expect.stringMatching(
        /completes cas \[1,2\] with false; .*if it did not happen its type is fail/,
      ) as unknown,
    });
  });

  it('refuses an acquire that completes as ok with false: it did not happen', () => {
    const tried: HistoryOp[] = [
      { type: 'invoke', process: 0, f: 'acquire' },
      { type: 'ok', process: 0, f: 'acquire', value: false },
    ];
    expect(check('mutex', tried)).toMatchObject({
      'valid?': 'unknown',
      error: expect.stringContaining('completes acquire as ok with false; one that did not') as unknown,
    });
    expect(
      check('mutex', [
        { ...tried[0], type: 'invoke' },
        { ...tried[1], type: 'ok', value: true },
      ])['valid?'],
    ).toBe(true);
  });

  it('warns of a lock released by a process that had not acquired it, which mutex allows', () => {
    const lock = (
      ...rows: readonly (readonly [process: number, f: string, type?: 'ok' | 'info', key?: string])[]
    ): HistoryOp[] =>
      rows.flatMap(([process, f, type = 'ok', key]): HistoryOp[] => {
        const value = key === undefined ? null : [key, null];
        return [
          { type: 'invoke', process, f, value },
          { type, process, f, value },
        ];
      });
    const warnings = (ops: HistoryOp[], options = {}): unknown => check('mutex', ops, options)['warnings'];
    expect(warnings(lock([0, 'acquire'], [1, 'release'], [0, 'acquire'], [0, 'release']))).toEqual([
      '1 release was by a process that had not acquired the lock, first that of process 1 (index 3). ' +
        "The model mutex, like Knossos', does not check who releases a lock.",
    ]);
    expect(
      warnings(lock([0, 'acquire'], [0, 'release'], [1, 'acquire', 'info'], [1, 'release'])),
    ).toBeUndefined();
    // The first release may not have taken effect.
    expect(warnings(lock([0, 'acquire'], [0, 'release', 'info'], [0, 'release']))).toBeUndefined();
    const keyed = lock(
      [0, 'acquire', 'ok', 'a'],
      [0, 'acquire', 'ok', 'b'],
      [0, 'release', 'ok', 'b'],
      [1, 'release', 'ok', 'a'],
    );
    expect(warnings(keyed, { 'independent?': true })).toHaveLength(1);
  });

  it('treats operations without processes as sequential', () => {
    const write: HistoryOp = { type: 'ok', f: 'write', value: 1 };
    const read = (value: number): HistoryOp => ({ type: 'ok', f: 'read', value });
    expect(check('register', [write, read(1)])['valid?']).toBe(true);
    expect(check('register', [write, read(2)])['valid?']).toBe(false);
    expect(check('list-append', [txnOk(['append', 'x', 1]), txnOk(['r', 'x', []])])['valid?']).toBe(false);
    expect(check('register', [{ ...write, process: 3, index: 0, time: 0 }, read(1)])).toMatchObject({
      error:
        'The history is malformed: operation 1: `process` is missing, but operations before have one; expected it on all, or on none.',
    });
  });

  it('returns unknown for an invalid history, and names the operation', () => {
    const twice: HistoryOp[] = [
      { type: 'invoke', process: 0, f: 'read', value: null },
      { type: 'invoke', process: 0, f: 'read', value: null },
    ];
    expect(check('cas-register', twice)).toEqual({
      'valid?': 'unknown',
      error:
        'The history is malformed: process 0 invoked read (index 1) while its previous operation was still open.',
    });
    // What is wrong with it is exactly what the types forbid.
    const noType = [{ process: 0, f: 'read' }] as unknown as HistoryOp[];
    expect(check('stats', noType)).toMatchObject({
      'valid?': 'unknown',
      error:
        'The history is malformed: operation 0 has the type undefined; expected invoke, ok, fail or info.',
    });
    expect(check('list-append', sequence(['txn', [['incr', 1, 1]]]))).toMatchObject({
      'valid?': 'unknown',
      error: { type: 'unexpected-txn-micro-op-types', 'op-index': 1 },
    });
  });
});

// At run time, names come from users and files, so they are strings.
const checkAny = check as unknown as (
  model: string,
  ops: readonly Op[],
  options?: Record<string, unknown>,
) => unknown;

/** Replaces a field of a history, or part of a value, with junk. */
function damaged(history: readonly Op[], [at, depth, junk, drop]: Damage): readonly Op[] {
  const ops = structuredClone(history) as unknown as Record<string, unknown>[];
  const op = ops[at % ops.length] ?? {};
  if (drop) return ops.filter((other) => other !== op) as unknown as Op[]; // their shape is unknown
  const fields = ['value', 'process', 'f', 'index', 'time', 'value', 'value', 'error'];
  const field = fields[depth % fields.length] ?? 'value';
  if (field !== 'value') op[field] = junk;
  else op['value'] = replaced(op['value'], Math.floor(depth / fields.length), junk);
  return ops as unknown as Op[];
}

type Damage = readonly [at: number, depth: number, junk: unknown, drop: boolean];

/** Follows the digits of `path` into arrays and objects, and puts the junk there. */
function replaced(value: unknown, path: number, junk: unknown): unknown {
  if (path === 0 || typeof value !== 'object' || value === null) return junk;
  const keys = Object.keys(value);
  const key = keys[path % Math.max(1, keys.length)];
  if (key === undefined) return junk;
  const inner: unknown = replaced(Reflect.get(value, key), Math.floor(path / Math.max(2, keys.length)), junk);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? inner : item))
    : { ...value, [key]: inner };
}

describe('a damaged history', () => {
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      1e300,
      -1,
      0.5,
      2 ** 31,
      2n ** 80n,
      '__proto__',
      { __proto__: 1 },
      [[[]]],
      'append',
      ['r'],
      [['r']],
    ),
  );
  const damages = fc.array(fc.tuple(fc.nat(20), fc.nat(4000), junk, fc.boolean()), {
    minLength: 1,
    maxLength: 3,
  });

  it.each(HISTORIES)(
    'of %s gets a verdict, or is refused because of an operation that the model does not know',
    (model, right, wrong) => {
      fc.assert(
        fc.property(fc.constantFrom(right, wrong), damages, (history, all) => {
          const ops = all.reduce((so, damage) => damaged(so, damage), history);
          const known = new Set<unknown>(right.map(({ f }) => f));
          let result: CheckResult;
          try {
            result = check(model, ops);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
            expect(ops.some((op) => !known.has((op as { readonly f?: unknown } | null)?.f))).toBe(true);
            return;
          }
          expect([true, false, 'unknown']).toContain(result['valid?']);
          explain(model, result);
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('a completion that does not fit its invocation', () => {
  it.each<[ModelName, HistoryOp['value'], HistoryOp['value'], boolean]>([
    ['list-append', [['append', 1, 1]], [['append', 1, 2]], false],
    ['list-append', [['append', 1, 1]], [['append', 2, 1]], false],
    ['list-append', [['append', 1, 1]], [], false],
    ['list-append', [['r', 1, null]], [['append', 1, 1]], false],
    ['list-append', [['r', 1, null]], [['r', 1, []]], true],
    ['list-append', null, [['append', 1, 1]], true],
    [
      'list-append',
      [['append', 1, 1]],
      [
        ['append', 1, 1],
        ['r', 1, [1]],
      ],
      false,
    ],
    ['rw-register', [['w', 1, 1]], [['w', 1, 2]], false],
    ['rw-register', [['r', 1, null]], [['r', 1, null]], true],
    ['kafka', [['send', 'k', 1]], [['send', 'k', [0, 2]]], false],
    ['kafka', [['send', 'k', 1]], [['poll', {}]], false],
  ])('of %s makes the history invalid: %j, %j', (model, asked, answer, valid) => {
    const f = model === 'kafka' ? 'send' : 'txn';
    const result = check(model, [
      { type: 'invoke', process: 0, f, value: asked },
      { type: 'ok', process: 0, f, value: answer },
    ]);
    expect(result['valid?'] !== false).toBe(valid);
    if (valid) return;
    expect(result).toMatchObject({ 'mismatched-completions': { count: 1 } });
    expect(explain(model, result)).toContain('Operation 1 completes');
  });
});

describe('an unknown name', () => {
  it('is refused, with the nearest known one', () => {
    expect(() => checkAny('list-apend', [])).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: 'There is no model "list-apend". Did you mean list-append?',
        hint: expect.stringContaining('There are: list-append, rw-register, cas-register, set-full, kafka,'),
      }),
    );
    expect(() => checkAny('list-append', [], { 'consistency-models': ['serialisable'] })).toThrow(
      'There is no consistency model named "serialisable".',
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'list-append',
      { 'consistency-model': ['PL-2'] },
      'The model list-append has no option "consistency-model". Did you mean "consistency-models"?',
    ],
    ['set-full', { linearizable: true }, 'Did you mean "linearizable?"?'],
    ['rw-register', { 'wfr-keys?': 'yes' }, 'The option wfr-keys? must be true or false.'],
    ['list-append', { 'consistency-models': [1] }, 'The option consistency-models must be a list of names'],
  ])('options of %s: %j', (model, options, message) => {
    expect(() => checkAny(model, [], options)).toThrow(message);
  });

  it.each<[string | SequentialModel, string]>([
    ['register', 'independent'],
    ['stats', 'directory'],
    ['cas-register', 'linearizable?'],
    [{ name: 'any', init: 0, step: () => undefined }, 'wfr-keys?'],
  ])(
    'an option that the model does not have is refused, because it could change the verdict: %j, %s',
    (model, option) => {
      expect(() => checkAny(model as string, [], { [option]: true })).toThrow(`has no option "${option}"`);
    },
  );

  it.each<[ModelName, string]>([
    ['cas-register', 'read, write and cas'],
    ['register', 'read and write'],
    ['mutex', 'acquire and release'],
    ['fifo-queue', 'enqueue and dequeue'],
    ['unordered-queue', 'enqueue and dequeue'],
    ['set', 'add and read'],
    ['set-full', 'add and read'],
    ['kafka', 'send, poll, txn, assign, subscribe, crash and debug-topic-partitions'],
    ['pn-counter', 'add and read'],
    ['g-counter', 'add and read'],
    ['counter', 'add and read'],
    ['unique-ids', 'generate'],
    ['echo', 'echo'],
  ])('an operation that %s does not know is refused, with those it knows', (model, known) => {
    const ops: HistoryOp[] = [
      { type: 'invoke', process: 'nemesis', f: 'start', value: null },
      { type: 'invoke', process: 0, f: 'dance', value: null },
    ];
    expect(() => check(model, ops)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: `Operation 1 has f "dance"; the model ${model} knows ${known}.`,
      }),
    );
  });

  it('an operation that a model given as an object does not declare is refused, if it declares any', () => {
    const light: SequentialModel = {
      name: 'light',
      init: false,
      operations: ['on', 'off'],
      step: (_, f) => f === 'on',
    };
    expect(() => check(light, [{ type: 'invoke', process: 0, f: 'onn', value: null }])).toThrow(
      'Operation 0 has f "onn"; the model light knows on and off. Did you mean on?',
    );
  });
});

const txnOk = (...mops: readonly Json[]): HistoryOp => ({ type: 'ok', value: mops });

describe('budgets', () => {
  it('that expire while a history is read make it unknown, and show the progress', () => {
    const many = Array.from({ length: 5000 }, (_, n): HistoryOp => ({
      type: 'invoke',
      process: n,
      f: 'add',
      value: n,
    }));
    expect(check('set-full', many, { budget: { exhausted: () => true } })).toMatchObject({
      'valid?': 'unknown',
      error: { type: 'budget-exhausted', operations: 4096 },
    });
  });

  it('are made of limits and gauges', () => {
    let nowMs = 100;
    let usedMb = 10;
    const gauges = { nowMs: () => nowMs, usedMb: () => usedMb };
    expect(within({}, gauges)).toBeUndefined();
    const time = within({ timeLimitMs: 50 }, gauges);
    const memory = within({ memoryLimitMb: 20 }, gauges);
    expect([time?.exhausted(), memory?.exhausted()]).toEqual([false, false]);
    nowMs = 151;
    usedMb = 21;
    expect([time?.exhausted(), memory?.exhausted()]).toEqual([true, true]);
    usedMb = 10;
    expect(memory?.exhausted()).toBe(true);
  });
});

/** Models whose operations are those of another model. */
const UNGUESSED: ReadonlySet<string> = new Set([
  'g-counter',
  'counter',
  'stats',
  'unordered-queue',
  'set',
  'linearizable-set',
  'register',
  'long-fork',
  'comments',
  'sequential',
]);

describe('guessModel', () => {
  it.each(HISTORIES.filter(([model]) => !UNGUESSED.has(model)))(
    'recognizes a history of %s',
    (model, right) => {
      expect(guessModel(right)?.model).toBe(model);
    },
  );

  it('infers the necessary options', () => {
    expect(guessModel(sequence(['write', ['a', 1]], ['read', ['a', null]]))).toEqual({
      model: 'cas-register',
      options: { 'independent?': true },
    });
    expect(guessModel(sequence(['broadcast', 1], ['read', null, [1]]))).toEqual({
      model: 'set-full',
      options: { add: 'broadcast' },
    });
  });

  it('returns nothing for a history that it does not recognize', () => {
    expect(guessModel(sequence(['dance', null]))).toBeUndefined();
    // What is added is known only from completions.
    expect(guessModel(sequence(['add', null, 5], ['read', null, [5]]))).toBeUndefined();
  });
});

describe('in a browser', () => {
  it('the entry point is one file that loads nothing else', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'checkers',
      logLevel: 'silent',
    });
    expect(Object.values(metafile.outputs).flatMap((output) => output.imports)).toEqual([]);
    // A context has only the language: no process, no require, no timers.
    const text = `${outputFiles[0]?.text ?? ''}\nJSON.stringify(checkers.check('list-append', ${JSON.stringify(LOST_APPEND)}).not)`;
    const script = `import vm from 'node:vm'; let text = ''; process.stdin.on('data', (data) => (text += data)).on('end', () => console.log(vm.runInNewContext(text)))`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      input: text,
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('["strong-snapshot-isolation"]');
  });
});

describe('completions alone, without processes', () => {
  const ok = (f: string, value: Json): HistoryOp => ({ type: 'ok', f, value });

  it('are checked by independent keys', () => {
    const stale = [ok('write', ['x', 1]), ok('write', ['y', 2]), ok('read', ['x', 2])];
    expect(check('register', stale, { 'independent?': true })['valid?']).toBe(false);
    const right = [ok('write', ['x', 1]), ok('write', ['y', 2]), ok('read', ['x', 1])];
    expect(check('register', right, { 'independent?': true })['valid?']).toBe(true);
  });

  it('are checked as reads of groups of keys', () => {
    const groups = (...shown: readonly (readonly Json[])[]): HistoryOp[] =>
      shown.map(([x = null, y = null]) =>
        ok('read', [
          ['r', 0, x],
          ['r', 1, y],
        ]),
      );
    expect(check('long-fork', groups([1, null], [null, 1]))['valid?']).toBe(false);
    expect(check('long-fork', groups([1, null], [1, 1]))['valid?']).toBe(true);
  });
});

describe('a completion with another value than was asked for', () => {
  it.each<readonly [ModelName, string, Json, Json]>([
    ['register', 'write', 5, 'OK'],
    ['cas-register', 'write', 5, true],
    ['cas-register', 'cas', [1, 2], [1, 3]],
    ['fifo-queue', 'enqueue', 5, 'OK'],
    ['unordered-queue', 'enqueue', 5, 17],
    ['linearizable-set', 'add', 5, true],
    ['set', 'add', 5, true],
    ['comments', 'write', 5, 'OK'],
    ['pn-counter', 'add', 5, 17],
    ['g-counter', 'add', 5, 17],
  ])('is not taken for what happened: %s, %s', (model, f, asked, seen) => {
    const result = check(model, sequence([f, asked, seen]));
    expect(result['valid?']).toBe('unknown');
    expect(explain(model, result)).toContain(`completes ${f} `);
    for (const same of [asked, null])
      expect(String(explain(model, check(model, sequence([f, asked, same]))))).not.toContain('completes');
  });

  it('leaves models alone that look at invocations, objects of your own, and 5.0 for 5', () => {
    expect(check('set-full', sequence(['add', 5, 'OK'], ['read', null, [5]]))['valid?']).toBe(true);
    expect(check('counter', sequence(['add', 5, 17], ['read', null, 5]))['valid?']).toBe(true);
    const total: SequentialModel = {
      name: 'total',
      init: 0,
      acknowledged: ['add'],
      step: (state, _f, value) => (value === state ? undefined : value),
    };
    expect(check(total, sequence(['add', 5, 17]))['valid?']).toBe(true);
    const [invoke, ok] = sequence(['add', 5]);
    const read = { ...invoke, f: 'read', type: 'ok', index: 2, value: 5, final: true } as Op;
    const ops = [invoke, { ...ok, value: new JsonNumber('5.0') }, { ...read, type: 'invoke' }, read] as Op[];
    expect(check('pn-counter', ops)['valid?']).toBe(true);
  });
});
