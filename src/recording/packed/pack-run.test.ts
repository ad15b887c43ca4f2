import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSampleRun, type SampleMessage } from '../../../test/support/stored-run-sample.ts';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import { differences, fromPlanes, sums, toPlanes } from './number-planes.ts';
import { packRun, type PackLimits } from './pack-run.ts';
import { RecordedRun } from '../recorded-run.ts';
import type { RunSource } from '../run-source.ts';
import { unpackRun, type UnpackedRun } from './unpack-run.ts';
import type { RunPage } from '../views.ts';

const signal = new AbortController().signal;
const LIMITS: PackLimits = { messages: 1000, operations: 1000, bytes: 1e6 };
const NO_CUT = { from: -1e12, to: 1e12, limit: 1000, buckets: 10, query: '' };

test('numbers are restored from planes, and from differences', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 50 })), (numbers) => {
      expect([...fromPlanes(toPlanes(Float64Array.from(numbers)))]).toEqual(numbers);
      expect([...sums(fromPlanes(toPlanes(differences(Float64Array.from(numbers)))))]).toEqual(numbers);
    }),
  );
});

async function packed(source: RunSource, limits = LIMITS): Promise<UnpackedRun> {
  const run = await opened(source);
  const page = { test: source.test, suspects: [], logs: [], files: [] } as unknown as RunPage;
  const { bytes } = await packRun(
    { source, journal: run.journal, history: run.history, nodes: source.test.spec.nodes, page, logs: [] },
    limits,
  );
  return unpackRun(bytes);
}

async function opened(source: RunSource): Promise<RecordedRun> {
  const run = new RecordedRun(source);
  await run.refreshJournal();
  await run.refreshHistory();
  return run;
}

async function answersOf(source: RunSource): Promise<unknown> {
  const run = await opened(source);
  const messages = await run.messageRows({ ...NO_CUT, mark: '' }, signal);
  const operations = await run.operationRows(NO_CUT, signal);
  return {
    overview: { ...run.overview(false), problem: undefined },
    window: await run.messages({ ...NO_CUT, clients: 'auto', mark: 'caused:0' }, signal),
    operations: await run.operations(NO_CUT, signal),
    messages: messages.map(({ id }) => run.message(id)),
    found: await run.messageRows({ ...NO_CUT, query: '"Žluťoučký"', mark: '' }, signal),
    rows: operations.map(({ index }) => run.operation(index)),
  };
}

const op = (fields: object): string => JSON.stringify({ index: 0, time: 0, ...fields });

describe('a packed run', () => {
  let root = '';
  let stored: RunSource;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'pack-run-'));
    stored = storedRunSource(
      writeSampleRun(root, 'r', {
        clients: [{ name: 'c0', process: 0, node: 'n1', time: 0 }],
        messages: [
          {
            src: 'c0',
            dest: 'n1',
            sent: 1,
            arrives: [2],
            body: '{"type":"a","msg_id":1,"t":"Žluťoučký \\u2028"}',
          },
          { src: 'n1', dest: 'n2', sent: 2, lost: 3, body: '{"type":"gossip","x":"</script>"}' },
          { src: 'n1', dest: 'c0', sent: 3, arrives: [4, 5], body: '{"type":"a_ok","in_reply_to":1}' },
          { src: 'n1', dest: 'c7', sent: 6, body: '{"type":"stray"}' },
        ],
        history: [
          op({ type: 'invoke', process: 0, f: 'add', value: '\u2028 \\" ž' }),
          op({ index: 1, time: 1e6, type: 'info', process: 'nemesis', f: 'kill', value: ['n2'] }),
          op({ index: 2, time: 1e6, type: 'info', process: 'nemesis', f: 'kill', value: { n2: 'killed' } }),
          op({
            index: 3,
            time: 4e6,
            type: 'fail',
            process: 0,
            f: 'add',
            value: 7,
            error: ['timeout', 'no "it"'],
          }),
          op({ index: 4, time: 5e6, type: 'invoke', process: 1, f: 'čti "\\', value: null }),
        ],
      }),
    );
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('answers like the stored run', async () => {
    const { source, head } = await packed(stored);
    expect(await answersOf(source)).toEqual(await answersOf(stored));
    expect(head.counts).toEqual({
      messages: 4,
      operations: 2,
      allMessages: 4,
      allOperations: 2,
      untilNanos: null,
    });
  });

  test('that is too large ends at the same time for messages and operations, and says so', async () => {
    const { source, head } = await packed(stored, { ...LIMITS, messages: 3 });
    expect(head.counts).toMatchObject({ messages: 3, operations: 2, allMessages: 4, untilNanos: 6e6 });
    const run = await opened(source);
    expect(run.journal.messageCount).toBe(3);
    // Later fates of the included messages are included too.
    expect(run.message(2)?.copies).toEqual([5e6]);
    const less = await packed(stored, { ...LIMITS, operations: 1 });
    expect(less.head.counts).toMatchObject({ messages: 3, operations: 1, allOperations: 2, untilNanos: 5e6 });
    expect(await (await opened(less.source)).operationRows(NO_CUT, signal)).toHaveLength(1);
  });

  test('has the beginning and the end of long values, and shows how much is missing', async () => {
    const long = 'é'.repeat(200_000);
    const messages: SampleMessage[] = [
      { src: 'c0', dest: 'n1', sent: 1, arrives: [2], body: `{"type":"read","long":"${long}","msg_id":1}` },
      {
        src: 'n1',
        dest: 'c0',
        sent: 3,
        arrives: [4],
        body: `{"type":"read_ok","long":"${long}","in_reply_to":1}`,
      },
    ];
    const history = [
      op({ type: 'invoke', process: 0, f: 'read', value: null }),
      op({ index: 1, time: 9e6, type: 'ok', process: 0, f: 'read', value: long }),
    ];
    const folder = writeSampleRun(root, 'long', {
      clients: [{ name: 'c0', process: 0, node: 'n1', time: 0 }],
      messages,
      history,
    });
    const run = await opened((await packed(storedRunSource(folder), { ...LIMITS, bytes: 10_000 })).source);
    const message = run.message(0);
    expect(message?.replies).toMatchObject([{ id: 1, type: 'read_ok' }]);
    expect(message?.body).toMatch(
      /^\{"type":"read","long":"é+ … [\d,]+ bytes are left out here … é+","msg_id":1\}$/,
    );
    expect(message?.body.length).toBeLessThan(3000);
    const operation = run.operation(1);
    expect(operation?.completion).toMatch(
      /^\{"index":1,.*"value":"é+ … [\d,]+ bytes are left out here … é+"\}$/,
    );
    expect(operation?.exchanges).toMatchObject([{ request: { id: 0 }, reply: { id: 1 } }]);
  });

  test('of a run without journal and history is empty', async () => {
    const folder = writeSampleRun(root, 'empty', { messages: [], history: [] });
    const source = storedRunSource(folder);
    rmSync(join(folder, 'net-journal'), { recursive: true });
    rmSync(join(folder, 'history.jsonl'));
    const run = await opened((await packed(source)).source);
    expect(run.overview(false)).toMatchObject({ messages: 0, operations: 0 });
  });
});
