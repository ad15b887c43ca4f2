/** What WebAssembly nodes may do to the simulation: each action of test/wasm/hostile.c, in both ways to run such nodes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { checkModule } from '../../src/world/wasi/module/check-module.ts';
import { canSuspend, type WasmWay } from '../../src/world/wasi/module/compiled-wasm.ts';
import { limitMemory, readModule } from '../../src/world/wasi/module/module-sections.ts';
import { Programs } from '../../src/world/simulated/program/programs.ts';
import { runSource, type SourceRun, type SourceRunResult } from '../support/run-source.ts';

const hostile = readFileSync(new URL('../wasm/hostile.wasm', import.meta.url));
const INIT = { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1'] };

async function deed(way: WasmWay, name: string, more: Partial<SourceRun> = {}): Promise<SourceRunResult> {
  const programs = new Programs({ wasmWay: way });
  try {
    return await runSource({
      source: hostile,
      file: 'node.wasm',
      programs,
      args: [name],
      bodies: [INIT],
      ...more,
    });
  } finally {
    programs.clear();
  }
}

const WAYS: readonly { readonly way: WasmWay; readonly why: string }[] = [
  { way: 'thread', why: '' },
  { way: 'suspended', why: canSuspend ? '' : ' (skipped: this Node has no JSPI, which is in Node 24)' },
];

/** The text before the stack frames. */
const TRAPS: readonly (readonly [deed: string, words: string])[] = [
  ['unreachable', 'wasm trap: unreachable: an abort, a panic or an assertion of the program'],
  ['memory', 'wasm trap: memory access out of bounds: a bad pointer, or its stack has overflowed'],
  ['zero', 'wasm trap: divide by zero'],
  ['call', 'wasm trap: '],
  ['stack', 'wasm trap: '],
];

describe.each(WAYS)('a node in WebAssembly, run in the way "$way"$why', ({ way, why }) => {
  const here = it.skipIf(why !== '');

  here.each(TRAPS)('crashes by itself: %s', async (name, words) => {
    const { stderr, exits } = await deed(way, name);
    expect(stderr[0]).toContain(words);
    expect(stderr[1]).toMatch(/^ {4}at .*wasm-function\[\d+\]:0x/);
    expect(exits).toMatchObject([{ code: 134, signal: null, cause: [stderr[0]] }]);
  });

  here('hears of pointers and descriptors that lead nowhere', async () => {
    const { stderr } = await deed(way, 'pointers');
    expect(stderr.join(', ')).toMatchInlineSnapshot(
      `"outside 21, huge 21, list 21, many 21, result 21, random 21, negative 8, stdin 8, closed 8, clock 28, poll none 28, poll outside 28, sync 8, renumber 8"`,
    );
  });

  here('does not get out of its data folder', async () => {
    const { stderr } = await deed(way, 'paths');
    expect(stderr.join(', ')).toMatchInlineSnapshot(
      `"../escape 76, a/../../escape 76, /../escape 76, /etc/passwd 44,  0, .. 76, ./../simulated/x 76, no/such/folder 44, �� 25, raw 76, absolute 76, symlink 52, mkdir 0, unlink of a folder 31, rmdir 0"`,
    );
  });

  here('opens 1,024 files at most, and has them closed when it ends', async () => {
    const { stderr } = await deed(way, 'files', {
      script: {
        50: (nodes) => nodes.get('n1')?.kill(),
        100: (_nodes, _world, start) =>
          start('n1').deliver({ id: 2, src: 'c1', dest: 'n1', body: Buffer.from(JSON.stringify(INIT)) }),
      },
    });
    expect(stderr).toEqual(['life 0', 'open 1', 'life 1', 'open 1']);
  });

  here('does not poll for a million things', async () => {
    expect((await deed(way, 'polls')).stderr).toEqual(['polled 28', 'events 0']);
  });

  here('has 512 MB of memory at most', async () => {
    const { stderr, exits } = await deed(way, 'grow');
    const pages = Number(stderr[0]?.replace('pages ', ''));
    expect(pages).toBeGreaterThan(8000);
    expect(pages).toBeLessThanOrEqual(8192);
    expect(exits).toEqual([]);
  });

  here('is ended where it prints without end', async () => {
    const { stderr, exits, lines } = await deed(way, 'flood');
    expect(stderr.join('')).toContain('It printed more than 67108864 bytes');
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }]);
    expect(lines.filter((line) => !line.includes('init_ok'))).toEqual([]);
  });

  here('is ended where it never waits, and the others go on', async () => {
    const { exits, lines } = await deed(way, 'loop', {
      nodes: ['n1', 'n2'],
      yieldLimitMs: 1000,
      script: {
        500: (nodes) => nodes.get('n2')?.kill(),
      },
    });
    expect(exits).toMatchObject([{ signal: 'SIGKILL', byWatchdog: true }]);
    expect(exits[0]?.lastStderr.join('')).toContain('n1 did not yield for 1 s of real time');
    expect(lines.length).toBeLessThan(2);
  });
});

