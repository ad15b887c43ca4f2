import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { HuntFolder, newHead, openHunt, type HuntHead } from './hunt-folder.ts';
import type { Ran } from './job.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-hunts-'));
afterAll(() => rmSync(store, { recursive: true }));

const head: HuntHead = newHead({
  seed: 's',
  startedAt: '2026-11-21T02:34:56.789Z',
  plan: {
    base: completeSpec({ workload: 'echo', bin: '/x.ts', world: 'simulated' }),
    asked: ['rate'],
    kept: [],
    leastNodes: 1,
    readySeconds: 0.5,
    hasPrimary: false,
  },
  given: { bin: 'x.ts' },
  programDigest: 'abc',
  versions: { maelstrom: '1', node: 'v20' },
});

const ran = (messages: number): Ran => ({
  outcome: { verdict: true, signature: [], operations: 1, succeeded: 1, messages, nanos: 5, meetings: {} },
});

function hunted(runs: number): string {
  const folder = HuntFolder.create(store, head);
  for (let n = 1; n <= runs; n++) folder.add({ number: n, seed: `s-${n}` }, ran(n));
  folder.close();
  return folder.path;
}

const messagesOf = (folder: string): readonly number[] =>
  [...openHunt(folder).runs].map(({ outcome }) => outcome.messages);

it('has what was written, also through the link to the latest', () => {
  const folder = hunted(3);
  expect(folder).toMatch(/hunts\/20261121T023456\.789Z-echo/);
  expect(openHunt(folder).head).toEqual(JSON.parse(JSON.stringify(head)));
  expect(messagesOf(folder)).toEqual([1, 2, 3]);
  expect(openHunt(join(store, 'hunts', 'latest')).folder).toBe(folder);
});

it('two hunts that begin at the same time have separate folders', () => {
  expect(hunted(1)).not.toBe(hunted(1));
});

it('continues after an unfinished line', () => {
  const folder = hunted(2);
  appendFileSync(join(folder, 'hunt.jsonl'), '{"run":3,"seed":"s-3","outc');
  const stored = openHunt(folder);
  expect(messagesOf(folder)).toEqual([1, 2]);
  const again = HuntFolder.reopen(stored);
  again.add({ number: 3, seed: 's-3' }, ran(33));
  again.close();
  expect(messagesOf(folder)).toEqual([1, 2, 33]);
});

it('refuses what is not a hunt, and says where', () => {
  expect(() => openHunt(join(store, 'nothing'))).toThrow(/nothing is no hunt that can be resumed/);
  const folder = hunted(1);
  const file = join(folder, 'hunt.jsonl');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, '{"version":1}\n');
  expect(() => openHunt(folder)).toThrow('is not the record of a hunt');
  writeFileSync(file, '{"version":2}\n');
  expect(() => openHunt(folder)).toThrow('was written by a later Maelstrom (format 2');
  writeFileSync(file, `${text}nonsense\n{"run":3}\n`);
  expect(() => messagesOf(folder)).toThrow(/Line 3 of .* should be run 2 of the hunt, but is nonsense/);
});
