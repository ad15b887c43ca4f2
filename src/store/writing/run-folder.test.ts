import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestSpec } from '../../run/test-spec.ts';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import { openRun } from '../open-run.ts';
import { RunFolder } from './run-folder.ts';
import { lifeOfRun } from '../running-mark.ts';

const SPEC: TestSpec = {
  ...SAMPLE_SPEC,
  args: ['x'],
  nodes: ['n1'],
  concurrency: 1,
  seed: 's',
  world: 'real',
};
const STARTED = new Date('2026-11-21T02:34:56.789Z');

let store: string;
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'maelstrom-store-'));
});
afterEach(() => rmSync(store, { recursive: true, force: true }));

function begin(at = store): RunFolder {
  return new RunFolder({
    store: at,
    spec: SPEC,
    startedAt: STARTED,
    maelstromVersion: '0.0.0',
    onProblem: () => undefined,
  });
}

describe('RunFolder', () => {
  const readsBack = (run: RunFolder): void => {
    const { path } = run;
    run.close();
    expect(openRun(path).results()).toEqual({ 'valid?': true });
    expect([...openRun(path).history().ops]).toMatchObject([{ f: 'read' }, { f: 'read' }]);
    const journal = openRun(path).journal();
    expect([journal.messageCount, journal.eventCount]).toEqual([1, 1]);
    journal.close();
    expect(readFileSync(join(path, 'jepsen.log'), 'utf8')).toMatch(/early[\s\S]*Warning: [\s\S]*Results:/);
    expect(readdirSync(path).toSorted()).toEqual(expect.arrayContaining(['test.json', 'zero.json']));
  };
  const recorded = (at = store): RunFolder => {
    const run = begin(at);
    const op = { index: 0, time: 0, process: 0, f: 'read', value: null } as const;
    run.timesBegin(5);
    run.log('early');
    run.history.append({ ...op, type: 'invoke' });
    run.history.append({ ...op, index: 1, type: 'ok' });
    run.journal.sent(7, { id: 0, src: 'c0', dest: 'n1', body: Buffer.from('{}') });
    return run;
  };

  it.each<[what: string, meddle: (path: string) => void, warning: RegExp]>([
    ['removed', (path) => rmSync(path, { recursive: true }), /the run's folder was removed/],
    ['renamed', (path) => renameSync(path, `${path}-moved`), /the run's folder was removed/],
    [
      'replaced by a file',
      (path) => {
        rmSync(path, { recursive: true });
        writeFileSync(path, 'mine');
      },
      /the run's folder was removed or replaced/,
    ],
    ['removed with the store', () => rmSync(store, { recursive: true }), /the run's folder was removed/],
    ['left without its history', (path) => rmSync(join(path, 'history.jsonl')), /again: history\.jsonl\.$/],
    [
      'left without its journal',
      (path) => rmSync(join(path, 'net-journal'), { recursive: true }),
      /again: .*net-journal\/events\.bin/,
    ],
    [
      'given another history',
      (path) => {
        rmSync(join(path, 'history.jsonl'));
        writeFileSync(join(path, 'history.jsonl'), 'forged');
      },
      /again: history\.jsonl\.$/,
    ],
  ])('is written again if it was %s while the test ran, with a warning', (_, meddle, warning) => {
    const run = recorded();
    meddle(run.path);
    expect(run.writeResults({ 'valid?': true })).toMatch(warning);
    readsBack(run);
  });

  it('is created again for a restarted node', () => {
    const run = recorded();
    rmSync(run.path, { recursive: true });
    expect(existsSync(run.nodeDataDir('n1'))).toBe(true);
    expect(run.writeResults({ 'valid?': true })).toMatch(/the run's folder was removed/);
    readsBack(run);
  });

  it('is written again where the user’s own link points, and never through a link that was put there since', () => {
    const real = join(store, 'real');
    mkdirSync(real);
    symlinkSync(real, join(store, 'link'));
    const run = recorded(join(store, 'link'));
    rmSync(run.path, { recursive: true });
    expect(run.writeResults({ 'valid?': true })).toMatch(/the run's folder was removed/);
    readsBack(run);
    const other = recorded(join(store, 'link'));
    const outside = join(store, 'outside');
    mkdirSync(outside);
    rmSync(join(store, 'link'));
    symlinkSync(outside, join(store, 'link'));
    expect(() => other.writeResults({ 'valid?': true })).toThrow(
      /cannot be created again: .*now points elsewhere/,
    );
    expect(readdirSync(outside)).toEqual([]);
    other.close();
  });

  it('says that its process lives until it is closed, and leaves no trace of that', () => {
    const run = begin();
    expect(lifeOfRun(run.path)).toBe('alive');
    run.close();
    expect(lifeOfRun(run.path)).toBe('unknown');
    expect(readdirSync(run.path)).not.toContain('running.json');
  });

  it('is dead when its process is, even if another process has the same number', () => {
    const run = begin();
    const mark = join(run.path, 'running.json');
    const written = JSON.parse(readFileSync(mark, 'utf8')) as Record<string, unknown>;
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(mark, JSON.stringify({ ...written, pid }));
    expect(lifeOfRun(run.path)).toBe('dead');
    writeFileSync(mark, JSON.stringify({ ...written, place: 'another machine' }));
    expect(lifeOfRun(run.path)).toBe('unknown');
    writeFileSync(mark, '{"pid":-1');
    expect(lifeOfRun(run.path)).toBe('unknown');
    if (existsSync('/proc/self/stat')) {
      writeFileSync(mark, JSON.stringify({ ...written, began: '1' }));
      expect(lifeOfRun(run.path)).toBe('dead');
    }
    run.close();
  });

  it('is named by workload and time, and linked from the store', () => {
    const run = begin();
    expect(run.path).toBe(join(store, 'echo', '20261121T023456.789Z'));
    expect(readlinkSync(join(store, 'current'))).toBe('echo/20261121T023456.789Z');
    expect(existsSync(join(store, 'latest'))).toBe(false);
    run.writeResults({ 'valid?': true });
    run.close();
    expect(readlinkSync(join(store, 'latest'))).toBe('echo/20261121T023456.789Z');
    expect(readlinkSync(join(store, 'echo', 'latest'))).toBe('20261121T023456.789Z');
  });

  it('is the latest once it has results: an aborted run, or one in progress, is only the current one', () => {
    const complete = begin();
    complete.writeResults({ 'valid?': true });
    complete.close();
    const killed = begin();
    killed.close();
    expect(readlinkSync(join(store, 'latest'))).toBe(`echo/${basename(complete.path)}`);
    expect(readlinkSync(join(store, 'current'))).toBe(`echo/${basename(killed.path)}`);
  });

  it('is never shared, even by runs that begin in the same millisecond', () => {
    const runs = [begin(), begin(), begin()];
    for (const run of runs) run.close();
    expect(new Set(runs.map((run) => run.path)).size).toBe(3);
    expect(readlinkSync(join(store, 'current'))).toBe('echo/20261121T023456.791Z');
    expect(readdirSync(store).sort()).toEqual(['current', 'echo']);
  });

  it('works where a link cannot be made', () => {
    mkdirSync(join(store, 'latest', 'something'), { recursive: true });
    const run = begin();
    run.writeResults({ 'valid?': true });
    run.close();
    expect(existsSync(join(store, 'latest', 'something'))).toBe(true);
    expect(readFileSync(join(run.path, 'jepsen.log'), 'utf8')).toContain('latest could not be created');
  });

  it('explains why a store cannot be used', () => {
    const file = join(store, 'file');
    writeFileSync(file, '');
    expect(() => begin(file)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: expect.stringMatching(
          /file[^ ]* cannot be written: (a part of the path is a file|there is a file of that name)/,
        ),
        hint: 'Choose another folder with --store, or MAELSTROM_STORE.',
      }),
    );
  });

  it('is read back as it was written', () => {
    const run = begin();
    const op = { index: 0, time: 7, type: 'invoke', process: 0, f: 'echo', value: 'hi' } as const;
    run.history.append(op);
    run.log('hello');
    run.journal.sent(7, { id: 0, src: 'c0', dest: 'n1', body: Buffer.from('{"type":"echo"}') });
    run.writeResults({ 'valid?': true, workload: { 'valid?': true, big: 1n << 60n } });
    run.close();

    const stored = openRun(join(store, 'latest'));
    expect(stored.path).toBe(run.path);
    expect(stored.test.spec).toEqual(SPEC);
    expect(stored.history()).toEqual({ ops: [op] });
    expect(stored.results()).toEqual({ 'valid?': true, workload: { 'valid?': true, big: 1n << 60n } });
    const journal = stored.journal();
    expect(journal.message(0).body.toString()).toBe('{"type":"echo"}');
    journal.close();
    expect(readFileSync(join(run.path, 'history.edn'), 'utf8')).toContain(':f :echo');
    expect(readFileSync(join(run.path, 'history.txt'), 'utf8')).toContain('echo');
    const log = readFileSync(join(run.path, 'jepsen.log'), 'utf8');
    expect(log).toMatch(/^\d{4}-\S+Z 0\t:invoke\t:echo\t"hi"\n\d{4}-\S+Z hello$/m);
    expect(log).toMatch(
      / Results:\n\{:valid\? true, :workload \{:valid\? true, :big 1152921504606846976\}\}$/m,
    );
  });

  it('escapes in its log and history.txt what a terminal would interpret', () => {
    const run = begin();
    const value = 'a\u001b[2J\u009b31m\u202e"b';
    run.history.append({ index: 0, time: 7, type: 'invoke', process: 0, f: 'echo', value });
    run.log(`n1 said ${value},\nand no more`);
    run.close();
    const spelled = 'a\\u001b[2J\\u009b31m\\u202e';
    const line = `0\t:invoke\t:echo\t"${spelled}\\"b"\n`;
    expect(readFileSync(join(run.path, 'history.txt'), 'utf8')).toBe(line);
    const log = readFileSync(join(run.path, 'jepsen.log'), 'utf8').replaceAll(/^\d{4}-\S+Z /gm, '');
    expect(log).toBe(`${line}n1 said ${spelled}"b,\nand no more\n`);
    expect(openRun(run.path).history()).toMatchObject({ ops: [{ value }] });
  });

  it('is read back without results if the run never finished', () => {
    const run = begin();
    run.close();
    expect(openRun(run.path).results()).toBeUndefined();
    expect(openRun(run.path).storedResults()).toEqual({ kind: 'none' });
    expect(openRun(run.path).history().ops).toEqual([]);
  });
});

describe('openRun', () => {
  it('explains what a run is if the folder is not one', () => {
    expect(() => openRun(store)).toThrow(`${store} is not the folder of a run: it has no test.json.`);
  });

  it('refuses a run of a later version with advice', () => {
    const run = begin();
    run.close();
    writeFileSync(join(run.path, 'test.json'), '{"version": 99, "versions": {"maelstrom": "7.0.0"}}');
    expect(() => openRun(run.path)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          'was written by a later Maelstrom (format 99; this one reads up to 1)',
        ),
        hint: 'Update Maelstrom, or read it with version 7.0.0.',
      }),
    );
  });
});
