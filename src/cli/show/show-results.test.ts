import { expect, it } from 'vitest';
import { EdnList, EdnMap, EdnSet, EdnTagged, keyword, type Edn } from '../../edn/edn-value.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { resultsToEdn } from '../../store/results/result-shapes.ts';
import { Console } from './console.ts';
import { showEdn } from './show-results.ts';

function show(value: Edn, { width = 70, maxItems = 16, env = {}, beside = '' } = {}): string {
  const console = new Console({ columns: width, write: () => undefined }, env);
  return showEdn(value, { console, maxItems, allIn: 'results.edn', beside });
}

const RESULTS = resultsToEdn({
  perf: { 'valid?': true },
  stats: {
    'valid?': true,
    count: 12,
    'ok-count': 12,
    'by-f': { echo: { 'valid?': true, count: 12, 'ok-count': 12 } },
  },
  'valid?': 'unknown',
});

it('breaks long maps, one entry per line', () => {
  expect(show(RESULTS)).toBe(
    [
      '{:perf {:valid? true},',
      ' :stats {:valid? true,',
      '         :count 12,',
      '         :ok-count 12,',
      '         :by-f {:echo {:valid? true, :count 12, :ok-count 12}}},',
      ' :valid? :unknown}',
    ].join('\n'),
  );
});

it('shows text that is read back as the same value', () => {
  const value = new EdnMap([
    [keyword('a'), [1, 2, new EdnSet([keyword('x'), 'y z'])]],
    ['text', new EdnList([null, new EdnTagged('inst', 'now')])],
    [[1], new EdnMap([])],
  ]);
  for (const width of [20, 40, 200]) expect(readEdn(show(value, { width }))).toEqual(value);
});

it('cuts long collections and shows by how much', () => {
  const many = Array.from({ length: 100 }, (_, i) => i);
  expect(show(many, { maxItems: 3 })).toBe('[0 1 2 ;; and 97 more, see results.edn\n ]');
});

it('shows the end of a long list of plain values, where an error often is', () => {
  const many = Array.from({ length: 100 }, (_, i) => i);
  expect(show(many, { maxItems: 8 })).toBe('[0 1 2 3 4 5 ;; and 92 more, see results.edn\n 98 99]');
  expect(show(`${'x'.repeat(1000)} the end`)).toContain('x the end"');
});

it('puts numbers next to each other, in as few lines as possible', () => {
  const numbers = [-9, 1.5, 10n, ...Array.from({ length: 12 }, (_, i) => i)];
  expect(show(numbers, { width: 20 })).toBe('[-9 1.5 10 0 1 2 3\n 4 5 6 7 8 9 10 11]');
  expect(show(numbers, { width: 20, maxItems: 4 })).toBe(
    '[-9 1.5 10\n ;; and 11 more, see results.edn\n 11]',
  );
  expect(show([])).toBe('[]');
});

it('shows the reply of a broken echo', () => {
  const errors = [['Expected a message with :echo', 'Please echo 1', 'But received', { echo: 'hello' }]];
  const shown = show(resultsToEdn({ 'valid?': false, errors }));
  expect(shown).toContain('{:echo "hello"}');
  expect(shown).not.toContain(';;');
});

it('omits no item that is shorter than the note about it', () => {
  expect(show([1, 2, 3, 4], { maxItems: 3, width: 20 })).toBe('[1 2 3 4]');
  expect(show([1, 2, 3, 'x'.repeat(100)], { maxItems: 3 })).toContain(';; and 1 more');
});

it('cuts long texts, and shows no control characters', () => {
  expect(show('\u001b[2Jgone')).not.toContain('\u001b');
  expect(show('x'.repeat(10_000)).length).toBeLessThan(500);
});

it('colours verdicts', () => {
  const shown = show(resultsToEdn({ 'valid?': false }), { env: { FORCE_COLOR: '1' } });
  expect(shown).toContain('\u001b[31m');
});

it('does not repeat a long text that is printed next to the results', () => {
  const long = `46 messages got offsets below 0, such as ${'message 1, '.repeat(10)}and others.`;
  const value = new EdnMap([[keyword('warnings'), [long, 'short']]]);
  const beside = `It is wrong. ${long} short`;
  expect(show(value, { beside })).toBe(
    '{:warnings ["46 messages got offsets below 0, such as message 1, message ... (see the text)"\n            "short"]}',
  );
  expect(show(value)).toContain('and others.');
});
