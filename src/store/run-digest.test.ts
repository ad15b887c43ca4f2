import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { writeSampleRun } from '../../test/support/stored-run-sample.ts';
import { digestOf, digestOfRun, shortDigest, type DigestedFile } from './run-digest.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-digest-'));
afterAll(() => rmSync(store, { recursive: true }));

const file = (name: string, ...pieces: readonly string[]): DigestedFile => [
  name,
  pieces.map((piece) => Buffer.from(piece)),
];

test('a digest does not depend on the pieces in which a file is read', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (pieces) => {
      expect(digestOf([file('a', ...pieces)])).toBe(digestOf([file('a', pieces.join(''))]));
    }),
  );
});

test.each([
  ['a byte', [file('a', 'xz'), file('b', 'y')]],
  ['where a file ends', [file('a', 'xyy'), file('b', '')]],
  ['the name of a file', [file('c', 'xy'), file('b', 'y')]],
  ['the order of the files', [file('b', 'y'), file('a', 'xy')]],
  ['a file that is missing', [file('a', 'xy')]],
] as const)('%s changes the digest', (_, files) => {
  expect(digestOf(files)).not.toBe(digestOf([file('a', 'xy'), file('b', 'y')]));
});

test('a run has the digest of its history, its messages and its results, but not of texts with real times', () => {
  const run = {
    history: ['{"index":0,"time":0,"type":"invoke","process":0,"f":"read","value":null}'],
    messages: [{ src: 'n1', dest: 'n2', sent: 1, arrives: [2], body: '{"type":"a"}' }],
    results: { 'valid?': true },
  };
  const digest = digestOfRun(writeSampleRun(store, 'one', run));
  const of = (name: string, change: object): string =>
    digestOfRun(writeSampleRun(store, name, { ...run, ...change }));
  expect(of('same', { spec: { bin: '/elsewhere/sample.ts' }, logs: { n1: 'said\n' } })).toBe(digest);
  const others = [
    of('history', { history: [] }),
    of('results', { results: { 'valid?': false } }),
    of('body', { messages: [{ ...run.messages[0], body: '{"type":"b"}' }] }),
    of('time', { messages: [{ ...run.messages[0], arrives: [3] }] }),
  ];
  expect(new Set([digest, ...others]).size).toBe(5);
  expect(digest.startsWith(shortDigest(digest))).toBe(true);
});
