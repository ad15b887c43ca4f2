import { expect, it } from 'vitest';
import { decidingSurrounding } from './deciding-surrounding.ts';

/** A run whose digest differs if `what` is among its changed surroundings. */
const sensitiveTo =
  (what: string) =>
  (elsewhere: readonly string[]): Promise<string> =>
    Promise.resolve(elsewhere.includes(what) ? 'other' : 'usual');

it.each([
  ['stack', /^With nothing but a smaller stack it differs, too\. So the program depends on how deep/],
  ['locale', /^With nothing but another locale it differs, too\. The simulation is to hide it/],
  ['time zone', /^With nothing but another time zone it differs, too\./],
  ['none of them', /alone it does not differ, and neither without them\.$/],
])('%s is found by trying each alone', async (what, says) => {
  expect(await decidingSurrounding('usual', sensitiveTo(what))).toMatch(says);
});

it('a run that differs from time to time depends on real time or memory', async () => {
  const run = (elsewhere: readonly string[]): Promise<string> =>
    Promise.resolve(elsewhere.length === 0 ? 'by chance' : 'usual');
  expect(await decidingSurrounding('usual', run)).toBe(
    'It differs in the same surroundings, too: by what real time or memory decides.',
  );
});

it('stopping a run ends the search', async () => {
  expect(await decidingSurrounding('usual', () => Promise.resolve(undefined))).toBe(
    'What makes the difference was not looked for any further.',
  );
});
