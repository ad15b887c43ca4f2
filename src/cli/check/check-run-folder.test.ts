/** `maelstrom check` of the folder of a run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import { RunFolder } from '../../store/writing/run-folder.ts';
import { checkInFolders, edn, jsonl, ops, STALE } from '../../../test/support/check-in-folders.ts';

const here = checkInFolders();
const { check } = here;

const SPEC: TestSpec = {
  ...SAMPLE_SPEC,
  workload: 'g-set',
  nodes: ['n1', 'n2'],
  consistencyModels: ['strict-serializable'],
  seed: 's',
  world: 'real',
};

const ADDS = ops(
  ['invoke', 0, 'add', 1],
  ['ok', 0, 'add', 1],
  ['invoke', 1, 'read', null],
  ['ok', 1, 'read', [1]],
);

/** A run in the store, as one that ended, or was killed, leaves it. */
function storeRun(
  spec: Partial<TestSpec>,
  history: readonly Op[],
  results?: Parameters<RunFolder['writeResults']>[0],
): RunFolder {
  const run = new RunFolder({
    store: here.folder,
    spec: { ...SPEC, ...spec },
    startedAt: new Date(0),
    maelstromVersion: '0.0.0',
    onProblem: () => undefined,
  });
  for (const op of history) run.history.append(op);
  run.close();
  if (results !== undefined) run.writeResults(results);
  return run;
}

