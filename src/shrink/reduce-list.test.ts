import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reduceList, reduceScattered, type FirstOf } from './reduce-list.ts';

const when =
  <Item>(happens: (items: readonly Item[]) => boolean): FirstOf<Item> =>
  (lists) => {
    const found = lists.findIndex(happens);
    return Promise.resolve(found < 0 ? undefined : found);
  };

it.each([
  ['by ranges', reduceList],
  ['scattered ones', reduceScattered],
])('finds the required items, wherever they are: %s', async (_name, reduce) => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 60 })
        .chain((length) =>
          fc.tuple(
            fc.constant(length),
            fc.uniqueArray(fc.integer({ min: 0, max: length - 1 }), { maxLength: 5 }),
          ),
        ),
      async ([length, needed]) => {
        const all = Array.from({ length }, (_, at) => at);
        const found = await reduce(
          all,
          when((items) => needed.every((item) => items.includes(item))),
        );
        expect(found).toEqual(needed.toSorted((a, b) => a - b));
      },
    ),
  );
});

it('leaves nothing that can be removed, even if any one of several is enough', async () => {
  const found = await reduceList(
    [1, 2, 3, 4, 5, 6],
    when((items) => items.includes(2) || items.length > 4),
  );
  expect(found).toEqual([2]);
});

it('tries each list only once', async () => {
  let asked = 0;
  const all = Array.from({ length: 256 }, (_, at) => at);
  await reduceList(all, (lists) => {
    asked += lists.length;
    return when<number>((items) => items.includes(200))(lists);
  });
  expect(asked).toBeLessThan(60);
});

it('does not try again after each removal what was needed a moment ago', async () => {
  let asked = 0;
  const all = Array.from({ length: 60 }, (_, at) => at);
  const needed = all.filter((item) => item % 3 === 0);
  const found = await reduceList(all, (lists) => {
    const hit = lists.findIndex((items) => needed.every((item) => items.includes(item)));
    asked += hit < 0 ? lists.length : hit + 1;
    return Promise.resolve(hit < 0 ? undefined : hit);
  });
  expect(found).toEqual(needed);
  expect(asked).toBeLessThan(200);
});

it('finds a few scattered items of many in a few tries for each of them', async () => {
  let asked = 0;
  const needed = [3, 40, 90, 141, 200, 201];
  const found = await reduceScattered(
    Array.from({ length: 256 }, (_, at) => at),
    (lists) => {
      asked += lists.length;
      return when<number>((items) => needed.every((item) => items.includes(item)))(lists);
    },
  );
  expect(found).toEqual(needed);
  expect(asked).toBeLessThan(100);
});

it('what of many is needed only together with later ones that are not needed either is left out', async () => {
  const found = await reduceScattered(
    Array.from({ length: 40 }, (_, at) => at),
    when((items) => items.includes(7) && (!items.includes(30) || items.includes(20))),
  );
  expect(found).toEqual([7]);
});
