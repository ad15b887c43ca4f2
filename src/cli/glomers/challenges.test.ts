import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readTestSpec } from '../test-command/read-test-spec.ts';
import { readTestWords, wordsOf } from '../grading/grade-run.ts';
import { CHALLENGES, challengesNamed } from './challenges.ts';

const specOf = (test: string) =>
  readTestSpec(readTestWords(['--bin', 'x', ...wordsOf(test)]), {
    resolveBin: (path) => path,
    freshSeed: () => 's',
  });

it('every test is one that maelstrom test accepts', () => {
  expect(CHALLENGES.flatMap(({ tests }) => tests.map(specOf))).toHaveLength(15);
});

it('3d is the test of its page', () => {
  const [challenge] = challengesNamed(['3d'], '');
  expect(challenge?.limits).toEqual({ messagesPerOperation: 30, medianMs: 400, maximumMs: 600 });
  expect(challenge?.tests.map(specOf)).toMatchObject([
    {
      workload: 'broadcast',
      rate: 100,
      timeLimitSeconds: 20,
      latency: { meanMs: 100, distribution: 'constant' },
    },
  ]);
  expect(specOf(challenge?.tests[0] ?? '').nodes).toHaveLength(25);
});

it('a number stands for all its parts, in order and without duplicates', () => {
  const names = (words: readonly string[]) => challengesNamed(words, 'glomers').map(({ name }) => name);
  expect(names(['6C', '3', '1', '3a'])).toEqual(['1', '3a', '3b', '3c', '3d', '3e', '6c']);
  expect(names(['3b,3c', '1,'])).toEqual(['1', '3b', '3c']);
  expect(() => names(['7'])).toThrow('there is no challenge "7"');
  expect(() => names([])).toThrow('No challenge was named');
});

it('each has something to read: its section on what goes wrong, and a page or an example', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const page = readFileSync(join(root, 'docs/challenges.md'), 'utf8');
  const anchors = [...page.matchAll(/^### (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const { name, reading = '' } of CHALLENGES) {
    const [, anchor, other] = /^docs\/challenges\.md#(\S+), then (\S+)$/.exec(reading) ?? [];
    expect(anchors).toContain(anchor);
    expect(anchor?.startsWith(`${name}-`)).toBe(true);
    expect(existsSync(join(root, other ?? '?'))).toBe(true);
  }
});
