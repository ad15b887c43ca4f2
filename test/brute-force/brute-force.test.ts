/**
 * Every model against its definition, on 20,000 small histories with odd values each. `npm run brute-force` does the same
 * with a million, and with other seeds.
 */
import { describe, expect, it } from 'vitest';
import { MODEL_NAMES } from '../../src/checkers/model-table.ts';
import { compare } from './differential.ts';
import { DEFINED_MODELS, differentialOf } from './models.ts';

const HISTORIES = 20_000;
/** A model takes about 3 s; where eight suites run at once, much longer. */
const BUSY_MACHINE_MS = 600_000;

it('every model has a definition to be held against', () => {
  expect([...DEFINED_MODELS].sort()).toEqual([...MODEL_NAMES].sort());
});

describe('on small histories with odd values', () => {
  it.each(DEFINED_MODELS)(
    '%s says what its definition says',
    (model) => {
      const { right, wrong } = compare(model, { seed: 1, first: 0, count: HISTORIES });
      const { leastRight, leastWrong } = differentialOf(model);
      // Histories that are all right, or all wrong, would prove little.
      expect(right / HISTORIES).toBeGreaterThan(leastRight);
      expect(wrong / HISTORIES).toBeGreaterThan(leastWrong);
    },
    BUSY_MACHINE_MS,
  );
});
