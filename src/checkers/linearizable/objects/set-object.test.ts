import { describe, expect, it } from 'vitest';
import { Dice, seedOf } from '../../../../test/brute-force/dice.ts';
import { objectHistory, OBJECTS } from '../../../../test/brute-force/objects.ts';
import { certify } from '../../../certificate/certify.ts';
import type { Op } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';
import { check } from '../../check.ts';
import { set } from '../models.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index, process, type, f, value }));
const done = (process: number, f: string, asked: Json, answered: Json): readonly Row[] => [
  [process, 'invoke', f, asked],
  [process, 'ok', f, answered],
];

describe('a set', () => {
  it('has the verdict of a general search, and the same first impossible operation', () => {
    let wrong = 0;
    for (let number = 0; number < 3000; number++) {
      const ops = objectHistory(new Dice(seedOf(1, 'set', number)), OBJECTS['linearizable-set']);
      const searched = check({ ...set, name: 'as a user gives it' }, ops);
      const judged = check('linearizable-set', ops);
      expect([judged['valid?'], judged.op]).toEqual([searched['valid?'], searched.op]);
      if (judged['valid?'] === false) wrong++;
    }
    expect(wrong).toBeGreaterThan(300);
  });

  it('with thousands of crashed adds is checked at once, where a search would try them all', () => {
    const elements = Array.from({ length: 3000 }, (_, element) => element);
    const crashed = elements.map((element): Row => [element, 'invoke', 'add', element]);
    const read = (process: number, some: readonly number[]) => done(process, 'read', null, some);
    const even = elements.filter((element) => element % 2 === 0);
    const growing = history([...crashed, ...read(5000, even), ...read(5000, elements)]);
    expect(check('linearizable-set', growing)['valid?']).toBe(true);
    const shrinking = history([...crashed, ...read(5000, elements), ...read(5001, even)]);
    expect(check('linearizable-set', shrinking)).toMatchObject({ 'valid?': false, op: { index: 3003 } });
  });

  it('that is too large for a core has no certificate, and takes no extra memory', () => {
    const long = 'x'.repeat(20_000);
    const crashed = Array.from({ length: 40 }, (_, at): Row => [at, 'invoke', 'add', `${long}${at}`]);
    const ops = history([...crashed, ...done(50, 'read', null, [`${long}0`]), ...done(50, 'read', null, [])]);
    const result = check('linearizable-set', ops);
    expect(certify({ model: 'linearizable-set', options: {}, result }, ops)).toEqual({
      why: 'The core is too large to be gone through',
    });
  });

  it('may be read in any order with duplicates, and an element may be added again', () => {
    const ops = history([
      ...done(0, 'add', 'a', 'a'),
      ...done(0, 'add', 'b', null),
      ...done(1, 'read', null, ['b', 'a', 'b']),
      ...done(0, 'add', 'a', 'a'),
      ...done(1, 'read', null, ['a', 'b']),
    ]);
    expect(check('linearizable-set', ops)['valid?']).toBe(true);
  });

  it('that is read as something other than a set is impossible', () => {
    const ops = history([...done(0, 'read', null, 5)]);
    expect(check('linearizable-set', ops)).toMatchObject({ 'valid?': false, op: { index: 1 } });
  });

  it('shows its contents, and the operations in flight, if a read does not fit', () => {
    const ops = history([
      ...done(0, 'add', 1, 1),
      [1, 'invoke', 'add', 2],
      [2, 'invoke', 'add', 3],
      ...done(3, 'read', null, [1, 2]),
      ...done(3, 'read', null, [2]),
    ]);
    const [config] = check('linearizable-set', ops).configs as readonly { model: Json; pending: Op[] }[];
    expect(config?.model).toEqual([1, 2]);
    expect(config?.pending.map(({ index }) => index)).toEqual([6, 3]);
  });
});
