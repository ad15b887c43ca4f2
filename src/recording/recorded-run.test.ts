import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inMemory } from '../../test/support/memory-source.ts';
import { writeSampleRun } from '../../test/support/stored-run-sample.ts';
import { ClientBook } from '../history/client-book.ts';
import { storedRunSource } from '../report/read/stored-run-source.ts';
import { RecordedRun } from './recorded-run.ts';
import type { RunSource } from './run-source.ts';

const signal = new AbortController().signal;
const EVERYTHING = { from: -1e9, to: 1e9, limit: 100, buckets: 10, query: '' };
const OP = { process: 0, f: 'broadcast' };

describe('a recorded run', () => {
  let folder = '';
  beforeAll(() => {
    folder = writeSampleRun(mkdtempSync(join(tmpdir(), 'recorded-run-')), 'r', {
      clients: [{ name: 'c0', process: 0, node: 'n1', time: 0 }],
      messages: [
        {
          src: 'c0',
          dest: 'n1',
          sent: 1,
          arrives: [2],
          body: '{"type":"broadcast","msg_id":1,"text":"Žluťoučký"}',
        },
        { src: 'n1', dest: 'n2', sent: 2, lost: 3, body: '{"type":"gossip","message":7}' },
        { src: 'n1', dest: 'c0', sent: 3, arrives: [4, 5], body: '{"type":"broadcast_ok","in_reply_to":1}' },
        { src: 'n1', dest: 'c7', sent: 6, body: '{"type":"stray"}' },
      ],
      history: [
        JSON.stringify({ index: 0, time: 1e6, type: 'invoke', ...OP, value: 7 }),
        JSON.stringify({ index: 1, time: 4e6, type: 'ok', ...OP, value: 7 }),
        JSON.stringify({ index: 2, time: 5e6, type: 'invoke', process: 0, f: 'read "all"', value: null }),
      ],
    });
  });
  afterAll(() => rmSync(join(folder, '..', '..'), { recursive: true }));

  test('gives the same answers from memory as from the files of a store', async () => {
    const stored = storedRunSource(folder);
    const answers = await answersOf(stored);
    expect(await answersOf(inMemory(stored))).toEqual(answers);
    expect(answers).toMatchObject({
      overview: { messages: 4, lost: 1, duplicated: 1, operations: 2, problem: undefined },
      rows: [{ type: 'broadcast' }, { type: 'gossip' }, { type: 'broadcast_ok' }, { type: 'stray' }],
      found: [{ id: 0 }],
      message: { id: 0, replies: [{ id: 2 }], operation: 0 },
      operation: { outcome: 'ok', node: 'n1', exchanges: [{ request: { id: 0 }, reply: { id: 2 } }] },
      operations: { bars: { outcome: [1, 0], label: ['broadcast 7', 'read "all"'] } },
    });
  });

  test('knows its clients from the client book, or otherwise from their names', async () => {
    const kinds = async (source: RunSource): Promise<unknown> => {
      const run = new RecordedRun(source);
      await run.refreshJournal();
      const { lanes } = await run.messages({ ...EVERYTHING, mark: '', clients: 'each' }, signal);
      return Object.fromEntries(lanes.map(({ label, kind }) => [label, kind]));
    };
    const stored = storedRunSource(folder);
    expect(await kinds(stored)).toMatchObject({ c0: 'client', n1: 'node', n2: 'node', c7: 'service' });
    const unnamed = { ...stored, clients: new ClientBook(), refreshClients: () => undefined };
    expect(await kinds(unnamed)).toMatchObject({ c0: 'client', n1: 'node', n2: 'node', c7: 'client' });
  });

  test('knows which lanes can be moved: nodes and services, but not reasons for lost messages', async () => {
    const run = new RecordedRun(storedRunSource(folder));
    await run.refreshJournal();
    expect(run.overview(false).lanes).toEqual([
      { label: 'n1', kind: 'node' },
      { label: 'n2', kind: 'node' },
      { label: 'n3', kind: 'node' },
      { label: 'c7', kind: 'service' },
    ]);
  });

  test('finds text in any script, ASCII letters in either case', async () => {
    const run = new RecordedRun(inMemory(storedRunSource(folder)));
    await run.refreshJournal();
    const ids = async (query: string): Promise<readonly number[]> =>
      (await run.messageRows({ ...EVERYTHING, query, mark: '' }, signal)).map(({ id }) => id);
    expect(await ids('Žluťoučký')).toEqual([0]);
    expect(await ids('ŽLUťOUčKý')).toEqual([0]);
    expect(await ids('ŽLUŤOUČKÝ')).toEqual([]);
    expect(await ids('text:Žluťoučký')).toEqual([0]);
  });

  test('needs no Node modules: it can be bundled for browsers', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ['recorded-run.ts', 'files/memory-file.ts', 'suspects.ts'].map((name) =>
        fileURLToPath(new URL(name, import.meta.url)),
      ),
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      metafile: true,
      outdir: 'out',
      logLevel: 'silent',
    });
    expect(
      Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter((one) => one.external)),
    ).toEqual([]);
    for (const { text } of outputFiles) expect(text).not.toMatch(/\bBuffer\b|\bprocess\.(env|cwd|nextTick)/);
  });
});

async function answersOf(source: RunSource): Promise<unknown> {
  const run = new RecordedRun(source);
  await run.refreshJournal();
  await run.refreshHistory();
  const asked = { ...EVERYTHING, mark: '' };
  const overview = run.overview(false);
  return {
    overview: { ...overview, problem: overview.problem },
    window: await run.messages({ ...asked, clients: 'auto', mark: 'way:0' }, signal),
    rows: await run.messageRows(asked, signal),
    found: await run.messageRows({ ...asked, query: 'type:broadcast node:n1 is:client' }, signal),
    message: run.message(0),
    operation: run.operation(0),
    operations: await run.operations(EVERYTHING, signal),
    operationRows: await run.operationRows({ ...EVERYTHING, query: 'outcome:ok' }, signal),
  };
}
