import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { StderrLog } from './stderr-log.ts';

const root = mkdtempSync(join(tmpdir(), 'stderr-log-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const push = (log: StderrLog, text: string): void => {
  const bytes = Buffer.from(text);
  log.push(bytes, bytes.length);
  bytes.fill('#');
};

test('the file is cut at the limit, even over several lives of the node, and says so', () => {
  const logFile = join(root, 'n1.log');
  const first = new StderrLog({ logFile, limitBytes: 10 });
  push(first, 'abc\n');
  first.close();
  const lines: string[] = [];
  const second = new StderrLog({ logFile, limitBytes: 10, onLine: (line) => lines.push(line) });
  push(second, 'def\nghi\n');
  push(second, 'jkl\n');
  second.close();
  const notice = '... cut here: more than 10 bytes were printed on stderr';
  expect(readFileSync(logFile, 'utf8')).toBe(`abc\ndef\ngh\n${notice}\n`);
  expect(lines).toEqual(['def', notice]);
  expect(second.lastLines()).toEqual(['def', 'ghi', 'jkl']);
});

test('the last lines are kept, however they were written', () => {
  const log = new StderrLog({});
  for (let i = 0; i < 5000; i++) push(log, `line ${i}\n`);
  expect(log.lastLines()).toEqual(Array.from({ length: 10 }, (_, i) => `line ${4990 + i}`));
  push(log, 'x'.repeat(100_000));
  expect(log.lastLines()).toEqual(['x'.repeat(8192)]);
  log.close();
});

test('the last lines are the same in pieces of any size', () => {
  const text = Array.from({ length: 6000 }, (_, i) => `line ${i} ${'x'.repeat(i % 90)}\n`).join('');
  for (const size of [1, 90, 4095, 8191, 8192, 8193, 16_384, 40_000]) {
    const log = new StderrLog({});
    const begin = size === 1 ? text.length - 30_000 : 0;
    for (let at = begin; at < text.length; at += size) push(log, text.slice(at, at + size));
    expect(log.lastLines(), `pieces of ${size}`).toEqual(text.split('\n').slice(-11, -1));
    log.close();
  }
});

test('records from which byte on each part was written, and when', () => {
  const logFile = join(root, 'n2.log');
  let now = 5;
  const nowNanos = (): number => now;
  const first = new StderrLog({ logFile, nowNanos });
  push(first, 'abc\n');
  now = 70;
  push(first, 'de\n');
  first.close();
  const second = new StderrLog({ logFile, nowNanos: () => 900 });
  push(second, 'f\n');
  second.close();
  expect(readFileSync(`${logFile}.times`, 'utf8')).toBe('0 5\n4 70\n7 900\n');
});