describe('a module', () => {
  /** Returns a module with those sections. */
  const moduleOf = (...sections: readonly (readonly [id: number, ...contents: number[]])[]): Buffer =>
    Buffer.from([
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      ...sections.flatMap(([id, ...contents]) => [id, contents.length, ...contents]),
    ]);
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const TYPES = [1, 1, 0x60, 0, 0] as const;
  const importing = (module: string, name: string): Buffer =>
    moduleOf([1, ...TYPES], [2, 1, ...text(module), ...text(name), 0, 0]);
  const exporting = (...exported: readonly (readonly [name: string, kind: number])[]): Buffer =>
    moduleOf(
      [1, ...TYPES],
      [3, 1, 0],
      [5, 1, 0, 1],
      [7, exported.length, ...exported.flatMap(([name, kind]) => [...text(name), kind, 0])],
    );
  const problem = (bytes: Buffer): string => {
    const checked = checkModule(bytes);
    return 'problem' in checked ? checked.problem : 'none';
  };

  test.each([
    [
      importing('env', 'consoleLog'),
      'it imports env.consoleLog, which only its own host, such as a browser, could give it.',
    ],
    [
      importing('./node_bg.js', '__wbindgen_throw'),
      'it imports ./node_bg.js.__wbindgen_throw, which only its own host, such as a browser, could give it.',
    ],
    [importing('gojs', 'runtime.wasmExit'), 'it was built by Go for a browser (GOOS=js).'],
    [
      importing('wasi_unstable', 'fd_write'),
      'it was built for the draft of WASI (wasi_unstable), which came before preview 1.',
    ],
    [
      importing('wasi', 'thread-spawn'),
      'it imports wasi.thread-spawn: it was built for threads, which a node does not have here.',
    ],
    [importing('wasi:io/poll@0.2.0', 'poll'), 'it imports wasi:io/poll@0.2.0.poll: WASI 0.2 or later.'],
    [
      importing('wasi_snapshot_preview1', 'fd_wrote'),
      'it imports wasi_snapshot_preview1.fd_wrote, which WASI preview 1 does not have.',
    ],
    [
      importing('env', '__cxa_throw'),
      'it imports env.__cxa_throw: it throws C++ exceptions, and was linked without what they need.',
    ],
    [exporting(['memory', 2]), 'it exports no function _start.'],
    [
      exporting(['memory', 2], ['_initialize', 0]),
      'it exports no function _start, but _initialize: it is a library (a reactor), not a command.',
    ],
    [
      exporting(['_start', 0]),
      'it exports no memory named "memory", where WASI calls find what they are given.',
    ],
    [moduleOf([2, 9]), 'it is cut off or damaged.'],
    [exporting(['memory', 2], ['_start', 0]), 'none'],
  ])('that cannot be a node is refused with the reason %#', (bytes, words) => {
    expect(problem(bytes)).toBe(words);
  });

  test('that is truncated anywhere is refused, or its remainder is a module', () => {
    for (let length = 8; length < 400; length += 7)
      expect(() => checkModule(hostile.subarray(0, length))).not.toThrow();
    for (let at = 8; at < 600; at += 3) {
      const damaged = Buffer.from(hostile);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      expect(() => checkModule(damaged)).not.toThrow();
    }
  });

  test('gets a limit for its memory, or keeps a lower one', () => {
    const most = (memory: readonly number[]): number | undefined =>
      readModule(limitMemory(moduleOf([5, 1, ...memory]), 300)).memory?.most;
    expect(most([0, 1])).toBe(300);
    expect(most([1, 1, 20])).toBe(20);
    expect(most([1, 1, 0xff, 0xff, 3])).toBe(300);
    expect(readModule(limitMemory(hostile, 300)).imports).toEqual(readModule(hostile).imports);
  });
});
