/** Folders written by upstream's Maelstrom, in a store that is served. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunList } from './run-list.ts';
import { RunView } from './run-view.ts';
import { runFolderOf } from './run-address.ts';

const store = mkdtempSync(join(tmpdir(), 'foreign-'));
afterAll(() => rmSync(store, { recursive: true }));

const NAME = '20260304T101214.250-0500';
const HISTORY = `{:type :invoke, :f :broadcast, :value 0, :time 15000000, :process 0, :index 0}
{:type :ok, :f :broadcast, :value 0, :time 25000000, :process 0, :index 1}
{:type :info, :f :start-partition, :value :majority, :time 30000000, :process :nemesis, :index 2}
{:type :info, :f :start-partition, :value [:isolated {"n1" #{"n2"}, "n2" #{"n1"}}], :time 31000000, :process :nemesis, :index 3}
{:type :invoke, :f :read, :value nil, :time 40000000, :process 1, :index 4}
{:type :ok, :f :read, :value [], :time 50000000, :process 1, :index 5}
`;
const RESULTS = `{:perf {:latency-graph {:valid? true}, :rate-graph {:valid? true}, :valid? true},
 :timeline {:valid? true},
 :exceptions {:valid? true},
 :stats {:valid? true, :count 2, :ok-count 2, :fail-count 0, :info-count 0,
  :by-f {:broadcast {:valid? true, :count 1, :ok-count 1, :fail-count 0, :info-count 0}}},
 :availability {:valid? true, :ok-fraction 1.0},
 :net {:all {:send-count 9, :recv-count 9, :msg-count 9, :msgs-per-op 4.5},
  :servers {:send-count 5, :recv-count 5, :msg-count 5, :msgs-per-op 2.5}, :valid? true},
 :workload {:worst-stale [], :duplicated-count 0, :valid? false, :lost-count 1, :lost (0),
  :stable-count 0, :stale-count 0, :stale (), :never-read-count 0, :never-read (), :attempt-count 1, :duplicated {}},
 :valid? false}
`;

function write(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(store, 'broadcast', name);
  mkdirSync(join(folder, 'node-logs'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

let folder: string;
beforeAll(() => {
  folder = write(NAME, {
    'history.edn': HISTORY,
    'results.edn': RESULTS,
    'jepsen.log': '2026-03-04 10:12:14 INFO Running test\n',
    'test.jepsen': 'binary',
    'messages.svg': '<svg/>',
    'node-logs/n1.log': 'started\n',
    'node-logs/n2.log': '',
  });
});

const list = () => new RunList(store, () => 0);

describe('a run that upstream has written', () => {
  test('is listed with its verdict, its nodes and its start', () => {
    expect(list().all()).toMatchObject([
      {
        id: `broadcast/${NAME}`,
        workload: 'broadcast',
        verdict: 'invalid',
        startedAt: '2026-03-04T15:12:14.250Z',
        nodes: 2,
        finding: '1 of 1 element lost',
        messagesPerOperation: 2.5,
      },
    ]);
  });

  test('shows its operations, its faults, its verdict in words, and its files', async () => {
    expect(runFolderOf(store, 'broadcast', NAME)).toBeDefined();
    const view = new RunView(folder);
    await view.refreshJournal();
    await view.refreshHistory();
    expect(view.overviewAt(0)).toMatchObject({
      messages: 0,
      operations: 2,
      processes: [0, 1],
      isRunning: false,
      faults: [{ name: 'partition', nodes: ['n1', 'n2'] }],
    });
    expect(await view.propagation(new AbortController().signal)).toBeUndefined();
    expect(view.operation(4)).toMatchObject({ f: 'read', outcome: 'ok', process: 1 });
    const card = list().card(`broadcast/${NAME}`, folder);
    if (card === undefined) throw new Error('it is listed');
    const page = await view.page(card);
    expect(page.sentence).toMatch(/lost/);
    const [finding] = page.findings;
    expect(finding?.title).toBe('Element 0 is lost');
    expect(finding?.story?.story.steps.map(({ text }) => text)).toEqual([
      'process 0 broadcasts 0, which is acknowledged at 0.025 s',
      'process 1 reads and gets [] at 0.050 s',
      "process 1's read lacks 0, although it was acknowledged 15 ms before: 0 is lost.",
    ]);
    expect(finding?.story?.picture).toBeUndefined();
    expect(readdirSync(folder)).not.toContain('story.json');
    expect(page.logs.map(({ name }) => name)).toContain('node-logs/n1.log');
    expect(page.files).toContain('messages.svg');
  });

  test('whose history is long names the command that prints its story', async () => {
    const long = write('20260304T101219.000Z', {
      'history.edn': `${HISTORY}${' '.repeat(33 << 20)}`,
      'results.edn': RESULTS,
    });
    const card = list().card('broadcast/20260304T101219.000Z', long);
    if (card === undefined) throw new Error('it is listed');
    expect((await new RunView(long).page(card)).storyNote).toMatch(/33 MiB.*maelstrom story/);
  });

  test('without results is unfinished, and with invalid ones unreadable', () => {
    write('20260304T101215.000Z', { 'history.edn': HISTORY });
    write('20260304T101216.000Z', { 'history.edn': HISTORY, 'results.edn': 'oops' });
    const verdicts = new Map(
      list()
        .all()
        .map(({ id, verdict }) => [id.slice(-20), verdict]),
    );
    expect(verdicts.get('20260304T101215.000Z')).toBe('unfinished');
    expect(verdicts.get('20260304T101216.000Z')).toBe('unreadable');
  });

  test('whose history is invalid says so, and one that is a link is not followed', async () => {
    const view = new RunView(
      write('20260304T101217.000Z', { 'history.edn': '{:type', 'results.edn': RESULTS }),
    );
    await view.refreshHistory();
    expect(view.overviewAt(0).operations).toBe(0);
    const linked = join(store, 'broadcast', '20260304T101218.000Z');
    mkdirSync(linked);
    symlinkSync('/etc/hostname', join(linked, 'history.edn'));
    expect(runFolderOf(store, 'broadcast', '20260304T101218.000Z')).toBeUndefined();
  });
});