describe("a run's folder", () => {
  it('is checked as its test was', async () => {
    storeRun({}, ADDS, { 'valid?': false, net: { 'valid?': true, all: { 'send-count': 7 } } });
    const { code, out, err } = await check('FOLDER/latest');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/:send-count 7/);
    expect(out).toMatch(/:stable-count 1/);
    expect(out).toContain(
      'Of 2 operations 2 succeeded, 0 failed, 0 ended in doubt; nothing wrong was found.',
    );
    expect(out).toContain('History: FOLDER/latest/history.jsonl, 2 operations   Judged as: g-set');
  });

  it('is checked within a budget, too', async () => {
    storeRun({}, ADDS, { 'valid?': true });
    const { code, out } = await check('FOLDER/latest --memory-budget 1');
    expect(code).toBe(2);
    expect(out).toContain('There is no verdict: The budget was used up when 4 operations');
  });

  it('without operations is checked by what the run recorded about its nodes', async () => {
    const problems = [{ node: 'n1', kind: 'crashed', message: 'n1 ended by itself.', time: 0 }];
    const run = storeRun({}, [], { 'valid?': false, nodes: { 'valid?': false, problems } });
    writeFileSync(join(run.path, 'history.jsonl'), '');
    const { code, out } = await check('FOLDER/latest');
    expect([code, out]).toEqual([1, expect.stringContaining('n1 ended by itself.')]);
    expect((await check('FOLDER/latest --model echo')).code).toBe(2);
  });

  it('is checked by its history.txt with a warning, and not at all by a log without operations', async () => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    const { code, out, err } = await check('FOLDER/latest/history.txt');
    expect([code, err]).toEqual([
      0,
      'Warning: FOLDER/latest/history.txt has no times and does not mark final reads; FOLDER/latest/history.jsonl does.\n',
    ]);
    expect(out).toContain('2 operations   Judged as: g-set');
    writeFileSync(run.file('log'), '2026-11-27T12:49:23.044Z Phase: starting\n');
    expect(await check('FOLDER/latest/jepsen.log')).toMatchObject({
      code: 254,
      err: expect.stringContaining('none of its lines is an operation. Give the history itself: history.edn'),
    });
  });

  it.each<readonly [string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['truncated', (path) => writeFileSync(path, '{"valid?": true, "protocol": {')],
    ['not an object', (path) => writeFileSync(path, '[1, 2]')],
    ['nested deeply', (path) => writeFileSync(path, '['.repeat(300_000) + ']'.repeat(300_000))],
    ['a folder', (path) => mkdirSync(path)],
    ['a pipe', (path) => void execFileSync('mkfifo', [path])],
    ['a link', (path) => symlinkSync('/etc/hostname', path)],
  ])('is checked by its history, with a warning, if its results.json is %s', async (_, put) => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    rmSync(run.file('resultsJson'));
    put(run.file('resultsJson'));
    const { code, err } = await check('FOLDER/latest');
    expect(err).toMatch(
      /^Warning: \S+results\.json .*, so only the history is checked; other errors of nodes are not known\.\n$/,
    );
    expect(code).toBe(0);
  });

  it.each<readonly [string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'is a folder, not a plain file'],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), 'is a named pipe, not a plain file'],
    ['a link', (path) => symlinkSync('/dev/zero', path), 'is a symbolic link, not a plain file'],
  ])('is refused at once if its history is %s', async (_, put, why) => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    for (const name of ['historyJsonl', 'historyEdn'] as const) rmSync(run.file(name), { force: true });
    put(run.file('historyJsonl'));
    const { code, err } = await check('FOLDER/latest');
    expect([code, err]).toEqual([254, expect.stringContaining(why)]);
    // The other file of the same history is taken in its place.
    writeFileSync(run.file('historyEdn'), edn(ADDS));
    expect((await check('FOLDER/latest')).code).toBe(0);
  });

  it('keeps the errors found next to the history', async () => {
    const violation = { message: 'n1 said nonsense.', count: 1, sample: '' };
    storeRun({}, ADDS, { 'valid?': false, protocol: { 'valid?': false, violations: [violation] } });
    const { code, out } = await check('FOLDER/latest');
    expect(code).toBe(1);
    expect(out).toContain('\nn1 said nonsense.\n');
  });

  it('keeps its warnings, which --strict makes violations', async () => {
    const warning = (kind: string) => ({ node: 'n1', kind, message: `n1: ${kind}.`, count: 1, sample: '' });
    const warnings = ['second-answer', 'blank-line', 'of-another-version'].map(warning);
    storeRun({}, ADDS, { 'valid?': true, protocol: { 'valid?': true, violations: [], warnings } });
    const { code, out } = await check('FOLDER/latest');
    expect(code).toBe(0);
    expect(out).toContain('nothing wrong was found.\n3 kinds of protocol warnings:\nn1: second-answer.\n');
    const strictly = await check('FOLDER/latest --strict');
    expect(strictly.code).toBe(1);
    expect(strictly.out).toContain(
      '\nn1: second-answer.\n2 kinds of protocol warnings:\nn1: blank-line.\nn1: of-another-version.\n',
    );
  });

  it('of a killed run is checked by its history, with a warning', async () => {
    const run = storeRun({}, ADDS);
    writeFileSync(run.file('historyJsonl'), jsonl(ADDS).slice(0, -9));
    const { code, err } = await check('FOLDER/current');
    expect(code).toBe(2);
    expect(err).toContain('Warning: The run has no results of its own');
    expect(err).toContain('line 4, the last, is cut off and left out.');
  });

  it('is found by a file in it, and read from EDN if there is no JSON', async () => {
    const run = storeRun({}, ADDS, { 'valid?': true });
    expect((await check(run.file('historyEdn'))).out).toContain('Judged as: g-set');
    rmSync(run.file('historyJsonl'));
    expect((await check('FOLDER/latest')).out).toContain('history.edn, 2 operations');
  });

  it('is checked by another model if one is given', async () => {
    storeRun({}, ADDS, { 'valid?': true });
    const { code, out } = await check('FOLDER/latest --model set-full --linearizable');
    expect([code, out]).toEqual([0, expect.stringContaining('Judged as: set-full')]);
    expect((await check('FOLDER/latest --linearizable')).err).toContain(
      "--linearizable needs --model; without it, a run's folder is checked with the options of its test.",
    );
  });

  it('is checked as strictly as it was tested', async () => {
    const twice = ops(
      ['invoke', 0, 'add', 1],
      ['ok', 0, 'add', 1],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', [1, 1]],
    );
    storeRun({ strict: true }, twice, { 'valid?': false });
    expect((await check('FOLDER/latest')).code).toBe(1);
    storeRun({}, twice, { 'valid?': true });
    expect((await check('FOLDER/latest')).code).toBe(0);
  });

  it('is checked against other consistency models if they are given', async () => {
    storeRun({ workload: 'txn-list-append' }, STALE, { 'valid?': false });
    expect((await check('FOLDER/latest')).code).toBe(1);
    expect((await check('FOLDER/latest --consistency-models serializable')).code).toBe(0);
  });

  it('gets new results if requested', async () => {
    const run = storeRun({}, ADDS, { 'valid?': false });
    await check('FOLDER/latest --write');
    expect(JSON.parse(readFileSync(run.file('resultsJson'), 'utf8'))).toMatchObject({
      'valid?': true,
      workload: { 'stable-count': 1 },
    });
    expect(readFileSync(run.file('resultsEdn'), 'utf8')).toContain(':stable-count 1');
  });
});
