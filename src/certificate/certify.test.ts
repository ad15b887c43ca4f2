import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { namedByLine } from '../../test/brute-force/proofs.ts';
import { Dice, seedOf } from '../../test/brute-force/dice.ts';
import { differentialOf, modelOf, type Compared } from '../../test/brute-force/models.ts';
import { CERTIFIED, compareMutants } from '../../test/brute-force/mutants.ts';
import { check, type HistoryOp } from '../checkers/check.ts';
import type { ModelName } from '../checkers/models/model-table.ts';
import { elementsOf, parseJson, type Json } from '../protocol/json.ts';
import type { Op } from '../history/op.ts';
import { UserError } from '../protocol/user-error.ts';
import {
  ProofError,
  type CasesProof,
  type Certificate,
  type CycleProof,
  type CycleStep,
  type OrderProof,
  type Proof,
  type Respects,
} from '../verify/certificate.ts';
import { certificateIn } from '../verify/read-certificate.ts';
import { verify } from '../verify/verify.ts';
import { certificateText } from '../verify/written-values.ts';
import { certify } from './certify.ts';

interface CorpusCase {
  readonly id: string;
  readonly history: readonly HistoryOp[];
  readonly runs?: readonly { readonly opts: Readonly<Record<string, unknown>>; readonly throws?: boolean }[];
}

const corpus = (file: string): readonly CorpusCase[] =>
  JSON.parse(
    readFileSync(new URL(`../../test/conformance/corpus/${file}.json`, import.meta.url), 'utf8'),
  ) as readonly CorpusCase[];

/** An entry of a transaction. */
const txnOp = (index: number, type: Op['type'], process: number, value: Op['value']): Op => ({
  index,
  time: 0,
  process,
  type,
  f: 'txn',
  value,
});

describe('verdicts on the histories of the original checkers', () => {
  test.each([
    ['cas-register', 'knossos-generated/cas-register', 0],
    ['list-append', 'elle-generated/list-append', 0.01],
    ['rw-register', 'elle-generated/rw-register', 0.2],
  ] as const)('%s: are proved, except for the share that may lack an order', (model, file, mostUnproved) => {
    const unproved: string[] = [];
    let verdicts = 0;
    for (const { id, history, runs = [{ opts: {} }] } of corpus(file)) {
      const ops = namedByLine(history) ?? [];
      for (const { opts } of runs.filter(({ throws }) => throws !== true).slice(0, 3)) {
        const result = check(model as ModelName, ops, opts);
        if (result['valid?'] === 'unknown') continue;
        verdicts++;
        const certified = certify({ model, options: opts, result }, ops);
        if (certified.certificate === undefined)
          unproved.push(`${id} ${JSON.stringify(opts)} ${String(result['valid?'])}: ${certified.why}`);
      }
    }
    expect(verdicts).toBeGreaterThan(100);
    expect(unproved.slice(0, Math.max(0, unproved.length - Math.floor(verdicts * mostUnproved)))).toEqual([]);
  });
});

/** Yields small histories with their verdicts. */
function* samples(
  model: ModelName,
  count: number,
): Generator<{ ops: readonly Op[]; isRight: boolean; options: object }> {
  const differential = differentialOf(model);
  for (let number = 0; number < count; number++) {
    const sample = differential.draw(new Dice(seedOf(3, model, number)));
    const ops = namedByLine(sample.ops);
    if (ops === undefined) continue;
    const result = check(model, ops, sample.options);
    if (result['valid?'] !== 'unknown') yield { ops, isRight: result['valid?'], options: sample.options };
  }
}

function isAccepted(model: ModelName, options: object, proof: Proof, ops: readonly Op[]): boolean {
  const certificate: Certificate = {
    certificate: 1,
    model,
    options: { ...options },
    'valid?': !['core', 'cycle', 'cases', 'anomaly'].includes(proof.kind),
    proof,
  };
  try {
    // As read from a file.
    verify(certificateIn(parseJson(certificateText(certificate)), 'a file'), ops);
    return true;
  } catch (error) {
    if (!(error instanceof ProofError) && !(error instanceof UserError)) throw error;
    return false;
  }
}

