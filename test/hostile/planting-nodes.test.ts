/** A node plants things in the folder of its run: the command ends, writes its files, and changes nothing outside the folder. */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { statPlain } from '../../src/files/plain-file.ts';

const command = fileURLToPath(new URL('../../dist/maelstrom.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-planting-'));
/** A link without an extension, which the system starts by its `#!` line, so that nothing needs compiling. */
const program = join(folder, 'node');
symlinkSync(fileURLToPath(new URL('planting-node.mjs', import.meta.url)), program);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function maelstrom(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

const words = (text: string): readonly string[] => text.split(' ');

it.concurrent.each(['pipes', 'links', 'hard-links', 'folders', 'folder-links'])(
  '%s in place of the files of a run',
  { timeout: 120_000 },
  async (what) => {
    const store = join(folder, what);
    const outside = join(folder, `${what}-outside`);
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'precious');
    const { code, output } = await maelstrom(
      ...words(
        'test -w echo --node-count 2 --rate 50 --time-limit 6 --nemesis kill --nemesis-interval 2 --seed 3',
      ),
      '--store',
      store,
      '--bin',
      program,
      '--',
      what,
      outside,
    );
    // A slow machine may see no reply between two kills, which is not a success; our own bug would exit with 255.
    expect([0, 1], output).toContain(code);
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('precious');
    expect(readdirSync(outside)).toEqual(['precious']);
    const run = join(store, 'echo', readdirSync(join(store, 'echo')).find((name) => name !== 'latest') ?? '');
    for (const file of [
      'results.json',
      'results.edn',
      'report.html',
      'timeline.html',
      'messages.svg',
      'rate.svg',
      'net-journal/states.jsonl',
    ]) {
      expect(statPlain(join(run, file))?.size ?? 0, file).toBeGreaterThan(0);
    }
    expect(readdirSync(run)).toContain('planted');
    // Restarted nodes continue in a log that the harness created.
    const logs = readdirSync(join(run, 'node-logs')).filter((name) => /^n\d\.log$/.test(name));
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs) expect(statPlain(join(run, 'node-logs', log)), log).toBeDefined();
    expect((await maelstrom('check', run)).code).toBe(code);
  },
);
