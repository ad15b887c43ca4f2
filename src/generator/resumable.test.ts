import { expect, it } from 'vitest';
import { trace } from '../../test/support/generator-trace.ts';
import { limit, sequence } from './ordering.ts';
import { unfold } from './operations.ts';
import { stagger, timeLimit } from './pacing.ts';
import type { Generator } from './generator.ts';
import { resumable, until } from './resumable.ts';
import { clients } from './threads.ts';

const counting = (): Generator => unfold(0, (count) => [{ f: 'echo', value: count }, count + 1]);

const invoked = (generator: Generator): unknown[] =>
  trace(clients(generator), { concurrency: 2, ending: () => ({ afterNanos: 1000, type: 'ok' }) })
    .filter(({ type }) => type === 'invoke')
    .map(({ value }) => value);

it('a restarted generator continues where it was left', () => {
  const work = resumable(counting());
  expect(invoked(sequence([limit(3, work), limit(2, work)]))).toEqual([0, 1, 2, 3, 4]);
  const paced = resumable(counting());
  const values = invoked(sequence([timeLimit(1, stagger(0.1, paced)), limit(4, stagger(0.1, paced))]));
  expect(values.length).toBeGreaterThan(8);
  expect(values).toEqual(values.map((_, index) => index));
  const fresh = counting();
  expect(invoked(sequence([limit(2, fresh), limit(2, fresh)]))).toEqual([0, 1, 0, 1]);
});

it('ends when its condition holds, and also when its generator ends', () => {
  let over = false;
  let asked = 0;
  const generator = until(
    () => over,
    unfold(0, (count) => {
      over = count === 3;
      asked++;
      return [{ f: 'echo', value: count }, count + 1];
    }),
  );
  expect(invoked(generator)).toEqual([0, 1, 2, 3]);
  expect(asked).toBe(4);
  expect(invoked(until(() => false, limit(2, counting())))).toEqual([0, 1]);
});
