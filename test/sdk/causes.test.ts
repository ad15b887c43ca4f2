/** The causes of messages in the real world: nodes on the SDK report them, others need not. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openRun, runTest, type RunTestOptions, type StoredResults } from '../../src/index.ts';
import { JOURNAL_FILES } from '../../src/network/journal/journal-format.ts';
import { RecordedRun } from '../../src/recording/recorded-run.ts';
import { storedRunSource } from '../../src/report/read/stored-run-source.ts';
import { RUN_FILES } from '../../src/store/layout.ts';
import { originOf } from '../../src/world/cause.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-causes-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const run = (program: string, options: Omit<RunTestOptions, 'bin'>): Promise<StoredResults> =>
  runTest({
    store,
    report: false,
    world: 'real',
    seed: 'causes',
    ...options,
    bin: fileURLToPath(new URL(program, import.meta.url)),
  });

/** Returns `forward after write` for each message: its type and that of its cause, `none`, or `unknown`. */
function causesIn(folder: string): ReadonlySet<string> {
  const journal = openRun(folder).journal();
  const typeOf = (id: number): string =>
    (JSON.parse(journal.message(id).body.toString()) as { readonly type: string }).type;
  const found = new Set<string>();
  for (let id = 0; id < journal.messageCount; id++) {
    const origin = originOf(journal.message(id));
    const before = origin?.message === undefined ? 'none' : typeOf(origin.message);
    found.add(`${typeOf(id)} after ${origin === undefined ? 'unknown' : before}`);
  }
  journal.close();
  return found;
}

describe('of nodes on the SDK', () => {
  let folder: string;

  it('the cause of each message is recorded, across everything that a handler awaits', async () => {
    const { results, folder: written } = await run('forwarding.ts', {
      workload: 'lin-kv',
      nodes: ['n1', 'n2', 'n3'],
      timeLimitSeconds: 2,
      rate: 60,
    });
    folder = written;
    expect(results['protocol']).toEqual({ 'valid?': true, violations: [], warnings: [] });
    const causes = causesIn(folder);
    for (const cause of [
      'init_ok after init',
      'forward after write',
      'forward_ok after forward',
      'write_ok after forward_ok',
      'read after none',
      'read_ok after read',
    ])
      expect([...causes]).toContain(cause);
    const wrong = [...causes].filter((cause) =>
      /^(forward|write_ok|forward_ok) after (unknown|none|read)/.test(cause),
    );
    expect(wrong).toEqual([]);
  });

  it('a request is then followed by known causes alone', async () => {
    const source = storedRunSource(folder);
    source.refreshClients();
    const recorded = new RecordedRun(source);
    await recorded.refreshJournal();
    const { messageCount } = recorded.journal;
    const forwards = Array.from({ length: messageCount }, (_, id) => id).filter(
      (id) => recorded.message(id)?.type === 'forward',
    );
    const tree = await recorded.requestTree(forwards[0] ?? -1);
    expect(tree?.guessedFor).toEqual([]);
    const types = tree?.rows.map(({ message, reply, depth }) => [message.type, reply?.type, depth]);
    expect(types?.[0]).toEqual([expect.stringMatching(/write|cas/), expect.stringMatching(/_ok/), 0]);
    expect(types?.[1]).toEqual(['forward', 'forward_ok', 1]);
    expect(types?.length).toBe(2);
  });
});

it('of a node that reports nothing, nothing is written', async () => {
  const { results, folder } = await run('../../examples/python/echo.py', {
    workload: 'echo',
    timeLimitSeconds: 1,
    rate: 20,
  });
  expect(results['valid?']).toBe(true);
  expect(existsSync(join(folder, RUN_FILES.journal, JOURNAL_FILES.causes))).toBe(false);
});
