/** An operation has one number, that of its invocation, everywhere it is shown. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTest } from '../src/harness/one-test/open-test.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import type { OperationDetails, OperationRow } from '../src/recording/views.ts';
import { writeReport } from '../src/report/write-report.ts';
import { RunView } from '../src/server/runs/run-view.ts';
import { storedStories } from '../src/story/stored/stored-story.ts';
import { linKv } from '../src/workloads/lin-kv/lin-kv.ts';
import { BROKEN, smallFailingRun } from './support/small-failing-run.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-one-number-'));
afterAll(() => rmSync(store, { recursive: true }));

let folder = '';
let sentence = '';
let wrong = -1;

beforeAll(async () => {
  const example = BROKEN.find(({ name }) => name === 'raft-stale-reads');
  if (example === undefined) throw new Error('there is no such example');
  const { spec } = await smallFailingRun(example);
  const run = await openTest({ spec: completeSpec(spec), workload: linKv, store });
  const stored = await run.run();
  if (stored === undefined) throw new Error('the run was ended');
  ({ folder, sentence } = stored);
  wrong = Number(/Operation (\d+),/.exec(sentence)?.[1]);
  await writeReport({ folder, sentence, png: false }, { script: '', style: '', fontFolder: '' });
}, 240_000);

test('the sentence names an invocation', () => {
  const entries = readFileSync(join(folder, 'history.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(entries[wrong] ?? '')).toMatchObject({ index: wrong, type: 'invoke' });
});

test("panel, table, bars and messages of the viewer show the sentence's number", async () => {
  const view = new RunView(folder);
  await view.refreshJournal();
  await view.refreshHistory();
  const operation: OperationDetails | undefined = view.operation(wrong);
  if (operation === undefined) throw new Error(`there is no operation ${wrong}`);
  const { index, invoked, completed, exchanges } = operation;
  expect(index).toBe(wrong);
  const stretch = { from: invoked, to: completed ?? invoked, limit: 1000, query: '' };
  const never = new AbortController().signal;
  const rows: readonly OperationRow[] = await view.operationRows(stretch, never);
  expect(rows.map((row) => row.index)).toContain(wrong);
  const { bars } = await view.operations({ ...stretch, buckets: 10 }, never);
  expect(bars.index).toContain(wrong);
  expect(view.message(exchanges[0]?.request.id ?? -1)?.operation).toBe(wrong);
});

test('page and suspects of the server have it', async () => {
  const view = new RunView(folder);
  const { card } = {
    card: (await import('../src/recording/run-card.ts')).runCard('a/b', view.test, 'invalid'),
  };
  const page = await view.page(card);
  expect(page.sentence).toBe(sentence);
  expect(page.suspects[0]?.operations).toContain(wrong);
});

test('linear.svg, timeline.html and the story have it', () => {
  const key = /key (\d+)/.exec(sentence)?.[1] ?? '0';
  const linear = readFileSync(join(folder, 'independent', key, 'linear.svg'), 'utf8');
  expect(linear).toContain(`operation ${wrong} cannot have happened`);
  expect(linear).toContain(`<title>operation ${wrong}: `);
  expect(readFileSync(join(folder, 'timeline.html'), 'utf8')).toContain(`, operation ${wrong}, `);
  expect(storedStories(folder).stories[0]?.wrong).toBe(wrong);
});
