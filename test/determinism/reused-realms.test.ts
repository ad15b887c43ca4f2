/**
 * A simulator for many runs gives the same results as separate runs: for all examples, also where known lives run no process
 * (world/simulated/known-lives.ts), and for programs that leave something behind in the state they share with later runs.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openSimulator, type Simulator } from '../../src/harness/simulations/simulator.ts';
import { simulateOnce, type SimulatedRun } from '../../src/harness/simulations/simulate-once.ts';
import type { Journal } from '../../src/network/journal/journal.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { opToJsonLine } from '../../src/history/op-codec.ts';
import { resultsToJson } from '../../src/store/results/results-text.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import type { Packet } from '../../src/world/world.ts';
import { EXAMPLES, OFFENDER, PROBE, specOf } from './programs.ts';
import { workloadOf } from '../support/workload-of.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-realms-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns a journal that hashes all calls. */
function recorder(): { readonly journal: Journal; readonly digest: () => string } {
  const hash = createHash('sha256');
  const note = (
    what: string,
    time: number,
    { id, src, dest, body, cause }: Packet,
    more: unknown = '',
  ): void =>
    void hash
      .update(`${what} ${time} ${id} ${src} ${dest} ${JSON.stringify(cause)} ${String(more)} `)
      .update(body);
  const journal: Journal = {
    sent: (time, packet) => note('sent', time, packet),
    received: (time, packet) => note('received', time, packet),
    dropped: (time, packet, reason) => note('dropped', time, packet, reason),
    duplicated: (time, packet, copies) => note('duplicated', time, packet, copies),
    flush: () => {},
    close: () => {},
  };
  return { journal, digest: () => hash.digest('hex') };
}

interface Bytes {
  readonly run: SimulatedRun;
  readonly bytes: readonly [history: string, results: string, journal: string];
}

async function bytesOf(
  run: Simulator['run'],
  spec: TestSpec,
  seed: string,
  workload = workloadOf(spec),
): Promise<Bytes> {
  const { journal, digest } = recorder();
  const done = await run(spec, workload, seed, { journal });
  const history = done.history.map(opToJsonLine).join('\n');
  return { run: done, bytes: [history, resultsToJson(done.results), digest()] };
}

type Program = (typeof EXAMPLES)[number];

/** Each program with its runs alone, which several simulators are compared with. */
const runAlone = new Map<string, ReturnType<typeof runBoth>>();

/** Runs a program alone with two seeds. */
async function runBoth(program: Program) {
  // Some have the same file name.
  const own = join(folder, String(EXAMPLES.indexOf(program)));
  const { bin } = await bundleNode(join(ROOT, program.path), 'simulated', own);
  const spec = specOf(program, bin);
  return {
    spec,
    bySeed: { 1: await bytesOf(simulateOnce, spec, '1'), 2: await bytesOf(simulateOnce, spec, '2') },
  };
}

function aloneOnce(program: Program): ReturnType<typeof runBoth> {
  const known = runAlone.get(program.path) ?? runBoth(program);
  runAlone.set(program.path, known);
  return known;
}

it.each([...EXAMPLES, PROBE, OFFENDER])('$path gives the same bytes after other runs', async (program) => {
  const { spec, bySeed } = await aloneOnce(program);
  const simulator = openSimulator();
  const runs: SimulatedRun[] = [];
  for (const seed of [1, 2, 1] as const) {
    const fast = await bytesOf(simulator.run, spec, String(seed));
    expect(fast.bytes).toEqual(bySeed[seed].bytes);
    expect(bySeed[seed].run.hasReusedRealms).toBe(false);
    runs.push(fast.run);
  }
  simulator.close();
  expect(runs.map((run) => run.hasReusedRealms).slice(1)).toEqual([true, true]);
  expect(runs[0]?.history.length).toBeGreaterThan(0);
});

const ofRun = ({ history, results, messages }: SimulatedRun): unknown => ({ history, results, messages });

