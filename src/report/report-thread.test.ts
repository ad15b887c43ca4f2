import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeReportApart } from './report-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-report-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ORDER = { folder, sentence: '', png: false };

function workerOf(name: string, source: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${source}`);
  return file;
}

test('a report that needs unusually much memory is written in a second attempt', async () => {
  const greedy = workerOf(
    'greedy',
    `const kept = [];
     for (let i = 0; i < 40; i++) kept.push(new Array(1_000_000).fill(i));
     parentPort.postMessage(kept.length === 40 ? [] : ['it was cut short']);`,
  );
  expect(await writeReportApart(ORDER, { workerFile: greedy })).toBeUndefined();
});

test('what could not be written is reported, and a silent exit as well', async () => {
  const failing = workerOf(
    'failing',
    `parentPort.postMessage(['rate.png: no font', 'latency-raw.png: no font']);`,
  );
  expect(await writeReportApart(ORDER, { workerFile: failing })).toBe(
    'The report is not complete: rate.png: no font (and 1 more)',
  );
  const throwing = workerOf('throwing', `throw new Error('no such folder');`);
  expect(await writeReportApart(ORDER, { workerFile: throwing })).toBe(
    'The report is not complete: no such folder',
  );
  const silent = workerOf('silent', `process.exit(3);`);
  expect(await writeReportApart(ORDER, { workerFile: silent })).toBe(
    'The report is not complete: its thread ended with code 3',
  );
});

test('stories are passed on as soon as they exist, and once', async () => {
  const telling = workerOf(
    'telling',
    `parentPort.postMessage({ version: 1, stories: [], note: 'first' });
     parentPort.postMessage({ version: 1, stories: [], note: 'second' });
     parentPort.postMessage([]);`,
  );
  const told: unknown[] = [];
  const outcome = await writeReportApart(ORDER, {
    workerFile: telling,
    onStories: ({ note }) => void told.push(note),
  });
  expect(outcome).toBeUndefined();
  expect(told).toEqual(['first']);
});
