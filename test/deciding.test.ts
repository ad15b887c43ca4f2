/** Deciding the register transactions of bench/decide.ts, in histories of thousands: how far the search gets. */
import { expect, it } from 'vitest';
import { makeHistory, SHAPES } from '../bench/decide-histories.ts';
import { RwRegisterChecker } from '../src/checkers/elle/rw-register/rw-register.ts';

it.each([
  [1500, 200, 'b'],
  [2000, 400, 'a'],
  [3000, 400, 'a'],
])(
  'one write that contradicts real time does not prevent the others from being ordered by it: %d transactions on %d keys',
  (transactions, keys, seed) => {
    const checker = new RwRegisterChecker({ 'consistency-models': ['serializable'], 'decide?': true });
    const shape = { ...SHAPES.uniform, keys };
    for (const op of makeHistory({ transactions, shape, store: 'strict', planted: 'inversion', seed }))
      checker.observe(op);
    let asked = 0;
    // A budget of about ten times the checks that the search makes.
    const result = checker.result({ exhausted: () => ++asked > 2500 });
    expect(result).toMatchObject({ 'valid?': true, decided: [{ 'order?': true }] });
  },
);
