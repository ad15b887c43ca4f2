/** Nodes in WebAssembly in the simulated world. Each test runs in both ways, where Node has both. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { packet, runSource, type SourceRun, type SourceRunResult } from '../../../test/support/run-source.ts';
import { Programs } from '../simulated/program/programs.ts';
import { buildWasmProgram } from './module/build-wasm-program.ts';
import { canSuspend, type WasmWay } from './module/compiled-wasm.ts';

const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../../../test/wasm/${name}.wasm`, import.meta.url));
const fixture = (name: string): Buffer => readFileSync(fixturePath(name));
const [hostile, journalKv, forgetfulKv] = ['hostile', 'journal-kv', 'forgetful-kv'].map(fixture) as [
  Buffer,
  Buffer,
  Buffer,
];

const INIT = { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1'] };

async function run(way: WasmWay, settings: SourceRun): Promise<SourceRunResult> {
  const programs = new Programs({ wasmWay: way });
  try {
    return await runSource({ file: 'node.wasm', programs, ...settings });
  } finally {
    programs.clear();
  }
}

/** Runs a misdeed of test/wasm/hostile.c. */
const deed = (way: WasmWay, name: string, settings: Partial<SourceRun> = {}): Promise<SourceRunResult> =>
  run(way, { source: hostile, args: [name], bodies: [INIT], ...settings });

const WAYS: readonly { readonly way: WasmWay; readonly why: string }[] = [
  { way: 'thread', why: '' },
  { way: 'suspended', why: canSuspend ? '' : ' (skipped: this Node has no JSPI, which is in Node 24)' },
];