/** One `expect` for each of tens of thousands of proofs would take as long as their verification. */
function expectRefused(...given: Parameters<typeof isAccepted>): void {
  if (isAccepted(...given)) expect.fail(`it is accepted: ${JSON.stringify(given[2])}`);
}

describe('certificates changed at random, or next to a changed history', () => {
  test.each(CERTIFIED)('%s: are accepted only if they are true, and otherwise refused in words', (model) => {
    const { tried, stillProved } = compareMutants(model, { seed: 1, histories: 12, mutants: 8 });
    expect(tried).toBeGreaterThan(60);
    expect(stillProved).toBeLessThan(tried / 2);
  });
});

const invocations = (ops: readonly Op[]): readonly number[] =>
  ops.filter(({ type, process }) => type === 'invoke' && process !== 'nemesis').map(({ index }) => index);

test('an option that is undefined, as in a run, is none', () => {
  const ops = [txnOp(0, 'invoke', 0, [['w', 'x', 1]]), txnOp(1, 'ok', 0, [['w', 'x', 1]])];
  const options = { 'wfr-keys?': undefined, 'decide?': true };
  const result = check('rw-register', ops, options);
  const { certificate } = certify(
    { model: 'rw-register', options, result: { ...result, 'valid?': true } },
    ops,
  );
  expect(certificate?.options).toEqual({ 'decide?': true });
});

