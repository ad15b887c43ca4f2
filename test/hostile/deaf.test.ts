import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { runTest } from '../../src/index.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-deaf-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

it('a node that has stopped reading its stdin is named, and no other', { timeout: 60_000 }, async () => {
  const bin = fileURLToPath(new URL('deaf.mjs', import.meta.url));
  const { results, sentence } = await runTest({
    workload: 'echo',
    bin,
    store,
    report: false,
    nodes: ['n1', 'n2', 'n3'],
    rate: 20,
    timeLimitSeconds: 4,
  });
  expect(results['nodes']).toMatchObject({
    'valid?': true,
    unread: [{ node: 'n2', messages: expect.any(Number) as unknown }],
  });
  expect(sentence).toMatch(
    /Warning: n2 has stopped reading its stdin: its pipe has been full since (?:\d\.\d s|before the first operation), and \d+ messages \([\d,]+ bytes\) more are waiting for it\./,
  );
  expect(sentence).not.toContain('n1 has stopped reading');
  expect(sentence).not.toContain('n2 answered no request');
});
