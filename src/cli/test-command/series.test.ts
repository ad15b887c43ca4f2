import { expect, it } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import { Console } from '../show/console.ts';
import { Series } from './series.ts';

const VALID: TestResults = {
  'valid?': true,
  stats: { 'valid?': true, count: 3, 'ok-count': 3, 'fail-count': 0, 'info-count': 0, 'by-f': {} },
  workload: { 'valid?': true, errors: [] },
};
const INVALID: TestResults = {
  ...VALID,
  'valid?': false,
  workload: { 'valid?': false, errors: [['Expected', 'a', 'But received', { echo: 'b' }]] },
};

function linesOf(
  runs: readonly (readonly [TestResults, sentence: string])[],
  count: number,
): readonly string[] {
  let text = '';
  const console = new Console(
    { isTTY: true, columns: 80, write: (more) => (text += more) },
    { NO_COLOR: '1' },
  );
  const series = new Series(count, console);
  for (const [index, [results, sentence]] of runs.entries()) {
    const spec = completeSpec({
      workload: 'echo',
      bin: 'node.ts',
      seed: index === 0 ? 'a' : `a.${index + 1}`,
    });
    series.add(spec, { results, sentence, folder: `store/echo/${index}`, interrupted: false }, 1.25);
  }
  series.summary();
  return text.trimEnd().split('\n');
}

it('each run has a line with seed, verdict, figure, seconds and folder, and a summary follows', () => {
  const good = [VALID, 'All is well.'] as const;
  expect(linesOf([good, [INVALID, 'One answer differs.']], 10)).toEqual([
    ' 1 of 10  a     valid    3 of 3 operations succeeded             1.3 s  store/echo/0',
    ' 2 of 10  a.2   INVALID  1 wrong answer                          1.3 s  store/echo/1',
    '',
    'runs        2 of 10: the first that is not valid ends the series',
    'verdicts    1 valid, 1 INVALID',
    'operations  6 of 6 succeeded',
    'seconds     2.5 in total, slowest 1.3',
  ]);
});

it('a warning of a valid run is below its line', () => {
  const lines = linesOf(
    [[VALID, 'Fine.\nWarning: none of 20 operations at n1 were carried out:\n  20 echo']],
    1,
  );
  expect(lines[1]).toBe('  Warning: none of 20 operations at n1 were carried out:');
  expect(lines[3]).toBe('runs        1');
});