describe.each(WAYS)('a node in WebAssembly, run in the way "$way"$why', ({ way, why }) => {
  const here = it.skipIf(why !== '');

  here('has the same randomness and time for the same seed, and other randomness for another', async () => {
    const [one, again, other] = [
      await deed(way, 'clocks', { seed: 7 }),
      await deed(way, 'clocks', { seed: 7 }),
      await deed(way, 'clocks', { seed: 8 }),
    ];
    expect(again).toEqual(one);
    expect(one.stderr.map((line) => line.replace(/random \d+/, 'random'))).toEqual([
      'slept ms 250',
      'year 2023',
      'random',
      'poll 0',
    ]);
    expect(other.stderr).not.toEqual(one.stderr);
  });

  here('sees a clock that is set wrong', async () => {
    const { stderr } = await deed(way, 'clocks', {
      script: { 0: (_, world) => world.skew('n1', { offsetNanos: -40 * 31_556_952e9, drift: 0 }) },
    });
    expect(stderr).toContain('year 1983');
  });

  here('gets its arguments and environment, and nothing of the harness', async () => {
    const { lines } = await deed(way, 'arguments', { args: ['arguments', 'x y', 'ü'] });
    expect(lines.slice(0, 5)).toEqual(['node.wasm', 'arguments', 'x y', 'ü', '/simulated/data (null)']);
  });

  const IN_FOLDER = {
    source: hostile,
    file: 'node/index.wasm',
    isFolder: true,
    files: { 'node/lib/text': 'a library', 'node/index.args': 'folder\n' },
    bodies: [INIT],
  };

  here('that is a folder reads what is in it, cannot change it, and writes to its data folder', async () => {
    const { stderr } = await run(way, IN_FOLDER);
    expect(stderr).toEqual([
      '/program/lib/text: a library',
      '/lib/text: a library',
      '/lib/../text 44',
      '. 3',
      '.. 3',
      'lib 3',
      'size 9',
      'below a file 54',
      'missing 44',
      ...['write', 'truncate', 'create', 'mkdir', 'unlink', 'rmdir', 'rename'].map((name) => `${name} 69`),
      'rename to data 75',
      'escape 76',
      'data 1',
      'both 1',
    ]);
  });

  here('that is a folder has the arguments of index.args before those of the user', async () => {
    const files = { 'node/index.args': 'arguments\nx y\n' };
    const { lines } = await run(way, { ...IN_FOLDER, files, args: ['ü'] });
    expect(lines.slice(0, 4)).toEqual(['index.wasm', 'arguments', 'x y', 'ü']);
  });

  here('exits with its code', async () => {
    const { exits } = await deed(way, 'return');
    expect(exits).toMatchObject([{ code: 3, signal: null }]);
    expect((await deed(way, 'exit')).exits).toMatchObject([{ code: 7 }]);
  });

  here('waits while it is paused, and then handles what has come', async () => {
    const { transcript } = await deed(way, 'echo', {
      bodies: [],
      script: {
        10: (nodes) => nodes.get('n1')?.pause(),
        20: (nodes) => nodes.get('n1')?.deliver(packet(1, INIT)),
        500: (nodes) => nodes.get('n1')?.resume(),
      },
    });
    expect(transcript).toHaveLength(1);
    expect(Number(transcript[0]?.split(' ')[0])).toBeGreaterThan(500e6);
  });

  here('polls stdin and a timer at once, as Go does', async () => {
    const goBuildId = Buffer.from('\0\x0c\x0ago:buildidx', 'latin1');
    const line = (id: number, type: string): object => ({ type, msg_id: id });
    const { lines, stderr, exits } = await deed(way, 'netpoll', {
      source: Buffer.concat([hostile, goBuildId]),
      bodies: [],
      script: {
        150: (nodes) => nodes.get('n1')?.deliver(packet(1, line(1, 'first'))),
        380: (nodes) => nodes.get('n1')?.deliver(packet(2, line(2, 'last'))),
      },
    });
    expect(stderr).toEqual(['nonblocking 1']);
    expect(lines).toEqual(['tick', 'got 1', 'tick', 'tick', 'got 2']);
    expect(exits).toMatchObject([{ code: 0 }]);
  });

  here.each(['tries', 'tries and sleeps'])(
    'gets its messages though it never waits for them: %s',
    async (name) => {
      const { lines, exits } = await deed(way, name, {
        bodies: [{ type: 'first' }],
        script: { 120: (nodes) => nodes.get('n1')?.deliver(packet(2, { type: 'last' })) },
        untilMs: 200,
      });
      expect(lines).toEqual(['got', 'got']);
      expect(exits).toMatchObject([{ code: 0 }]);
    },
  );

  here(
    'takes and gives lines that are longer than a pipe, and writes them to a file in one call',
    async () => {
      const value = 'ü'.repeat(150_000);
      const bodies = [
        INIT,
        { type: 'write', msg_id: 2, key: 'x', value },
        { type: 'read', msg_id: 3, key: 'x' },
      ];
      const { lines } = await run(way, { source: journalKv, bodies });
      expect(lines).toHaveLength(3);
      expect(JSON.parse(lines[2] ?? '')).toMatchObject({ body: { type: 'read_ok', value } });
    },
  );

  here('writes a line of any length to stdout in one call, as to a pipe that blocks', async () => {
    const { lines, stderr } = await deed(way, 'long write');
    expect(stderr).toEqual(['written 200001']);
    expect(lines.map(({ length }) => length)).toContain(200_000);
  });

  here('sees when its files were written, and can set it', async () => {
    const { stderr } = await deed(way, 'times', { untilMs: 3000 });
    expect(stderr).toEqual([
      'written s ago 0',
      'set 0',
      'seconds 1000',
      'touched 0',
      'now 1',
      'missing 44',
      'both 28',
    ]);
  });

  here('opens files for what it asked for, under names of up to 255 bytes', async () => {
    expect((await deed(way, 'ways')).stderr).toEqual(['long name 37', 'name 0', 'read 8', 'write 8']);
  });

  here('is reported when it closes its stdout or stdin and goes on, and only then', async () => {
    const bodies = [INIT, { type: 'echo', msg_id: 2 }];
    const closing = async (name: string): Promise<Partial<SourceRunResult>> => {
      const { lines, problems, exits } = await deed(way, name, {
        bodies,
        script: { 200: (nodes) => nodes.get('n1')?.deliver(packet(9, { type: 'late' })) },
      });
      return { problems, lines: lines.map((line) => line.slice(0, 7)), exits };
    };
    expect(await closing('close stdout')).toEqual({
      problems: ['stdout closed'],
      lines: ['{"src":'],
      exits: [],
    });
    // Waiting input is lost too.
    expect(await closing('close stdin')).toEqual({
      problems: ['stdin closed'],
      lines: ['{"src":'],
      exits: [],
    });
    expect(await closing('close all')).toMatchObject({ problems: [], exits: [{ code: 0 }] });
    const moved = await closing('move stdout');
    expect(moved).toMatchObject({ problems: [], exits: [] });
    expect(moved.lines).toContain('moved 0');
  });

  here('keeps at a kill what was synced, and may lose what was not', async () => {
    const write = { type: 'write', msg_id: 2, key: 'x', value: 'saved' };
    const read = { type: 'read', msg_id: 3, key: 'x' };
    const loses = async (source: Buffer, seed: number): Promise<boolean> => {
      const { lines } = await run(way, {
        source,
        seed,
        nodes: ['n1'],
        bodies: [INIT, write],
        script: {
          50: (nodes) => nodes.get('n1')?.kill(),
          100: (_nodes, _world, start) => start('n1').deliver(packet(9, read)),
        },
      });
      return !lines.some((line) => line.includes('saved'));
    };
    const seeds = [1, 2, 3, 4, 5, 6];
    const losses = async (source: Buffer): Promise<boolean[]> =>
      Promise.all(seeds.map((seed) => loses(source, seed)));
    expect(await losses(journalKv)).not.toContain(true);
    // Half of the kills lose data.
    expect(new Set(await losses(forgetfulKv)).size).toBe(2);
  });
});

/** Ends its thread when it would pass the turn to the simulation for the time after that many passes. */
const dyingAfter = (passes: number): string =>
  `const { store } = Atomics; let left = ${passes};` +
  `Atomics.store = (...given) => (left-- > 0 ? store(...given) : process.exit(9));`;

test('a node whose thread has died is ended at once, and reported', async () => {
  const program = await buildWasmProgram({ file: fixturePath('hostile') });
  const source = JSON.stringify({ ...program, thread: dyingAfter(3) + program.thread });
  const { exits, lines, transcript } = await run('thread', {
    source,
    file: 'node.simulated.json',
    args: ['echo'],
    bodies: [INIT, { type: 'echo', msg_id: 2 }, { type: 'echo', msg_id: 3 }],
    // The watchdog would wait for longer than this test may.
    yieldLimitMs: 600_000,
  });
  expect(exits).toMatchObject([{ signal: 'SIGKILL' }]);
  expect(exits[0]?.lastStderr).toContain('wasm: the thread of this process has died: it ended.');
  expect(lines.length).toBeGreaterThan(0);
  expect(transcript.at(-1)).toContain('exit SIGKILL');
});

test.runIf(canSuspend)('both ways give the same bytes', async () => {
  for (const name of ['clocks', 'pointers', 'paths', 'files', 'times', 'unreachable', 'exit'])
    expect(await deed('suspended', name)).toEqual(await deed('thread', name));
});
