import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeSampleRun, type SampleRun } from '../../../test/support/stored-run-sample.ts';
import { compareRuns } from './compare-runs.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-compare-'));
afterAll(() => rmSync(store, { recursive: true }));

const op = (index: number, ms: number, type: string, value: unknown): string =>
  JSON.stringify({ index, time: ms * 1e6, type, process: 0, f: 'read', value });

const RUN: SampleRun = {
  history: [op(0, 1, 'invoke', null), op(1, 9, 'ok', [1])],
  messages: [
    { src: 'c1', dest: 'n1', sent: 1, arrives: [1], body: '{"type":"read"}' },
    { src: 'n1', dest: 'n2', sent: 2, arrives: [5], body: '{"type":"ask","n":1}' },
    { src: 'n2', dest: 'n1', sent: 6, arrives: [8], body: '{"type":"tell","n":1}' },
  ],
  results: { 'valid?': true, nodes: { 'valid?': true, problems: [] } },
  logs: { n1: '0.001 begun\n', n2: '0.001 begun\n' },
};

let runs = 0;
const write = (change: SampleRun): string => writeSampleRun(store, `run-${runs++}`, { ...RUN, ...change });
const compare = (one: SampleRun, other: SampleRun = {}): string | undefined =>
  compareRuns([write(one), write(other)])?.text;

/** The sample run with one of its messages changed. */
const withMessage = (at: number, change: object): SampleRun => ({
  messages: (RUN.messages ?? []).map((message, n) => (n === at ? { ...message, ...change } : message)),
});

it('finds no difference between equal runs, whatever was logged', () => {
  expect(compare({}, { logs: { n1: '0.001 begun at 12:34\n' } })).toBeUndefined();
});

it("shows the first different event side by side, and what remains to explain it if the node's input was the same", () => {
  expect(compare({}, withMessage(1, { body: '{"type":"ask","n":2}' }))).toMatchInlineSnapshot(`
    "The first difference is in event 2 of the journal, at 0.002000 s:
                  first run             second run
         time     2000000               2000000
         event    sent                  sent
         message  1                     1
         from     n1                    n1
         to       n2                    n2
      *  body     {"type":"ask","n":1}  {"type":"ask","n":2}
    Until then n1 received the same input in both runs: messages, times, random numbers, files. So the difference comes from within the program."
  `);
});

it('shows only the differing part of long bodies', () => {
  const body = (n: number): string => `{"type":"ask","text":"${'a'.repeat(500)}${n}${'b'.repeat(500)}"}`;
  const text = compare(withMessage(1, { body: body(1) }), withMessage(1, { body: body(2) })) ?? '';
  expect(text).toMatch(/\* {2}body +\.\.\.a{20}1b{39}\.\.\. +\.\.\.a{20}2b{39}\.\.\.\n/);
});

it("quotes the node's log if that differs", () => {
  const text = compare(
    {
      ...withMessage(2, { body: '{"type":"tell","n":7}' }),
      logs: { n1: '0.001 begun\n', n2: 'RangeError: Maximum call stack size exceeded\n' },
    },
    {},
  );
  expect(text).toContain('Until then n2 received the same input in both runs');
  expect(text).toContain(
    'Its log differs first in a line such as "RangeError: Maximum call stack size exceeded". So the difference comes from within the program.',
  );
});

it('is not misled by what a node does after its input differed', () => {
  const text = compare({}, { ...withMessage(1, { arrives: [7] }), logs: { n2: '0.001 other\n' } }) ?? '';
  expect(text).toMatch(/\* {2}event +received +sent/);
  expect(text).toContain('No node behaved differently before. This is a bug in Maelstrom');
});

it('shows an operation if that differs first, and a run that ended before the other', () => {
  const shorter = compare({ history: RUN.history?.slice(0, 1) ?? [] }) ?? '';
  expect(shorter).toContain('The first difference is in entry 1 of the history, at 0.009000 s');
  expect(shorter).toMatch(/\* {2}type +\(nothing more\) {2}ok\n/);
  const earlier = compare(
    { history: [op(0, 1, 'invoke', 5), op(1, 9, 'ok', [1])] },
    withMessage(2, { body: '{"type":"late"}' }),
  );
  expect(earlier).toContain('The first difference is in entry 0 of the history, at 0.001000 s');
});

it('blames no node for what the network did', () => {
  const body = '{"type":"ask","n":1}';
  const text = compare({}, withMessage(1, { arrives: [], lost: 5, body })) ?? '';
  expect(text).toMatch(/\* {2}event +received +lost \(partition\)/);
  expect(text).toContain('No node behaved differently before');
});

it('blames the analysis if only that differs', () => {
  const text = compare({ results: { 'valid?': false } }) ?? '';
  expect(text).toContain('The first difference is in line 1 of results.json:');
  expect(text).toContain('but different verdicts. This is a bug in Maelstrom');
});

it('blames real time for a node that the simulation ended', () => {
  const ended = { node: 'n2', kind: 'crashed', 'by-watchdog?': true };
  const text = compare(
    {},
    {
      ...withMessage(1, { arrives: [] }),
      results: { 'valid?': false, nodes: { 'valid?': false, problems: [ended] } },
    },
  );
  expect(text).toContain('In the second run n2 was stopped because of the real time or memory it took');
});
