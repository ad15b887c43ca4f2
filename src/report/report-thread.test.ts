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

test('a report that needs more memory than most is written in a second attempt', async () => {
  const greedy = workerOf(
    'greedy',
    `const kept = [];
     for (let i = 0; i < 40; i++) kept.push(new Array(1_000_000).fill(i));
     parentPort.postMessage(kept.length === 40 ? [] : ['it was cut short']);`,
  );
  expect(await writeReportApart(ORDER, greedy)).toBeUndefined();
});

test('what could not be written is reported, and an end without a word as well', async () => {
  const failing = workerOf(
    'failing',
    `parentPort.postMessage(['rate.png: no font', 'latency-raw.png: no font']);`,
  );
  expect(await writeReportApart(ORDER, failing)).toBe(
    'The report is not complete: rate.png: no font (and 1 more)',
  );
  const throwing = workerOf('throwing', `throw new Error('no such folder');`);
  expect(await writeReportApart(ORDER, throwing)).toBe('The report is not complete: no such folder');
  const silent = workerOf('silent', `process.exit(3);`);
  expect(await writeReportApart(ORDER, silent)).toBe(
    'The report is not complete: its thread ended with code 3',
  );
});
