/** Nodes' states, formatted and marked. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateChange } from '../../../src/recording/travel-view.ts';
import { pathText, stateLines, type StateLine } from './state-lines.ts';

const textOf = (lines: readonly StateLine[] | undefined): string =>
  (lines ?? []).map(({ text }) => text).join('\n');

const drawn = (lines: readonly StateLine[] | undefined): string[] =>
  (lines ?? []).map(
    ({ depth, text, mark, before }) =>
      `${mark === undefined ? ' ' : mark === 'added' ? '+' : '~'} ${'  '.repeat(depth)}${text}${before === undefined ? '' : ` was ${before}`}`,
  );

test('a state is formatted by changing only white space', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (json) => {
      expect(JSON.parse(textOf(stateLines(json, [])))).toEqual(JSON.parse(json));
    }),
  );
  const odd = '{"__proto__":{"a":1},"n":123456789012345678901234567890,"same":1,"same":2}';
  const shown = textOf(stateLines(odd, []));
  for (const text of ['"__proto__": { "a": 1 }', '123456789012345678901234567890', '"same": 1', '"same": 2'])
    expect(shown).toContain(text);
});

test('the changes of a turn are marked, and nothing else is', () => {
  const after =
    '{"term":3,"votes":{"n1":true},"log":[{"term":1,"value":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},{"term":3,"value":"b"}],"role":"follower"}';
  const changes: StateChange[] = [
    { path: ['term'], before: '2', after: '3' },
    { path: ['log', 1], after: '{"term":3,"value":"b"}' },
    // Deleted: what is now at this path was there before.
    { path: ['votes', 'n2'], before: 'true' },
    { path: ['log', 0], before: '{}' },
  ];
  expect(drawn(stateLines(after, changes))).toEqual([
    '  {',
    '~   "term": 3, was 2',
    '    "votes": { "n1": true },',
    '    "log": [',
    '      { "term": 1, "value": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },',
    '+     { "term": 3, "value": "b" }',
    '    ],',
    '    "role": "follower"',
    '  }',
  ]);
});

test('a state of one value, and an entirely new one, are marked completely', () => {
  expect(drawn(stateLines('3', [{ path: [], before: '2', after: '3' }]))).toEqual(['~ 3 was 2']);
  const json = JSON.stringify({ list: Array.from({ length: 30 }, (_, at) => at) });
  const lines = stateLines(json, [{ path: [], after: json }]);
  expect(lines?.length).toBe(34);
  expect(lines?.every(({ mark }) => mark === 'added')).toBe(true);
});

test('text that is not JSON is not formatted', () => {
  for (const text of ['', '{', '[1,', '{"a"}', '{"a":1}}', 'undefined', '"\\', '[1 2]', '['.repeat(1e5)])
    expect(stateLines(text, [])).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => void stateLines(text, [])));
});

test('paths in a state are written as a program would write them', () => {
  expect([[], ['log', 3, 'term'], [0], ['a b', 'c'], ['x', '__proto__']].map(pathText)).toEqual([
    'the state',
    'log[3].term',
    '[0]',
    '["a b"].c',
    'x.__proto__',
  ]);
});
