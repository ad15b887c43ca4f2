import { describe, expect, it } from 'vitest';
import { runSource } from '../../../test/support/run-source.ts';
import type { Inspection } from '../world.ts';

/** Returns what the program shows at each of those milliseconds, along with the result of the run. */
async function inspected(
  source: string,
  atMs: readonly number[] = [10],
  more: Partial<Parameters<typeof runSource>[0]> = {},
): Promise<{ shown: (Inspection | undefined)[]; run: Awaited<ReturnType<typeof runSource>> }> {
  const shown: (Inspection | undefined)[] = [];
  const script = Object.fromEntries(
    atMs.map((ms) => [
      ms,
      (_: unknown, world: { inspect(node: string): Inspection | undefined }) =>
        void shown.push(world.inspect('n1')),
    ]),
  );
  const run = await runSource({ source, script, ...more });
  return { shown, run };
}

const KEEP = `setInterval(() => {}, 1000);\n`;
const problemOf = async (body: string): Promise<string | undefined> => {
  const { shown, run } = await inspected(`${KEEP}globalThis.maelstromInspect = () => { ${body} };`);
  expect(run.exits).toEqual([]);
  expect(run.stderr).toEqual([]);
  const [first] = shown;
  return first?.kind === 'problem' ? first.message : first?.json;
};

describe('the state that a program shows', () => {
  it('is that of the time of the look, with the SDK and without it', async () => {
    const { shown } = await inspected(
      `import { Node } from 'maelstrom/node';
       let beats = 0;
       setInterval(() => beats++, 10);
       new Node().inspect(() => ({ beats }));`,
      [5, 45],
    );
    expect(shown).toEqual([
      { kind: 'state', json: '{"beats":0}' },
      { kind: 'state', json: '{"beats":4}' },
    ]);
    expect(await problemOf('return [1, "two"];')).toBe('[1,"two"]');
  });

  it('may have maps, sets and bigints', async () => {
    expect(
      await problemOf(
        `return { votes: new Set(['n1']), byName: new Map([['a', 1n]]), byNumber: new Map([[1, new Map()]]), none: undefined };`,
      ),
    ).toBe('{"votes":["n1"],"byName":{"a":"1"},"byNumber":[[1,{}]]}');
  });

  it('is undefined if it shows none, before it runs and when it is gone', async () => {
    const { shown } = await inspected(
      `${KEEP}globalThis.maelstromInspect = () => 1; setTimeout(() => process.exit(1), 20);`,
      [0, 10, 30],
    );
    expect(shown).toEqual([undefined, { kind: 'state', json: '1' }, undefined]);
    expect((await inspected(KEEP)).shown).toEqual([undefined]);
  });
});

describe('a state that cannot be shown', () => {
  it.each([
    ['throw new TypeError("not ready");', 'TypeError: not ready'],
    ['throw { toString() { throw 1; } };', 'it threw what cannot be shown'],
    ['return Promise.resolve(1);', 'it returned a promise; expected the state itself, at once'],
    ['return undefined;', 'it returned undefined, which JSON has not'],
    ['return () => 1;', 'it returned function, which JSON has not'],
    ['const a = {}; a.a = a; return a;', 'TypeError: Converting circular structure to JSON'],
    [
      'return Array.from({ length: 1e6 }, () => "text");',
      'RangeError: the state is larger than 1000000 characters of JSON',
    ],
    ['return "x".repeat(2e6);', 'RangeError: the state is larger than 1000000 characters'],
  ])('%s is reported clearly', async (body, message) => {
    expect(await problemOf(body)).toContain(message);
  });

  it('includes a value that is not a function', async () => {
    const { shown } = await inspected(`${KEEP}globalThis.maelstromInspect = 7;`);
    expect(shown).toEqual([{ kind: 'problem', message: 'it is no function' }]);
  });

  it('of a program that never returns ends the node, as a turn would', async () => {
    const { shown, run } = await inspected(
      `${KEEP}globalThis.maelstromInspect = () => { for (;;); };`,
      [10, 20],
      { yieldLimitMs: 300 },
    );
    expect(shown).toEqual([undefined]);
    expect(run.exits).toMatchObject([{ signal: 'SIGKILL', byWatchdog: true }]);
  });
});

describe('a look changes nothing', () => {
  it.each([
    ['console.log("here");', 'write to stdout or stderr'],
    ['setTimeout(() => {}, 1);', 'set a timer'],
    ['return Math.random();', 'draw a random number'],
    ['return crypto.randomUUID();', 'draw a random number'],
    ['process.nextTick(() => console.log("later"));', 'call process.nextTick'],
    ['require("fs").writeFileSync(process.env.MAELSTROM_DATA_DIR + "/x", "x");', 'use the disk'],
  ])('%s is refused', async (body, tried) => {
    expect(await problemOf(body)).toBe(`Error: it may only look, and tried to ${tried}`);
  });

  it('promise reactions that it queues, handled or not, do not affect the run', async () => {
    expect(
      await problemOf(
        `Promise.reject(new Error('lost')); Promise.resolve().then(() => console.log('late')); (async () => { await null; process.exit(3); })().catch(() => {}); return 1;`,
      ),
    ).toBe('1');
  });

  it('may read the time, which stands still', async () => {
    const source = (look: string): string => `
      globalThis.maelstromInspect = () => [Date.now(), performance.now(), Date.now()];
      setInterval(() => console.log(JSON.stringify([performance.now(), Math.random(), Date.now()])), 7);
      ${look}`;
    const { shown, run } = await inspected(source(''), [10, 10.5, 60]);
    const { run: alone } = await inspected(source(''), []);
    expect(run.transcript).toEqual(alone.transcript);
    expect(run.transcript.length).toBeGreaterThan(100);
    const [first] = shown;
    const [before, , after] = JSON.parse(first?.kind === 'state' ? first.json : '[]') as number[];
    expect(before).toBe(after);
  });
});