it.each(EXAMPLES)('$path does the same where its lives are known', async (program) => {
  const { spec, bySeed } = await aloneOnce(program);
  const workload = workloadOf(spec);
  const simulator = openSimulator({ remembersLives: true });
  for (const seed of [1, 2, 1] as const)
    expect(ofRun(await simulator.run(spec, workload, String(seed)))).toEqual(ofRun(bySeed[seed].run));
  simulator.close();
});

/** Returns a node whose echo replies say what `look` found at each start, including what earlier processes left. */
const node = (leave: string, look: string): string => `
  import { createInterface } from 'node:readline';
  const found = (() => { ${look} })();
  ${leave}
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { src, dest, body } = JSON.parse(line);
    const type = body.type + '_ok';
    const echo = body.type === 'echo' ? { echo: body.echo } : {};
    console.log(JSON.stringify({ src: dest, dest: src, body: { type, in_reply_to: body.msg_id, ...echo, found } }));
  });`;

interface Leaver {
  readonly what: string;
  readonly leave: string;
  readonly look: string;
  /** Whether realms are still reused: what it leaves is removed, or does not reach other processes. */
  readonly isHarmless: boolean;
}

const LEAVERS: readonly Leaver[] = [
  { what: 'a global', leave: 'globalThis.mine = 1;', look: 'return typeof mine', isHarmless: true },
  {
    what: 'another console, clock and timers',
    leave: `const log = console.log; globalThis.console = { log }; globalThis.Date = class {}; globalThis.setTimeout = 7; process.env.MINE = 'x';`,
    look: 'return [typeof console.error, Date.name, typeof setTimeout, process.env.MINE]',
    isHarmless: true,
  },
  {
    what: "state of the module and of Node's modules",
    leave: `import events from 'node:events'; events.EventEmitter.prototype.mine = 1; Buffer.mine = 1; process.mine = 1;`,
    look: 'return [events.EventEmitter.prototype.mine, Buffer.mine, process.mine]',
    isHarmless: true,
  },
  {
    what: 'globals that are made when they are first read, changed or replaced',
    leave: 'URL.prototype.mine = 1; structuredClone.mine = 1; globalThis.TextEncoder = 7;',
    look: 'return [URL.prototype.mine, structuredClone.mine, typeof TextEncoder, typeof new AbortController()]',
    isHarmless: true,
  },
  {
    what: 'timers, promises that stay open and an interval',
    leave: `setInterval(() => {}, 1); setTimeout(() => {}, 3600000); void new Promise(() => {}).then(() => {});
      (async () => { for (;;) await new Promise((resolve) => setTimeout(resolve, 5)); })();`,
    look: 'return [Math.random(), performance.now()]',
    isHarmless: true,
  },
  {
    what: 'a tick and a microtask in its last turn',
    leave: `process.on('SIGTERM', () => { Promise.resolve().then(() => { globalThis.late = 1; });
      process.nextTick(() => { globalThis.later = 1; }); process.exit(0); });`,
    look: 'return [typeof late, typeof later]',
    isHarmless: true,
  },
  { what: 'the last match', leave: `/b(.)/.exec('abc');`, look: 'return RegExp.$1', isHarmless: true },
  {
    what: 'streams that it has loaded',
    leave: `import { Readable } from 'node:stream'; process.stdin.on('readable', () => {}); process.stdin.removeAllListeners('readable'); void Readable;`,
    look: 'return typeof process.stdin.pipe',
    isHarmless: true,
  },
  {
    what: 'a method of all arrays',
    leave: 'Array.prototype.mine = () => 1;',
    look: 'return typeof [].mine',
    isHarmless: false,
  },
  {
    what: 'another method in the place of one of the language',
    leave: `const { push } = Array.prototype; let pushes = 0; Array.prototype.push = function (...items) { pushes++; return push.apply(this, items); };`,
    look: 'return String([].push)',
    isHarmless: false,
  },
  {
    what: 'a getter in the place of a value',
    leave: `Object.defineProperty(Math, 'PI2', { get: () => 6 });`,
    look: 'return Math.PI2',
    isHarmless: false,
  },
  {
    what: 'a getter in the place of a method, which writes, sets a timer and throws',
    leave: `Object.defineProperty(Array.prototype, 'at', { get() { console.log('{}'); setTimeout(() => {}, 1); throw new Error('got'); } });`,
    look: `return typeof Object.getOwnPropertyDescriptor(Array.prototype, 'at').get`,
    isHarmless: false,
  },
  {
    what: 'a getter that gives what stood in its place',
    leave: `const { at } = Array.prototype; Object.defineProperty(Array.prototype, 'at', { get: () => at });`,
    look: `return typeof Object.getOwnPropertyDescriptor(Array.prototype, 'at').get`,
    isHarmless: false,
  },
  {
    what: 'a frozen prototype',
    leave: 'Object.freeze(Map.prototype);',
    look: 'return Object.isFrozen(Map.prototype)',
    isHarmless: false,
  },
  {
    what: 'another prototype of a prototype',
    leave: 'Object.setPrototypeOf(Set.prototype, { mine: 1 });',
    look: 'return new Set().mine',
    isHarmless: false,
  },
  {
    what: 'a property of what only iterators lead to',
    leave: 'Object.getPrototypeOf(new Map().entries()).mine = 1;',
    look: 'return new Map().entries().mine',
    isHarmless: false,
  },
  {
    what: 'a global that cannot be removed',
    leave: `Object.defineProperty(globalThis, 'mine', { value: 1 });`,
    look: 'return typeof mine',
    isHarmless: false,
  },
  {
    what: 'a property that is no longer writable',
    leave: `Object.defineProperty(JSON, 'stringify', { writable: false });`,
    look: `return Object.getOwnPropertyDescriptor(JSON, 'stringify').writable`,
    isHarmless: false,
  },
  {
    what: 'another limit of stack traces',
    leave: 'Error.stackTraceLimit = 1;',
    look: 'return Error.stackTraceLimit',
    isHarmless: false,
  },
];

