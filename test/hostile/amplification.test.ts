/** A reply of about 20 KB, nested as deeply as allowed, is quoted again and again: what is written about it stays bounded. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runTest } from '../../src/index.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { openRun } from '../../src/store/open-run.ts';

const root = mkdtempSync(join(tmpdir(), 'amplification-'));
afterAll(() => rmSync(root, { recursive: true }));

const NODE = `
const { createInterface } = require('node:readline');
let deep = '"x"';
for (let i = 0; i < 950; i++) deep = i % 2 ? '[' + deep + ',1]' : '{"a key of some length":' + deep + '}';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const fields = ['echo', 'value', 'id'].map((name) => '"' + name + '":' + deep).join(',') + ',"messages":[' + deep + ']';
  const type = body.type === 'init' ? '' : ',' + fields;
  console.error('got ' + body.type);
  process.stdout.write('{"src":"' + dest + '","dest":"' + src + '","body":{"type":"' + body.type + '_ok","in_reply_to":' + body.msg_id + type + '}}\\n');
});
`;

it.each(['echo', 'unique-ids', 'broadcast', 'lin-kv'])('in %s', async (workload) => {
  const bin = join(root, 'deep.cjs');
  writeFileSync(bin, NODE);
  const { folder, results } = await runTest({
    workload,
    bin,
    world: 'simulated',
    store: join(root, 'store'),
    report: false,
    seed: 'deep',
    nodes: ['n1'],
    timeLimitSeconds: 3,
    rate: 30,
  });
  expect(results['valid?']).not.toBe(true);
  expect(
    await writeReport({ folder, sentence: 'wrong', png: false }, { script: '', style: '', fontFolder: '' }),
  ).toEqual([]);
  // The sent messages, as the journal keeps them: the only file that grows with them.
  const sent = statSync(join(folder, 'net-journal', 'bodies.ndjson')).size;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('bodies.ndjson')) continue;
    const { size } = statSync(join(folder, name));
    // The history also has each reply once.
    const most = name.startsWith('history.') ? 1.1 * sent : sent / 2;
    expect(size, `${name}, of ${sent} bytes sent`).toBeLessThan(most);
  }
  expect(openRun(folder).results()).toBeDefined();
});
