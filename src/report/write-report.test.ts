import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { opsOf } from '../../test/support/sample-run.ts';
import { checkListAppend } from '../checkers/elle/list-append/list-append.ts';
import type { CheckResult } from '../checkers/checker.ts';
import { checkPnCounter } from '../checkers/counters/pn-counter.ts';
import { checkSetFull } from '../checkers/sets/set-full.ts';
import { checkUniqueIds } from '../checkers/replies/unique-ids.ts';
import { CasRegisterChecker } from '../checkers/linearizable/cas-register.ts';
import { LinKvChecker } from '../workloads/lin-kv/lin-kv-results.ts';
import { MissingKeysChecker } from '../workloads/lin-kv/missing-keys.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { Json } from '../protocol/json.ts';
import type { Op } from '../history/op.ts';
import { RunFolder } from '../store/writing/run-folder.ts';
import { keysToKeep } from './findings/key-folders.ts';
import { writeEvidence } from '../store/own-evidence.ts';
import { writeReport } from './write-report.ts';

const ASSETS = {
  script: '',
  style: '',
  fontFolder: fileURLToPath(new URL('../../node_modules/dejavu-fonts-ttf/ttf', import.meta.url)),
};

let store: string;
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'maelstrom-report-'));
});
afterEach(() => rmSync(store, { recursive: true, force: true }));

/**
 * Writes a run's folder with that history and verdict and one message, followed by `messages` more, twenty per second.
 */
function storedRun(workload: string, ops: readonly Op[], result: CheckResult, messages = 0): string {
  const run = new RunFolder({
    store,
    spec: completeSpec({ workload, bin: '/bin/cat', seed: 's' }),
    startedAt: new Date(0),
    maelstromVersion: '0.0.0',
    onProblem: () => undefined,
  });
  for (const process of [0, 1, 2])
    run.clientOpened({ name: `c${process + 1}`, process, node: `n${process + 1}`, time: 0 });
  for (const op of ops) run.history.append(op);
  run.journal.sent(7, { id: 0, src: 'c0', dest: 'n1', body: Buffer.from('{"type":"echo"}') });
  run.journal.received(9, { id: 0, src: 'c0', dest: 'n1', body: Buffer.from('{"type":"echo"}') });
  for (let id = 1; id <= messages; id++) {
    const body = Buffer.from(`{"type":"m${id}"}`);
    run.journal.sent(id * 50e6, { id, src: 'n1', dest: 'n2', body });
    run.journal.received(id * 50e6 + 9, { id, src: 'n1', dest: 'n2', body });
  }
  run.writeResults({ 'valid?': result['valid?'], workload: result });
  run.close();
  return run.path;
}

function linKvResult(ops: readonly Op[]): CheckResult {
  const checker = new LinKvChecker(new CasRegisterChecker({ 'independent?': true }));
  for (const op of ops) checker.observe(op);
  return checker.result();
}

const filesIn = (folder: string): string[] => readdirSync(folder).toSorted();

test("a report is written next to the results, under upstream's names", async () => {
  const ops = opsOf([
    [1, 'invoke', 0, 'echo', 'hi'],
    [2, 'ok', 0, 'echo', 'hi'],
  ]);
  const folder = storedRun('echo', ops, { 'valid?': true });
  expect(await writeReport({ folder, sentence: 'All is well.', png: true }, ASSETS)).toEqual([]);
  const plots = ['latency-quantiles', 'latency-raw', 'rate'].flatMap((name) => [
    `${name}.png`,
    `${name}.svg`,
  ]);
  expect(filesIn(folder)).toEqual(
    expect.arrayContaining([...plots, 'messages.svg', 'report.html', 'timeline.html']),
  );
  expect(readFileSync(join(folder, 'rate.png')).subarray(1, 4).toString()).toBe('PNG');
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('All is well.');
});

test('each type of anomaly has a text and a drawing, also within the page', async () => {
  const ops = opsOf([
    [1, 'invoke', 0, 'txn', [['append', 1, 1]]],
    [2, 'ok', 0, 'txn', [['append', 1, 1]]],
    [3, 'invoke', 1, 'txn', [['r', 1, null]]],
    [4, 'ok', 1, 'txn', [['r', 1, [9]]]],
  ]);
  const folder = storedRun('txn-list-append', ops, checkListAppend(ops, {}));
  expect(await writeReport({ folder, sentence: 'No.', png: false }, ASSETS)).toEqual([]);
  expect(filesIn(join(folder, 'elle'))).toEqual(
    expect.arrayContaining(['garbage-read', 'garbage-read.svg', 'garbage-read.txt']),
  );
  // The same path as upstream's.
  expect(readFileSync(join(folder, 'elle', 'garbage-read', '0.svg'), 'utf8')).toBe(
    readFileSync(join(folder, 'elle', 'garbage-read.svg'), 'utf8'),
  );
  expect(readFileSync(join(folder, 'elle', 'garbage-read.txt'), 'utf8')).toContain(
    'although no transaction ever appended it',
  );
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
    'garbage-read: the operations that show it',
  );
});