describe('a program that leaves', () => {
  it.each(LEAVERS)('$what gives the same bytes every time', async ({ leave, look, isHarmless }) => {
    const file = join(folder, 'leaver.mjs');
    writeFileSync(file, node(leave, look));
    const { bin } = await bundleNode(file, 'simulated', folder);
    const spec = specOf({ path: PROBE.path, workload: 'echo' }, bin);
    const simulator = openSimulator();
    const reused: boolean[] = [];
    const aloneBySeed = {
      1: await bytesOf(simulateOnce, spec, '1'),
      2: await bytesOf(simulateOnce, spec, '2'),
    };
    for (const seed of [1, 2, 1] as const) {
      const fast = await bytesOf(simulator.run, spec, String(seed));
      const alone = aloneBySeed[seed];
      expect(fast.bytes).toEqual(alone.bytes);
      expect(fast.run.results['valid?']).toBe(true);
      reused.push(fast.run.hasReusedRealms);
    }
    expect(reused).toEqual([false, isHarmless, isHarmless]);
  });

  const SEEN_LATER = [
    { what: 'a property of a plain function', change: 'Array.isArray.mine = 1;' },
    {
      what: 'another attribute of a value',
      change: `Object.defineProperty(JSON, 'stringify', { enumerable: true });`,
    },
    {
      what: 'a getter that gives what stood in its place',
      change: `const { at } = Array.prototype; Object.defineProperty(Array.prototype, 'at', { get: () => at });`,
    },
  ];
  it.each(SEEN_LATER)(
    '$what, but not at first, is noticed after some runs, and its realms are not reused',
    async ({ change }) => {
      const file = join(folder, 'seen-later.mjs');
      // Drawn from the seed: the first runs draw larger numbers.
      writeFileSync(file, node(`if (Math.random() < 0.1) { ${change} }`, 'return null'));
      const { bin } = await bundleNode(file, 'simulated', folder);
      const spec = specOf({ path: PROBE.path, workload: 'echo' }, bin);
      const simulator = openSimulator();
      const reused: boolean[] = [];
      for (let run = 0; run < 60; run++) {
        const { hasReusedRealms } = await simulator.run(spec, workloadOf(spec), String(run));
        reused.push(hasReusedRealms);
      }
      expect(reused.slice(0, 2)).toEqual([false, true]);
      expect(reused.at(-1)).toBe(false);
    },
  );
});
