/** Compares registers with distinct values, whose check takes linear time, with the search of all registers. */
import { describe, expect, it } from 'vitest';
import { checkRegisterBy, registerHistory } from '../../../../test/support/register-histories.ts';
import { Random } from '../../../world/random.ts';
import { checkCasRegister, type CasRegisterOptions } from '../cas-register.ts';
import { followFrontier } from '../frontier/frontier.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 3000);

describe('a register whose values are written once each', () => {
  it.each<readonly [string, CasRegisterOptions]>([
    ['nil', {}],
    ['nil, which reads show', { 'initial-value': null }],
    ['a value that is written later', { 'initial-value': 2 }],
  ])(
    'has the verdict of the search, and its first impossible operation, beginning as %s',
    (_name, options) => {
      const seen = { valid: 0, invalid: 0 };
      const random = Random.fromSeed(`unique writes, ${JSON.stringify(options)}`);
      for (let round = 0; round < HISTORIES; round++) {
        const ops = registerHistory(random, {
          length: 4 + random.int(24),
          processes: 1 + random.int(5),
          begins: options['initial-value'],
          lies: random.int(4) === 0 ? 0 : 6,
        });
        const fast = checkCasRegister(ops, options);
        const searched = checkRegisterBy(followFrontier, ops, options);
        seen[searched['valid?'] === true ? 'valid' : 'invalid']++;
        expect([fast['valid?'], fast['op'], fast.warnings], JSON.stringify(ops)).toEqual([
          searched['valid?'],
          searched['op'],
          searched.warnings,
        ]);
      }
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(HISTORIES / 20);
    },
  );

  it('is checked in linear time, however many operations are open', () => {
    const drawn = { length: 40_000, processes: 100, lies: 0 };
    const result = checkCasRegister(registerHistory(Random.fromSeed('many'), drawn));
    expect(result).toEqual({ 'valid?': true });
  });
});
