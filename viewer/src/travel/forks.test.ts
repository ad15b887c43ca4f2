/** The path to a branch, written to a URL and parsed from one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BranchChange } from '../../../src/recording/travel-view.ts';
import { readView, writeView } from '../view-state.ts';
import { readForks, writeForks, type Fork } from './forks.ts';

const message = fc.nat();
const ms = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1000) / 1000);
const change: fc.Arbitrary<BranchChange> = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), message }),
  fc.record({ kind: fc.constant('delay' as const), message, ms }),
  fc.record({ kind: fc.constant('duplicate' as const), message, ms }),
  fc.record(
    {
      kind: fc.constant('crash' as const),
      node: fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
      restartAfterMs: ms,
    },
    { requiredKeys: ['kind', 'node'] },
  ),
);
const forks: fc.Arbitrary<Fork[]> = fc.array(fc.record({ at: fc.nat(), change }), { maxLength: 5 });

test('a link leads to the same position of the same branch, whatever the names of nodes', () => {
  fc.assert(
    fc.property(forks, fc.nat(), fc.string({ maxLength: 8, unit: 'binary' }), (made, event, node) => {
      const step = { event, branch: writeForks(made), node };
      const { step: read } = readView(`#${writeView({ ...readView(''), step }).toString()}`);
      expect(read).toEqual(step);
      expect(readForks(read?.branch ?? '')).toEqual(made);
    }),
  );
});

test('an invalid path to a branch is refused completely', () => {
  const wrong = [
    'drop',
    'drop.1',
    'drop.1.2.3',
    'delay.1.2',
    'drop.-1.2',
    'crash.1..',
    'crash.1..%',
    'melt.1.2',
    'drop.1.2*',
    'drop.1.2,drop.1.2',
    'drop.1e3.2',
    Array.from({ length: 21 }, () => 'drop.1.2').join('*'),
  ];
  expect(wrong.filter((text) => readForks(text) !== undefined)).toEqual([]);
  fc.assert(fc.property(fc.string(), (text) => void readForks(text)));
});