test('each key has its history and its result, and an invalid one a drawing', async () => {
  const ops = opsOf([
    [1, 'invoke', 0, 'write', [0, 1]],
    [2, 'ok', 0, 'write', [0, 1]],
    [3, 'invoke', 1, 'read', [7, null]],
    [4, 'ok', 1, 'read', [7, 4]],
  ]);
  const folder = storedRun('lin-kv', ops, linKvResult(ops));
  expect(await writeReport({ folder, sentence: 'No.', png: false }, ASSETS)).toEqual([]);
  const keys = join(folder, 'independent');
  expect(filesIn(join(keys, '0'))).toEqual([
    'history.edn',
    'history.txt',
    'results.edn',
    'results.json',
    'timeline.html',
  ]);
  expect(readFileSync(join(keys, '0', 'timeline.html'), 'utf8')).toContain('1 operation.');
  expect(readFileSync(join(keys, '0', 'results.edn'), 'utf8')).toBe(
    '{:linearizable {:valid? true}, :timeline {:valid? true}, :valid? true}\n',
  );
  expect(filesIn(join(keys, '7'))).toContain('linear.svg');
  expect(readFileSync(join(keys, '7', 'history.txt'), 'utf8').split('\n')).toHaveLength(3);
});

test('of a long history only the invalid keys are copied', () => {
  const verdicts = new Map([
    ['1', { 'valid?': true }],
    ['2', { 'valid?': false }],
  ]);
  expect(keysToKeep(verdicts, 50_000)).toEqual(['2', '1']);
  expect(keysToKeep(verdicts, 50_001)).toEqual(['2']);
});

test('lost elements, impossible sums and duplicate ids have a drawing each', async () => {
  const set = opsOf([
    [1, 'invoke', 0, 'add', 5],
    [2, 'ok', 0, 'add', 5],
    [3, 'invoke', 1, 'read', null],
    [4, 'ok', 1, 'read', [9]],
  ]);
  const counter = opsOf([
    [1, 'invoke', 0, 'add', 5],
    [2, 'ok', 0, 'add', 5],
    [3, 'invoke', 1, 'read', null],
    [4, 'ok', 1, 'read', 4],
  ]).map((op) => (op.f === 'read' ? { ...op, final: true } : op));
  const ids = opsOf([
    [1, 'invoke', 0, 'generate', null],
    [2, 'ok', 0, 'generate', 'a/b'],
    [3, 'invoke', 1, 'generate', null],
    [4, 'ok', 1, 'generate', 'a/b'],
  ]);
  for (const [workload, ops, result, files] of [
    ['g-set', set, checkSetFull(set), ['lost-5', 'phantom-9']],
    ['pn-counter', counter, checkPnCounter(counter), ['final-reads']],
    ['unique-ids', ids, checkUniqueIds(ids), ['a%2fb']],
  ] as const) {
    const folder = storedRun(workload, ops, result);
    expect(await writeReport({ folder, sentence: 'No.', png: false }, ASSETS)).toEqual([]);
    expect(filesIn(join(folder, 'evidence'))).toEqual(
      files.flatMap((name) => [`${name}.svg`, `${name}.txt`]),
    );
  }
});

test('a duplicate id is found again and counted, if results shorten it, and if more operations received it than are listed', async () => {
  const long = 'w'.repeat(4000);
  const given = (id: Json, times: number, from: number): Parameters<typeof opsOf>[0] =>
    Array.from({ length: times }, (_, at) => [
      [from + at, 'invoke', 0, 'generate', null] as const,
      [from + at, 'ok', 0, 'generate', id] as const,
    ]).flat();
  const ops = opsOf([...given(long, 3, 1), ...given('a', 250, 10)]);
  const folder = storedRun('unique-ids', ops, checkUniqueIds(ops));
  expect(await writeReport({ folder, sentence: 'No.', png: false }, ASSETS)).toEqual([]);
  const texts = filesIn(join(folder, 'evidence'))
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(folder, 'evidence', name), 'utf8').split('\n'));
  expect(texts.map(([title = '']) => title.replace(/w{60}/, 'w'))).toEqual([
    'Id a was given out 250 times:',
    'Id w... (4000 characters) was given out 3 times:',
  ]);
  expect(texts[0]?.at(-2)).toBe('... and 50 more.');
});

