/** What a consistency model implies: with `--decide` no model holds where a weaker one is known not to. */
import { expect, it } from 'vitest';
import { Dice, seedOf } from '../../../../test/brute-force/dice.ts';
import { transactionalHistory } from '../../../../test/brute-force/transactional-histories.ts';
import { check } from '../../check.ts';
import { consistencyModels } from './consistency-models.ts';

const MODELS = consistencyModels().filter(({ askFor }) => askFor === undefined);

it.each([
  ['list-append', 'append'],
  ['rw-register', 'w'],
] as const)('%s: with --decide, what refutes a model refutes every stronger one', (model, write) => {
  let refuted = 0;
  for (let number = 0; number < 150; number++) {
    const ops = transactionalHistory(new Dice(seedOf(3, model, number)), { write, repeats: 0 });
    const isFalse = (name: string): boolean =>
      check(model, ops, { 'consistency-models': [name], 'decide?': true })['valid?'] === false;
    const broken = new Set(MODELS.map(({ name }) => name).filter(isFalse));
    if (broken.size > 0) refuted++;
    for (const { name, implies } of MODELS)
      for (const weaker of implies)
        if (broken.has(weaker))
          expect(broken, `${name} implies ${weaker}, history ${number}`).toContain(name);
  }
  expect(refuted).toBeGreaterThan(30);
});

it('with --decide two reads of a key that show different writes refute repeatable-read and consistent-view', () => {
  const transactions = [[['w', 'x', 1]], [['w', 'x', 2]], [['r', 'x', 1], ['r', 'x', 2]]] as const; // prettier-ignore
  const ops = (['invoke', 'ok'] as const).flatMap((type) =>
    transactions.map((value, process) => ({ type, process, f: 'txn', value })),
  );
  for (const model of ['repeatable-read', 'consistent-view', 'update-serializable']) {
    const options = { 'consistency-models': [model] };
    expect(check('rw-register', ops, options)['valid?']).toBe(true);
    expect(check('rw-register', ops, { ...options, 'decide?': true })['valid?']).toBe(false);
  }
});
