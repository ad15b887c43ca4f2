/**
 * A workload written by the caller, with its own types of result and evidence: from `runTest` to its results, its report and
 * what `serve` shows of it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { Evidence } from '../src/checkers/evidence.ts';
import { operationNumbers } from '../src/history/operation-names.ts';
import { openRun } from '../src/store/open-run.ts';
import { elementsOf, valueText, type Json } from '../src/protocol/json.ts';
import { runTest } from '../src/harness/one-test/run-test.ts';
import { unpackRun } from '../src/recording/packed/unpack-run.ts';
import type { RunPage } from '../src/recording/views.ts';
import { writeReport } from '../src/report/write-report.ts';
import { makeApp } from '../src/server/http/app.ts';
import { gSet } from '../src/workloads/g-set.ts';
import type { Workload } from '../src/workloads/workload.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-own-'));
afterAll(() => rmSync(store, { recursive: true }));

/** The elements missing from the last read, each with the index of its acknowledged add. */
type Gone = {
  readonly 'valid?': boolean;
  readonly gone: readonly { readonly value: Json; readonly addedBy: number }[];
  readonly lastRead: number;
};

/** Checks only the last read. */
function lastReadChecker() {
  const added = new Map<Json, number>();
  let last: readonly Json[] = [];
  let lastRead = -1;
  return {
    observe({ f, type, value, index }: { f: string; type: string; value: Json; index: number }) {
      if (type !== 'ok') return;
      if (f === 'add') added.set(value, index);
      else [last, lastRead] = [elementsOf(value) ?? [], index];
    },
    result(): Gone {
      const gone = [...added]
        .filter(([value]) => !last.includes(value))
        .map(([value, addedBy]) => ({ value, addedBy }));
      return { 'valid?': gone.length === 0, gone, lastRead };
    },
  };
}

const mySet: Workload<Gone> = {
  name: 'my-set',
  about: 'A set of my own.',
  rpcs: gSet.rpcs,
  prepare(options) {
    const { finalGenerator, ...prepared } = gSet.prepare(options);
    return {
      client: (link) => prepared.client(link),
      generator: prepared.generator,
      ...(finalGenerator === undefined ? {} : { finalGenerator }),
      checker: lastReadChecker,
    };
  },
  explain: ({ gone }) => `My set lost ${gone.length} of its elements.`,
  evidence: ({ gone, lastRead }): Evidence => ({
    kind: 'elements',
    elements: gone
      .slice(0, 2)
      .map(({ value, addedBy }) => ({ element: value, fate: 'lost', operations: [addedBy] })),
    also: [{ title: 'the read that lacks them', operations: [lastRead] }],
  }),
};

test("a workload of the caller's own shows its evidence and suspects in its report and in serve", async () => {
  const { results, sentence, folder } = await runTest({
    workload: mySet,
    bin: fileURLToPath(new URL('../examples/broken/g-set.ts', import.meta.url)),
    world: 'simulated',
    store,
    report: false,
    seed: '1',
    rate: 20,
    timeLimitSeconds: 10,
  });
  expect(sentence).toMatch(/^My set lost \d+ of its elements\./);
  const result = results.workload as Gone;
  const [first, second] = result.gone;
  if (first === undefined || second === undefined) throw new Error('nothing was lost');
  // The workload names entries by their index in the history; people see the numbers of operations.
  const { numberOf } = operationNumbers(openRun(folder).history().ops);
  const suspects = [
    { title: `Element ${valueText(first.value)} was lost`, operations: [numberOf(first.addedBy)] },
    { title: `Element ${valueText(second.value)} was lost`, operations: [numberOf(second.addedBy)] },
    { title: 'the read that lacks them', operations: [numberOf(result.lastRead)] },
  ];

  const assets = { script: '', style: '', fontFolder: '' };
  expect(await writeReport({ folder, sentence, png: false }, assets)).toEqual([]);
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page).toContain(`Element ${valueText(first.value)} was lost`);
  const packed = />([^<]*)<\/script>/.exec(page.slice(page.indexOf('id="run"')))?.[1] ?? '';
  const { head } = unpackRun(inflateRawSync(Buffer.from(packed, 'base64')));
  expect(head.page.suspects).toEqual(suspects);

  const app = makeApp({ store, host: '127.0.0.1' });
  const shown = await app.request(`http://localhost/api/runs/my-set/${basename(folder)}`, {
    headers: { host: 'localhost:8080' },
  });
  expect(((await shown.json()) as RunPage).suspects).toEqual(suspects);
});
