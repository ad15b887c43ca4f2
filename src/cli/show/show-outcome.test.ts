import { expect, it } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import { Console } from './console.ts';
import { showOutcome } from './show-outcome.ts';

const RESULTS: TestResults = {
  'valid?': false,
  stats: { 'valid?': true, count: 3, 'ok-count': 3, 'fail-count': 0, 'info-count': 0, 'by-f': {} },
  nodes: { 'valid?': true, problems: [] },
  workload: { 'valid?': false, errors: [['Expected', 'a', 'But received', { echo: '\u001b[2J' }]] },
};

function shown({
  isTTY,
  edn,
  columns = 80,
}: {
  readonly isTTY: boolean;
  readonly edn: boolean;
  readonly columns?: number;
}): readonly string[] {
  let text = '';
  const write = (more: string) => (text += more);
  showOutcome(
    {
      results: RESULTS,
      sentence: 'One answer differs.',
      spec: completeSpec({ workload: 'echo', bin: 'node.ts', seed: 'a' }),
      folder: 'store/echo/x',
      interrupted: false,
      command: 'maelstrom test -w echo',
      report: false,
      edn,
    },
    new Console({ isTTY, columns, write }, { NO_COLOR: '1' }),
  );
  return text.split('\n');
}

it('on a terminal has a line for each check, and no EDN', () => {
  const lines = shown({ isTTY: true, edn: false });
  expect(lines).toContain('workload      INVALID  1 wrong answer');
  expect(lines).toContain('stats         valid    3 of 3 operations succeeded');
  expect(lines.join('\n')).not.toContain(':valid?');
  expect(lines.join('\n')).not.toContain('\u001b');
  expect(lines).toEqual(expect.arrayContaining(['One answer differs.', 'Again: maelstrom test -w echo']));
  expect(lines.at(-2)).toBe('Analysis invalid! (ﾉಥ益ಥ）ﾉ ┻━┻');
});

it.each([
  { isTTY: false, edn: false },
  { isTTY: true, edn: true },
])('prints the results as EDN: %j', (where) => {
  const lines = shown(where);
  expect(lines.join('\n')).toContain('{:valid? false,');
  expect(lines.join('\n')).not.toContain('INVALID');
  expect(lines).toContain('One answer differs.');
});

it('cuts off no figure on a narrow terminal', () => {
  const lines = shown({ isTTY: true, edn: false, columns: 30 });
  const at = lines.indexOf('stats         valid');
  expect(lines.slice(at, at + 3)).toEqual([
    'stats         valid',
    '  3 of 3 operations succeeded',
    'nodes         valid',
  ]);
  expect(lines.join('\n')).not.toMatch(/ $/m);
  const narrower = shown({ isTTY: true, edn: false, columns: 20 }).join(' ');
  expect(narrower).toContain('  3 of 3 operations   succeeded');
});
