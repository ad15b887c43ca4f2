/**
 * Checks every model against its definition, on 20,000 small histories with odd values each. `npm run brute-force` does
 * the same with a million, and with other seeds.
 */
import { describe, expect, it } from 'vitest';
import { isTransactionModel } from '../../src/certificate/transactions-proof.ts';
import { MODEL_NAMES } from '../../src/checkers/models/model-table.ts';
import { compare } from './differential.ts';
import { COMPARED, DEFINED_MODELS, differentialOf, modelOf } from './models.ts';

const HISTORIES = 20_000;
/** Every n-th verdict is proved to the verifier; `npm run brute-force` proves all. */
const PROVED_EACH = 8;
/**
 * Maximum share of transactional verdicts without a certificate: values with several writers leave open what was read
 * from whom.
 */
const UNPROVED_TRANSACTIONS = 0.004;
/** A model takes about 3 s; with eight suites running at once, much longer. */
const BUSY_MACHINE_MS = 600_000;

it('every model has a definition to compare with', () => {
  expect([...DEFINED_MODELS].sort()).toEqual([...MODEL_NAMES].sort());
});

describe('on small histories with odd values', () => {
  it.each(COMPARED)(
    '%s agrees with its definition',
    (model) => {
      const { right, wrong, unproved } = compare(model, {
        seed: 1,
        first: 0,
        count: HISTORIES,
        provedEach: PROVED_EACH,
      });
      const { leastRight, leastWrong } = differentialOf(model);
      // Only valid, or only invalid, histories would prove little.
      expect(right / HISTORIES).toBeGreaterThan(leastRight);
      expect(wrong / HISTORIES).toBeGreaterThan(leastWrong);
      const most = isTransactionModel(modelOf(model)) ? UNPROVED_TRANSACTIONS : 0;
      expect(unproved).toBeLessThanOrEqual((HISTORIES / PROVED_EACH) * most);
    },
    BUSY_MACHINE_MS,
  );
});