describe('what the verifier refuses', () => {
  test.each([
    [
      'two operations of a process at a time',
      [
        ['invoke', 'write', 1],
        ['invoke', 'write', 2],
        ['ok', 'write', 2],
      ],
      1,
    ],
    ['a completion without an invocation', [['ok', 'write', 2]], 0],
    [
      'a completion of another operation',
      [
        ['invoke', 'write', 1],
        ['ok', 'read', 1],
      ],
      0,
    ],
  ] as const)('%s', (_, entries, name) => {
    const ops = entries.map(([type, f, value], line) => ({ ...txnOp(line, type, 0, value), f }));
    const proof: Proof = { kind: 'linearization', objects: [{ order: [name] }] };
    expect(() =>
      verify({ certificate: 1, model: 'register', options: {}, 'valid?': true, proof }, ops),
    ).toThrow(ProofError);
  });

  test('transactions of which only some were invoked', () => {
    const ops = [
      txnOp(0, 'invoke', 0, [['w', 'x', 1]]),
      txnOp(1, 'ok', 0, [['w', 'x', 1]]),
      txnOp(2, 'ok', 1, [['r', 'x', null]]),
    ];
    const proof: Proof = { kind: 'serial', respects: 'realtime', order: [2, 0] };
    expect(() =>
      verify({ certificate: 1, model: 'rw-register', options: {}, 'valid?': true, proof }, ops),
    ).toThrow(ProofError);
  });

  test.each([
    ['another answer', 'list-append', [['append', 'x', 1]], [['append', 'x', 2]]],
    ['an answer of another key', 'rw-register', [['r', 'x', null]], [['r', 'y', null]]],
    ['fewer micro-operations', 'rw-register', [['r', 'x', null]], []],
    ['no micro-operations', 'rw-register', [['r', 'x', null]], null],
    ['foreign micro-operations', 'rw-register', [['append', 'x', 1]], [['append', 'x', 1]]],
    ['what is no list', 'list-append', [['r', 'x', null]], [['r', 'x', 5]]],
  ] as const)('a transaction that completes with %s', (_, model, asked, answer) => {
    const ops = [txnOp(0, 'invoke', 0, asked), txnOp(1, 'ok', 0, answer)];
    const proof: Proof = { kind: 'serial', respects: 'realtime', order: [0] };
    expect(() => verify({ certificate: 1, model, options: {}, 'valid?': true, proof }, ops)).toThrow(
      ProofError,
    );
  });

  test.each([
    ['mutex', 'enqueue', 1, 1],
    ['fifo-queue', 'peek', 1, 1],
    ['register', 'write', 1, 2],
    ['linearizable-set', 'read', null, 5],
    ['linearizable-set', 'add', 1, 2],
    ['cas-register', 'cas', [null, 1, 2], [null, 1, 2]],
    ['kv', 'put', ['k', 1], ['k', 1]],
    ['kv', 'put', ['k', 'a'], ['j', 'a']],
    ['kv', 'put', 'a', 'a'],
  ] as const)('%s: %s of %j that completes with %j', (model, f, asked, answer) => {
    const ops = [
      { ...txnOp(0, 'invoke', 0, asked), f },
      { ...txnOp(1, 'ok', 0, answer), f },
    ];
    const proof: Proof = { kind: 'linearization', objects: [{ order: [0] }] };
    expect(() => verify({ certificate: 1, model, options: {}, 'valid?': true, proof }, ops)).toThrow(
      ProofError,
    );
  });

  test.each([
    ['mutex', { 'initial-value': 1 }],
    ['register', { 'consistency-models': 'serializable' }],
    ['register', { 'independent?': 1 }],
    ['toString', {}],
    ['__proto__', {}],
  ] as const)('%s with the options %j', (model, options) => {
    const proof: Proof = { kind: 'linearization', objects: [] };
    expect(() => verify({ certificate: 1, model, options, 'valid?': true, proof }, [])).toThrow(ProofError);
  });

  test.each(['register', 'cas-register', 'fifo-queue', 'mutex', 'linearizable-set'] as const)(
    '%s: no order proves an invalid history valid, and no core a valid one invalid',
    (model) => {
      let tried = 0;
      for (const { ops, isRight, options } of samples(model, 400)) {
        if ('independent?' in options) continue;
        const dice = new Dice(seedOf(4, model, tried));
        const names = invocations(ops);
        for (let attempt = 0; attempt < 5; attempt++) {
          const some = names.filter(() => dice.chance(0.8));
          const proof: Proof = isRight
            ? { kind: 'core', operations: some, until: dice.int(ops.length) }
            : { kind: 'linearization', objects: [{ order: dice.some(some, some.length) }] };
          expectRefused(model, options, proof, ops);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(500);
    },
  );

  test.each(['list-append', 'rw-register'] as const)(
    '%s: no order proves an invalid history valid',
    (model) => {
      let tried = 0;
      for (const { ops, isRight, options } of samples(model, 800)) {
        if (isRight || 'anomalies' in options) continue;
        const dice = new Dice(seedOf(5, model, tried));
        for (const kind of ['serial', 'snapshot', 'commits'] as const) {
          const some = invocations(ops).filter(() => dice.chance(0.9));
          const names = dice.some(some, some.length);
          const order = kind === 'snapshot' ? names.flatMap((name) => [`~${name}`, name]) : names;
          expectRefused(model, options, { kind, respects: 'realtime', order }, ops);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(200);
    },
  );

  test.each(['list-append', 'rw-register'] as const)(
    '%s: no cycle proves a serial history invalid',
    (model) => {
      let tried = 0;
      const types: readonly CycleStep['type'][] = ['ww', 'wr', 'rw', 'process', 'realtime'];
      for (const { ops, isRight, options } of samples(model, 800)) {
        const asked = { ...options, 'consistency-models': ['strict-serializable'] };
        if (
          !isRight ||
          certify({ model, options: asked, result: check(model, ops, asked) }, ops).certificate?.[
            'valid?'
          ] !== true
        )
          continue;
        const names = invocations(ops);
        for (const from of names)
          for (const to of names)
            for (const there of types)
              for (const back of types) {
                if (from >= to) continue;
                const steps = [
                  { from, to, type: there },
                  { from: to, to: from, type: back },
                ];
                const proof: Proof = { kind: 'cycle', anomaly: 'G2-item', steps };
                expectRefused(model, asked, proof, ops);
                tried++;
              }
        if (tried > 6000) break;
      }
      expect(tried).toBeGreaterThan(5000);
    },
  );
});

test('a lost update whose other side never read the key is proved by its two transactions', () => {
  const ops = (read: readonly Json[]): readonly Op[] =>
    [
      [['append', 'x', 1]],
      [['append', 'x', 2]],
      [
        ['r', 'x', read],
        ['append', 'x', 3],
      ],
      [['r', 'x', [1, 2, 3]]],
    ].flatMap((value, process): Op[] => [
      txnOp(2 * process, 'invoke', process, value),
      txnOp(2 * process + 1, 'ok', process, value),
    ]);
  const options = { 'consistency-models': ['cursor-stability'], 'decide?': true };
  const wrong = namedByLine(ops([1])) ?? [];
  const result = check('list-append', wrong, options);
  const { certificate } = certify({ model: 'list-append', options, result }, wrong);
  if (certificate === undefined) throw new Error('there is no certificate');
  expect(certificate).toMatchObject({ proof: { kind: 'anomaly', anomaly: 'lost-update' } });
  verify(certificate, wrong);
  const right = namedByLine(ops([1, 2])) ?? [];
  expect(() => verify(certificate, right)).toThrow('The history does not show lost-update');
});

describe('transactions that are valid by definition', () => {
  const TYPES: readonly CycleStep['type'][] = ['ww', 'wr', 'rw', 'process', 'realtime'];
  const ANOMALIES =
    'internal own-write-missed future-read G1a G1b garbage-read duplicate-elements incompatible-order cyclic-versions lost-update';

  test.each(['list-append', 'rw-register', 'list-append levels', 'rw-register levels'] as const)(
    '%s: no anomaly, cycle or tree of cases proves them invalid',
    (compared: Compared) => {
      const model = modelOf(compared);
      const differential = differentialOf(compared);
      let tried = 0;
      for (let number = 0; number < 400; number++) {
        const dice = new Dice(seedOf(6, compared, number));
        const sample = differential.draw(dice);
        const ops = namedByLine(sample.ops);
        if (ops === undefined || invocations(ops).length === 0) continue;
        const result = check(model, ops, sample.options);
        if (!differential.judge(sample, result).isRight) continue;
        const keys = ops.flatMap(({ value }) => (elementsOf(value) ?? []).map((mop) => elementsOf(mop)?.[1]));
        const line = (): number => dice.pick(invocations(ops)) ?? -1;
        const cycle = (): CycleProof => {
          const lines = Array.from({ length: 2 + dice.int(3) }, line);
          const steps = lines.map((from, at) => ({
            from,
            to: lines[(at + 1) % lines.length] ?? -1,
            type: dice.pick(TYPES) ?? 'ww',
          }));
          return { kind: 'cycle', anomaly: 'G2-item', steps };
        };
        const tree = (depth: number): CycleProof | CasesProof =>
          depth === 0
            ? cycle()
            : {
                kind: 'cases',
                anomaly: 'no-serial-order',
                key: dice.pick(keys) ?? null,
                first: line(),
                second: line(),
                before: tree(depth - 1),
                after: tree(depth - 1),
              };
        const initial = result['initial-value'];
        const options = { ...sample.options, ...(initial !== undefined && { 'initial-value': initial }) };
        for (let attempt = 0; attempt < 40; attempt++) {
          const anomaly = dice.pick(ANOMALIES.split(' ')) ?? '';
          const proof: Proof =
            attempt < 15
              ? { kind: 'anomaly', anomaly, operations: [line(), line()] }
              : tree(dice.pick([0, 1, 1, 2]) ?? 0);
          expectRefused(model, options, proof, ops);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(2000);
    },
  );
});

describe('a contradiction whichever write came first', () => {
  /** Two transactions write x and y; two readers each see one key of the one and the other key of the other. */
  const both = (value: number): Op['value'] => [
    ['w', 'x', value],
    ['w', 'y', value],
  ];
  const reads = (x: number | null, y: number | null): Op['value'] => [
    ['r', 'x', x],
    ['r', 'y', y],
  ];
  const torn = [
    txnOp(0, 'invoke', 0, both(1)),
    txnOp(1, 'invoke', 1, both(2)),
    txnOp(2, 'invoke', 2, reads(null, null)),
    txnOp(3, 'ok', 0, both(1)),
    txnOp(4, 'ok', 1, both(2)),
    txnOp(5, 'ok', 2, reads(1, 2)),
  ];
  const proofWith = (options: Readonly<Record<string, unknown>>): Proof | undefined =>
    certify({ model: 'rw-register', options, result: check('rw-register', torn, options) }, torn).certificate
      ?.proof;

  test.each([
    [{ 'consistency-models': ['serializable'], 'decide?': true }],
    [{ 'consistency-models': ['snapshot-isolation'], 'decide?': true }],
    [{ 'consistency-models': ['read-atomic'] }],
  ])('%j: a torn read is refuted by cases, and by nothing less', (options) => {
    const proof = proofWith(options);
    if (proof?.kind !== 'cases') throw new Error(`it is ${proof?.kind ?? 'none'}`);
    const asked = { ...options };
    expect(isAccepted('rw-register', asked, proof, torn)).toBe(true);
    expect(isAccepted('rw-register', asked, proof.before, torn)).toBe(false);
    expect(isAccepted('rw-register', asked, proof.after, torn)).toBe(false);
    const swapped: Proof = { ...proof, before: proof.after, after: proof.before };
    expect(isAccepted('rw-register', asked, swapped, torn)).toBe(false);
    expect(isAccepted('rw-register', asked, { ...proof, second: proof.first }, torn)).toBe(false);
    expect(isAccepted('rw-register', asked, { ...proof, key: 'z' }, torn)).toBe(false);
    // Before the read of x, which came first, nothing had been seen: with one reader alone the weaker level holds.
    const weaker = { 'consistency-models': ['monotonic-atomic-view'] };
    expect(isAccepted('rw-register', weaker, proof, torn)).toBe(false);
  });
});

test('an append after a read comes before all that follows what was read, though no list shows either', () => {
  const first: Op['value'] = [['append', 'x', 1]];
  const blind = (y: Op['value']): Op['value'] => [
    ['append', 'x', 2],
    ['r', 'y', y],
  ];
  const after = (x: Op['value']): Op['value'] => [
    ['r', 'x', x],
    ['append', 'y', 1],
    ['append', 'x', 3],
  ];
  const ops = [
    txnOp(0, 'invoke', 0, first),
    txnOp(1, 'ok', 0, first),
    txnOp(2, 'invoke', 1, blind(null)),
    txnOp(3, 'ok', 1, blind([])),
    txnOp(4, 'invoke', 0, after(null)),
    txnOp(5, 'ok', 0, after([1])),
  ];
  const options = { 'consistency-models': ['snapshot-isolation'], 'decide?': true };
  const result = check('list-append', ops, options);
  expect(result['valid?']).toBe(false);
  expect(certify({ model: 'list-append', options, result }, ops).certificate?.['valid?']).toBe(false);
  // With nothing read of y both orders exist.
  const free = ops.with(3, txnOp(3, 'ok', 1, blind([1])));
  const steps: readonly CycleStep[] = [
    { from: 4, to: 2, type: 'ww' },
    { from: 2, to: 4, type: 'rw' },
  ];
  const { 'decide?': _, ...asked } = options;
  expect(isAccepted('list-append', asked, { kind: 'cycle', anomaly: 'G-single-item', steps }, ops)).toBe(
    true,
  );
  expect(isAccepted('list-append', asked, { kind: 'cycle', anomaly: 'G-single-item', steps }, free)).toBe(
    false,
  );
});

test('a read of nil, a failed operation and one with an unknown outcome need no place in an order', () => {
  const op = (index: number, process: number, type: Op['type'], f: string, value: Op['value']): Op => ({
    index,
    time: 0,
    process,
    type,
    f,
    value,
  });
  const ops = [
    op(0, 0, 'invoke', 'write', 1),
    op(1, 1, 'invoke', 'read', null),
    op(2, 1, 'ok', 'read', null),
    op(3, 0, 'info', 'write', 1),
    op(4, 2, 'invoke', 'cas', [5, 6]),
    op(5, 2, 'fail', 'cas', [5, 6]),
    op(6, 3, 'invoke', 'read', null),
    op(7, 3, 'ok', 'read', 1),
  ];
  expect(isAccepted('cas-register', {}, { kind: 'linearization', objects: [{ order: [0, 6] }] }, ops)).toBe(
    true,
  );
  expect(isAccepted('cas-register', {}, { kind: 'linearization', objects: [{ order: [6] }] }, ops)).toBe(
    false,
  );
  expect(isAccepted('cas-register', {}, { kind: 'linearization', objects: [{ order: [0] }] }, ops)).toBe(
    false,
  );
});

describe('a proof that proves nothing is refused', () => {
  const op = (index: number, type: Op['type'], value: Op['value'], f = 'txn'): Op => ({
    index,
    time: 0,
    process: 0,
    type,
    f,
    value,
  });
  const lists = [
    op(0, 'invoke', [
      ['append', 1, 1],
      ['append', 1, 2],
    ]),
    op(1, 'ok', [
      ['append', 1, 1],
      ['append', 1, 2],
    ]),
    op(2, 'invoke', [['r', 1, null]]),
    op(3, 'ok', [['r', 1, [1, 2]]]),
  ];
  /** The second does not see the first, which completed before it began. */
  const unseen = lists.with(3, op(3, 'ok', [['r', 1, []]]));
  const cycle = (...steps: readonly CycleStep[]): Proof => ({ kind: 'cycle', anomaly: 'G0', steps });

  test('a cycle without steps, of a single transaction, or with steps of another kind', () => {
    const unknown = 'follows' as CycleStep['type'];
    for (const proof of [
      cycle(),
      cycle({ from: 0, to: 0, type: 'ww' }),
      cycle({ from: 0, to: 2, type: 'wr' }, { from: 2, to: 0, type: unknown }),
    ])
      expect(isAccepted('list-append', {}, proof, lists)).toBe(false);
  });

  test('an order that violates realtime order, even if it names snapshots', () => {
    for (const kind of ['serial', 'commits', 'causal', 'atomic', 'view'] as const) {
      const model = kind === 'serial' ? 'serializable' : 'strong-session-read-committed';
      const options = { 'consistency-models': [model] };
      const proves = (respects: Respects, order: OrderProof['order']): boolean =>
        isAccepted('list-append', options, { kind, respects, order }, unseen);
      expect(proves('process', [2, 0])).toBe(false);
      expect(proves('process', [2, 0, '~2'])).toBe(false);
      expect(proves('process', ['~2', 2, 0])).toBe(false);
    }
    const serial: Proof = { kind: 'serial', respects: 'realtime', order: [2, 0, '~2'] };
    expect(isAccepted('list-append', {}, serial, unseen)).toBe(false);
    const snapshot: Proof = { kind: 'snapshot', respects: 'none', order: ['~2', 2, '~0', 0] };
    const asked = { 'consistency-models': ['snapshot-isolation'] };
    expect(isAccepted('list-append', asked, snapshot, unseen)).toBe(true);
    for (const begin of ['~', '~2.0', '~0x2', '~ 2', '-2', 'x2', '~02'])
      expect(isAccepted('list-append', asked, { ...snapshot, order: [begin, 2, '~0', 0] }, unseen)).toBe(
        false,
      );
  });

  test('realtime order between completions without invocations: only that of a process is known', () => {
    const write = op(0, 'ok', [['w', 1, 1]]);
    const missed = op(1, 'ok', [['r', 1, null]]);
    const stale: Proof = {
      kind: 'cycle',
      anomaly: 'G-single-item-realtime',
      steps: [
        { from: 1, to: 0, type: 'rw' },
        { from: 0, to: 1, type: 'realtime' },
      ],
    };
    const order: Proof = { kind: 'serial', respects: 'realtime', order: [1, 0] };
    const elsewhere = [write, { ...missed, process: 1 }];
    for (const [ops, isRight] of [
      [[write, missed], false],
      [elsewhere, true],
    ] as const) {
      expect(isAccepted('rw-register', {}, order, ops)).toBe(isRight);
      expect(isAccepted('rw-register', {}, stale, ops)).toBe(!isRight);
      const options = { 'decide?': true };
      const result = check('rw-register', ops, options);
      expect(result['valid?']).toBe(isRight);
      expect(certify({ model: 'rw-register', options, result }, ops).certificate?.['valid?']).toBe(isRight);
    }
  });

  test('what a transaction in doubt has read, also where only completions are written down', () => {
    const append = op(0, 'fail', [['append', 1, 1]]);
    const read = (type: Op['type']): Op => ({ ...op(1, type, [['r', 1, [1]]]), process: 1 });
    const dirty: Proof = { kind: 'anomaly', anomaly: 'G1a', operations: [1, 0] };
    expect(isAccepted('list-append', {}, dirty, [append, read('ok')])).toBe(true);
    expect(isAccepted('list-append', {}, dirty, [append, read('info')])).toBe(false);
  });

  test('an order in which a list was read with own appends to a version that was not the last before its commit', () => {
    const txn = (at: number, process: number, ...mops: Json[]): readonly Op[] => [
      { ...op(2 * at, 'invoke', mops), process },
      { ...op(2 * at + 1, 'ok', mops), process },
    ];
    const reads = (...list: Json[]): Json => ['r', 1, list];
    // The second's append of 2 came between the 1 that the first has read and its own 3.
    const ops = [
      ...txn(0, 0, ['append', 1, 1]),
      ...txn(1, 1, ['append', 1, 3], reads(1, 3)),
      ...txn(2, 2, ['append', 1, 2]),
      ...txn(3, 0, reads(1, 2, 3)),
    ];
    // The first reads what the second and the third append, which follow from it.
    const circular = [
      ...txn(0, 0, ['append', 1, 1], reads(1, 2), ['append', 2, 1]),
      ...txn(1, 1, ['r', 2, [1]], ['append', 1, 2]),
    ];
    for (const [kind, model, history, order] of [
      ['commits', 'read-committed', ops, [0, 4, 2, 6]],
      ['view', 'monotonic-atomic-view', ops, [0, 4, 2, 6]],
      ['view', 'monotonic-atomic-view', circular, [0, 2]],
    ] as const) {
      const asked = { 'consistency-models': [model] };
      expect(check('list-append', history, asked)['valid?']).toBe(false);
      expect(isAccepted('list-append', asked, { kind, respects: 'none', order }, history)).toBe(false);
    }
  });

  test('an order of transactions of which one read a list as null and as []', () => {
    for (const [first, second] of [
      [null, []],
      [[], null],
      [null, null],
    ] as const) {
      const ops = [
        op(0, 'invoke', [
          ['r', 1, null],
          ['r', 1, null],
        ]),
        op(1, 'ok', [
          ['r', 1, first],
          ['r', 1, second],
        ]),
      ];
      const isRight = first === second;
      expect(check('list-append', ops)['valid?'] !== false).toBe(isRight);
      const order: Proof = { kind: 'serial', respects: 'realtime', order: [0] };
      expect(isAccepted('list-append', {}, order, ops)).toBe(isRight);
    }
  });

  test('registers with an initial value other than that of the history', () => {
    const asked = { 'consistency-models': ['serializable'] };
    const reads = (value: Op['value']): readonly Op[] => [
      op(0, 'invoke', [['r', 1, null]]),
      op(1, 'ok', [['r', 1, value]]),
    ];
    const serial: Proof = { kind: 'serial', respects: 'none', order: [0] };
    const garbage: Proof = { kind: 'anomaly', anomaly: 'garbage-read', operations: [0] };
    const holds = (value: Op['value'], initial: Op['value']): readonly boolean[] =>
      [serial, garbage].map((proof) =>
        isAccepted('rw-register', { ...asked, 'initial-value': initial }, proof, reads(value)),
      );
    expect(holds(0, 0)).toEqual([true, false]);
    expect(holds(0, null)).toEqual([false, false]);
    expect(holds(7, 7)).toEqual([false, false]);
    expect(holds(7, null)).toEqual([false, true]);
  });

  test('unknown options', () => {
    const serial: Proof = { kind: 'serial', respects: 'realtime', order: [0, 2] };
    expect(isAccepted('list-append', { 'consistency-models': 'serializable' }, serial, lists)).toBe(true);
    for (const names of [5, {}, [{ toString: 1 }], [null], 'nothing', ['__proto__']]) {
      expect(isAccepted('list-append', { 'consistency-models': names }, serial, lists)).toBe(false);
      expect(isAccepted('list-append', { anomalies: names }, serial, lists)).toBe(false);
    }
  });

  test('a core that names an operation twice', () => {
    const ops = [op(0, 'invoke', 1, 'write'), op(1, 'ok', 1, 'write')];
    expect(isAccepted('register', {}, { kind: 'core', operations: [0, 0], until: 1 }, ops)).toBe(false);
    expect(isAccepted('register', {}, { kind: 'core', operations: [0], until: 1 }, ops)).toBe(false);
  });

  test('a cycle that is requested under another name than its own', () => {
    const asked = { 'consistency-models': [], anomalies: ['G1c'] };
    const skew = [
      op(0, 'invoke', [
        ['r', 1, null],
        ['append', 2, 1],
      ]),
      {
        ...op(1, 'invoke', [
          ['r', 2, null],
          ['append', 1, 1],
        ]),
        process: 1,
      },
      op(2, 'ok', [
        ['r', 1, []],
        ['append', 2, 1],
      ]),
      {
        ...op(3, 'ok', [
          ['r', 2, []],
          ['append', 1, 1],
        ]),
        process: 1,
      },
    ];
    const steps: readonly CycleStep[] = [
      { from: 0, to: 1, type: 'rw' },
      { from: 1, to: 0, type: 'rw' },
    ];
    const proof: Proof = { kind: 'cycle', anomaly: 'G1c', steps };
    expect(isAccepted('list-append', asked, proof, skew)).toBe(false);
    expect(isAccepted('list-append', { ...asked, anomalies: ['G2-item'] }, proof, skew)).toBe(true);
  });
});

test('a register whose values are written once each is proved at once, however many operations are open', () => {
  const clients = 60;
  const ops: Op[] = [];
  const add = (type: Op['type'], process: number, f: string, value: Json): void => {
    ops.push({ index: ops.length, time: 0, type, process, f, value });
  };
  // Rounds in which all clients write at the same time; one swaps the value after another, and one reads nil.
  for (let round = 0; round < 20; round++) {
    const valueOf = (client: number): number => round * clients + client;
    for (let client = 0; client < clients; client++) {
      if (client === 0) add('invoke', client, 'read', null);
      else if (client % 3 === 2) add('invoke', client, 'cas', [valueOf(client - 1), valueOf(client)]);
      else add('invoke', client, 'write', valueOf(client));
    }
    for (let client = clients - 1; client >= 0; client--) {
      const invoked = ops.findLast(({ process, type }) => process === client && type === 'invoke');
      if (invoked !== undefined) add('ok', client, invoked.f, invoked.value);
    }
  }
  const result = check('cas-register', ops);
  const { certificate } = certify({ model: 'cas-register', options: {}, result }, ops);
  if (certificate === undefined) throw new Error('there is no certificate');
  expect(certificate).toMatchObject({ 'valid?': true, proof: { kind: 'linearization' } });
  verify(certificate, ops);
});
