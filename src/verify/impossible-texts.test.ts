/** Gets of a store of strings that no order explains, against all orders of small histories. */
import { describe, expect, it } from 'vitest';
import { certify } from '../certificate/certify.ts';
import { check } from '../checkers/check.ts';
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import { Dice, seedOf } from '../../test/brute-force/dice.ts';
import { areLinearizable, independentHistory, OBJECTS } from '../../test/brute-force/objects.ts';
import { namedByLine } from '../../test/brute-force/proofs.ts';
import { kvLog } from '../../bench/kv-log.ts';
import { Random } from '../world/random.ts';
import { verify } from './verify.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({
    index,
    time: index,
    process,
    type,
    f,
    value: ['x', value],
  }));
const done = (process: number, f: string, value: Json): readonly Row[] => [
  [process, 'invoke', f, f === 'get' ? null : value],
  [process, 'ok', f, value],
];

const textProof = (operation: number) =>
  ({
    certificate: 1,
    model: 'kv',
    options: {},
    'valid?': false,
    proof: { kind: 'text', operation },
  }) as const;

describe('a get of a store of strings', () => {
  it('that lacks an append which was over after the only put that may have come last is proved impossible', () => {
    const ops = history([
      ...done(0, 'put', 'a'),
      ...done(1, 'append', 'b'),
      ...done(2, 'append', 'c'),
      ...done(0, 'get', 'ac'),
    ]);
    expect(verify(textProof(6), ops)).toBe(
      'the get on line 6 shows a string that cannot have been there, whichever put came last before it',
    );
  });

  it('that shows what no appends spell is proved impossible', () => {
    expect(verify(textProof(2), history([...done(0, 'put', 'a'), ...done(0, 'get', 'ab')]))).toContain(
      'cannot',
    );
  });

  it('that lacks an append which may have come before the put is not', () => {
    const ops = history([
      [0, 'invoke', 'put', 'a'],
      ...done(1, 'append', 'b'),
      [0, 'ok', 'put', 'a'],
      ...done(0, 'get', 'a'),
    ]);
    expect(() => verify(textProof(4), ops)).toThrow('4 may show what was there after 0');
  });

  it('that shows what another operation in doubt may have put is not', () => {
    const ops = history([
      [1, 'invoke', 'put', 'a'],
      [1, 'info', 'put', 'a'],
      ...done(0, 'put', 'b'),
      ...done(0, 'get', 'a'),
    ]);
    expect(() => verify(textProof(4), ops)).toThrow('4 may show what was there after 0');
  });

  it('is never proved impossible in a history that has an order', () => {
    let [right, wrong, proved] = [0, 0, 0];
    for (let number = 0; number < 4000; number++) {
      const ops = namedByLine(independentHistory(new Dice(seedOf(27, 'texts', number)), OBJECTS.kv));
      if (ops === undefined) continue;
      const isRight = areLinearizable(ops, OBJECTS.kv);
      const gets = ops.filter(({ type, f }) => type === 'invoke' && f === 'get');
      const impossible = gets.filter(({ index }) => {
        try {
          return verify(textProof(index), ops);
        } catch {
          return false;
        }
      });
      if (isRight) {
        right++;
        expect(impossible).toEqual([]);
      } else {
        wrong++;
        if (impossible.length > 0) proved++;
      }
    }
    expect(right).toBeGreaterThan(1000);
    expect(proved).toBeGreaterThan(wrong / 3);
  });
});

it.each(['lost append', 'stale get'] as const)(
  'a %s among thousands of operations of fifty clients has a certificate',
  (fault) => {
    const shape = { clients: 50, keys: 10, crashes: 4, longest: 20, answer: 0.02, operations: 4000, fault };
    const ops = kvLog(shape, Random.fromSeed(fault)).map(({ key, ...op }) => ({
      ...op,
      value: [key, op.value],
    }));
    const result = check('kv', ops, {});
    expect(result['valid?']).toBe(false);
    expect(certify({ model: 'kv', options: {}, result }, ops).certificate?.proof.kind).toBe('text');
  },
);
