import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringifyJson } from '../../protocol/json.ts';
import { boundedState, LONGEST_STATE } from './bounded-state.ts';

test('of a state with a long log, the log is shortened and the other fields stay', () => {
  const log = Array.from({ length: 5000 }, (_, at) => ({ term: at, op: 'write' }));
  const state = { term: 7, log, note: 'x'.repeat(90_000), votes: ['n1'] };
  expect(boundedState(JSON.stringify(state))).toEqual({
    term: 7,
    log: { count: 5000, last: { term: 4999, op: 'write' } },
    note: `${'x'.repeat(200)}... (90000 characters)`,
    votes: ['n1'],
  });
});

test('a state that is not too long stays as it is', () => {
  expect(boundedState('{"log":[1,2,3,4],"term":1}')).toEqual({ log: [1, 2, 3, 4], term: 1 });
});

test('whatever its fields are, what is kept is short', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.array(fc.string({ maxLength: 300 }), { maxLength: 40 }),
    fc.array(fc.array(fc.nat()), { maxLength: 40 }),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 100, maxLength: 400 }), fc.nat(300), (values, length) => {
      const state = Object.fromEntries(values.map((one, at) => [`${at}${'n'.repeat(length)}`, one]));
      expect(stringifyJson(boundedState(JSON.stringify(state))).length).toBeLessThan(4 * LONGEST_STATE);
    }),
    { numRuns: 50 },
  );
});
