import { expect, it } from 'vitest';
import { decidingSurrounding } from './deciding-surrounding.ts';

/** A run whose digest differs if `what` is among its changed surroundings. */
const sensitiveTo =
  (what: string) =>
  (elsewhere: readonly string[]): Promise<string> =>
    Promise.resolve(elsewhere.includes(what) ? 'other' : 'usual');

it.each([
  ['stack', /^It also differs with nothing but a smaller stack\. So the program depends on how deep/],
  ['locale', /^It also differs with nothing but another locale\. The simulation should hide it/],
  ['time zone', /^It also differs with nothing but another time zone\./],
  ['none of them', /^It does not differ with only .*, nor without any of them\.$/],
])('%s is found by trying each alone', async (what, says) => {
  expect(await decidingSurrounding('usual', sensitiveTo(what))).toMatch(says);
});

it('a run that differs from time to time depends on real time or memory', async () => {
  const run = (elsewhere: readonly string[]): Promise<string> =>
    Promise.resolve(elsewhere.length === 0 ? 'by chance' : 'usual');
  expect(await decidingSurrounding('usual', run)).toBe(
    'It also differs in the same environment, so it depends on real time or memory.',
  );
});

it('stopping a run ends the search', async () => {
  expect(await decidingSurrounding('usual', () => Promise.resolve(undefined))).toBe(
    'The cause of the difference was not searched any further.',
  );
});