test.each([
  ['under its own name', 'my-set'],
  ['under a built-in name, whose results have another form', 'lin-kv'],
])("a workload of the caller's own provides its evidence, %s", async (_, name) => {
  const ops = opsOf([
    [1, 'invoke', 0, 'add', 1n << 60n],
    [2, 'ok', 0, 'add', 1n << 60n],
    [3, 'invoke', 1, 'read', null],
    [4, 'ok', 1, 'read', []],
  ]);
  const folder = storedRun(name, ops, { 'valid?': false, missing: 1 });
  writeEvidence(folder, { kind: 'elements', elements: [{ fate: 'lost', element: 1n << 60n }] });
  expect(await writeReport({ folder, sentence: 'No.', png: false }, ASSETS)).toEqual([]);
  expect(readFileSync(join(folder, 'evidence', 'lost-1152921504606846976.txt'), 'utf8')).toContain(
    'Added by process 0 at n1 at 1.000000 s (operation 0), acknowledged',
  );
});

test('the fate of a lost element is reported, operation by operation', async () => {
  const ops = opsOf([
    [1, 'invoke', 0, 'add', 5],
    [2, 'ok', 0, 'add', 5],
    [3, 'invoke', 0, 'read', null],
    [4, 'ok', 0, 'read', [5]],
    [5, 'invoke', 1, 'read', null],
    [6, 'ok', 1, 'read', []],
  ]);
  const folder = storedRun('g-set', ops, checkSetFull(ops));
  await writeReport({ folder, sentence: 'No.', png: false }, ASSETS);
  expect(readFileSync(join(folder, 'evidence', 'lost-5.txt'), 'utf8')).toMatchInlineSnapshot(`
    "Element 5 was lost.
    Added by process 0 at n1 at 1.000000 s (operation 0), acknowledged at 2.000000 s.
    First read that shows it: by process 0 at n1, ended at 4.000000 s (operation 2).
    Of 2 reads that began after it was known (2.000000 s) 1 show it and 1 lack it.
    First of the reads that lack it: by process 1 at n2, ended at 6.000000 s (operation 4).
    "
  `);
});

test('messages are drawn around the operation that shows the failure, however late it was', async () => {
  const ops = opsOf([
    [900, 'invoke', 0, 'add', 5],
    [901, 'ok', 0, 'add', 5],
    [902, 'invoke', 1, 'read', null],
    [903, 'ok', 1, 'read', []],
  ]);
  const folder = storedRun('g-set', ops, checkSetFull(ops), 20_000);
  await writeReport({ folder, sentence: 'No.', png: false }, ASSETS);
  const svg = readFileSync(join(folder, 'messages.svg'), 'utf8');
  expect(svg).toContain('Those after the first 35,940 of 40,002 events');
  expect(svg).toContain('around operation 0 (900.000000 s)');
  expect(svg).toContain('m18001');
  expect(svg).not.toContain('m17900');
});

test('what cannot be drawn is reported, and everything else is drawn', async () => {
  const folder = storedRun('echo', [], { 'valid?': true });
  writeFileSync(join(folder, 'net-journal', 'events.bin'), 'no journal');
  const nowhere = { ...ASSETS, fontFolder: join(store, 'nowhere') };
  const problems = await writeReport({ folder, sentence: '', png: true }, nowhere);
  expect(problems).toHaveLength(3);
  expect(problems[0]).toMatch(/^latency-raw\.png: .*no such file/);
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
});

test('a run with a truncated history has a report of the rest', async () => {
  const folder = storedRun('echo', opsOf([[1, 'invoke', 0, 'echo', 'hi']]), { 'valid?': 'unknown' });
  const history = join(folder, 'history.jsonl');
  writeFileSync(history, `${readFileSync(history, 'utf8')}{"index":1,"ti`);
  rmSync(join(folder, 'results.json'));
  expect(await writeReport({ folder, sentence: 'The verdict is unknown.', png: false }, ASSETS)).toEqual([]);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('The verdict is unknown.');
});

test('messages.svg marks the read that no order allows, not an earlier answer that is wrong beside the verdict', async () => {
  const missing = { error: ['key-does-not-exist', 'not found'] };
  const ops = opsOf([
    [1, 'invoke', 0, 'write', [7, 1]],
    [2, 'ok', 0, 'write', [7, 1]],
    [3, 'invoke', 1, 'read', [7, null]],
    [4, 'fail', 1, 'read', [7, null]],
    [5, 'invoke', 0, 'write', [8, 1]],
    [6, 'ok', 0, 'write', [8, 1]],
    [7, 'invoke', 2, 'read', [8, null]],
    [8, 'ok', 2, 'read', [8, 2]],
  ]).map((op): Op => (op.type === 'fail' ? { ...op, ...missing } : op));
  const checker = new LinKvChecker(
    new MissingKeysChecker(new CasRegisterChecker({ 'independent?': true }, false)),
  );
  for (const op of ops) checker.observe(op);
  const folder = storedRun('lin-kv', ops, checker.result());
  await writeReport({ folder, sentence: 'Key 8.', png: false }, ASSETS);
  expect(readFileSync(join(folder, 'messages.svg'), 'utf8')).toContain('A line marks operation 6 (');
});
