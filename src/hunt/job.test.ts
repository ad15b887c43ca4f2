import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ECHO_HUNT as plan } from '../../test/support/echo-hunt.ts';
import { simulateOnce, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { openSimulator, type Simulator } from '../harness/simulations/simulator.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { NamedInvariant } from '../run/invariants/invariant-watch.ts';
import { echo } from '../workloads/echo.ts';
import { linKv } from '../workloads/lin-kv/lin-kv.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import { JobRunner, type Ran } from './job.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

let bin = '';
beforeAll(async () => {
  const path = join(folder, 'node.ts');
  writeFileSync(
    path,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let count = 0;
     node.inspect(() => count);
     const [only] = process.argv.slice(2);
     node.on('echo', (body) => { count++; return { echo: only ?? body.echo }; });`,
  );
  ({ bin } = await bundleNode(path, 'simulated', folder));
}, 60_000);

/** A simulator that changes each run, as if other runs had left state behind. */
const changing = (
  change: (run: SimulatedRun) => SimulatedRun,
): Pick<Simulator, 'run'> & { runs: number } => ({
  runs: 0,
  async run(...args) {
    this.runs++;
    return change(await simulateOnce(...args));
  },
});

const ranBy = (simulator: Pick<Simulator, 'run'>, ...numbers: number[]): Promise<Ran[]> =>
  ranWith(new JobRunner(plan, bin, echo, simulator, {}), ...numbers);

const ranWith = (runner: JobRunner, ...numbers: number[]): Promise<Ran[]> => {
  return numbers.reduce<Promise<Ran[]>>(
    async (before, number) => [...(await before), await runner.run({ number, seed: `s-${number}` })],
    Promise.resolve([]),
  );
};

it('a failure that does not occur alone does not count; the program is impure, and worlds are no longer shared', async () => {
  const simulator = changing((run) => ({ ...run, signature: ['lost'] }));
  const [first, second] = await ranBy(simulator, 1, 2);
  expect(first).toMatchObject({ doubt: 'impure', outcome: { verdict: true, signature: [] } });
  expect(first?.outcome).not.toHaveProperty('failure');
  expect(second).not.toHaveProperty('doubt');
  expect(simulator.runs).toBe(1);
});

it('every fiftieth run is compared to the last byte', async () => {
  const same = await ranBy(
    changing((run) => run),
    49,
    50,
  );
  expect(same.map(({ compared, doubt }) => [compared, doubt])).toEqual([
    [undefined, undefined],
    [true, undefined],
  ]);
  // Nothing else distinguishes it from the others.
  const late = changing((run) => ({ ...run, nanos: run.nanos + 1 }));
  expect((await ranBy(late, 49, 50)).map(({ doubt }) => doubt)).toEqual([undefined, 'impure']);
});

it.each([
  ['shared', 1],
  ['first', 0],
  ['compared', 50],
])(
  'a run with too many events is given up and reported: the %s one',
  { timeout: 120_000 },
  async (_, number) => {
    const path = join(folder, 'endless.ts');
    writeFileSync(
      path,
      `import { Node } from 'maelstrom/node';
     const node = new Node();
     node.on('echo', (body) => { const again = () => void setImmediate(again); again(); return { echo: body.echo }; });`,
    );
    const { bin: endless } = await bundleNode(path, 'simulated', folder);
    const runner = new JobRunner(plan, endless, echo, openSimulator({ eventBudget: 20_000 }), {}, 20_000);
    const [ran] = await ranWith(runner, number);
    expect(ran).toMatchObject({ outcome: { verdict: 'unknown', signature: [] }, doubt: 'too many events' });
    expect(ran?.why).toContain('after 20000 events: more than it may have');
  },
);

it('a run whose nodes answer each other without end is given up, and its last message is named', async () => {
  const path = join(folder, 'storm.ts');
  writeFileSync(
    path,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     const tellAll = () => { for (const peer of node.peers) node.send(peer, { type: 'tell' }); };
     node.on('echo', (body) => { tellAll(); return { echo: body.echo }; }).on('tell', tellAll);`,
  );
  const { bin: storm } = await bundleNode(path, 'simulated', folder);
  const three = { ...plan, base: { ...plan.base, nodes: ['n1', 'n2', 'n3'] } };
  const [ran] = await ranWith(new JobRunner(three, storm, echo, openSimulator(), {}), 0);
  expect(ran?.doubt).toBe('too many events');
  // What it had recorded counts as tried.
  expect(ran?.outcome.succeeded).toBeGreaterThan(0);
  expect(ran?.outcome.messages).toBeGreaterThan(10_000);
  expect(ran?.readySeconds).toBe(0);
  expect(ran?.why).toMatch(/[\d,]+ messages had been sent, the last one "tell" from n\d to n\d: /);
});

/** A chain of answers without end, and programs that are only busy; all of them answer `echo`. */
const BUSY = {
  'nodes that answer each other': `
    node.on('echo', (body) => { for (const peer of node.peers) node.send(peer, { type: 'tell' }); return { echo: body.echo }; });
    node.on('tell', (_, { src }) => node.send(src, { type: 'tell' }));`,
  'a token that is passed on without a pause': `
    const pass = () => node.send(node.nodeIds[(node.nodeIds.indexOf(node.id) + 1) % node.nodeIds.length], { type: 'tell' });
    node.onInit(() => { if (node.id === node.nodeIds[0]) node.after(5, pass); });
    node.on('echo', (body) => ({ echo: body.echo })).on('tell', pass);`,
  'gossip every millisecond': `
    node.every(1, () => { for (const peer of node.peers) node.send(peer, { type: 'tell' }); });
    node.on('echo', (body) => ({ echo: body.echo })).on('tell', () => {});`,
};

const busyRun = async (kind: keyof typeof BUSY, count: number, seconds: number): Promise<Ran | undefined> => {
  const path = join(folder, `busy-${count}-${seconds}.ts`);
  writeFileSync(path, `import { Node } from 'maelstrom/node'; const node = new Node(); ${BUSY[kind]}`);
  const { bin: busy } = await bundleNode(path, 'simulated', folder);
  const base = {
    ...plan.base,
    nodes: Array.from({ length: count }, (_, at) => `n${at + 1}`),
    timeLimitSeconds: seconds,
    rate: 20,
    latency: { distribution: 'constant', meanMs: 1 },
  } as const;
  const kept = ['nodes', 'timeLimitSeconds', 'rate', 'latency'] as const;
  const [ran] = await ranWith(new JobRunner({ ...plan, base, kept }, busy, echo, openSimulator(), {}), 1);
  return ran;
};

it('endless chains of answers end a run long before its budget of events', { timeout: 60_000 }, async () => {
  const ran = await busyRun('nodes that answer each other', 3, 10);
  expect(ran?.doubt).toBe('too many events');
  expect(ran?.outcome.messages).toBeLessThan(60_000);
});

it.each([
  ['a token that is passed on without a pause', 5, 5],
  ['gossip every millisecond', 10, 0.3],
] as const)('a run that is only busy is judged: %s', { timeout: 120_000 }, async (kind, count, seconds) => {
  const ran = await busyRun(kind, count, seconds);
  expect(ran?.doubt).toBeUndefined();
  expect(ran?.outcome.verdict).toBe(true);
});

it('a long run in which an invariant has failed ends soon after, as a failure of the same kind', async () => {
  const failing: NamedInvariant[] = [{ name: 'own.ts', check: () => 'it is so' }];
  const long = { ...plan.base, timeLimitSeconds: 200, rate: 100 };
  const kept = ['timeLimitSeconds', 'rate'] as const;
  const runner = new JobRunner({ ...plan, base: long, kept }, bin, echo, openSimulator(), {
    invariants: failing,
  });
  const [ran] = await ranWith(runner, 1);
  expect(ran?.outcome.signature).toEqual(['invariant: it is so']);
  expect(ran?.outcome.messages).toBeLessThan(20_000);
});

it.each([0, 1, 50])('the program gets its arguments, in run %i', async (number) => {
  const simulator = openSimulator();
  const signatureWith = async (args: readonly string[]) => {
    const [ran] = await ranWith(
      new JobRunner({ ...plan, base: { ...plan.base, args } }, bin, echo, simulator, {}),
      number,
    );
    return ran?.outcome.signature;
  };
  expect(await signatureWith([])).toEqual([]);
  expect(await signatureWith(['always this'])).toEqual(['workload']);
});

it('invariants are loaded once and checked in each run; one that cannot be checked is reported', async () => {
  const states = new Set<unknown>();
  const asked: NamedInvariant[] = [
    {
      name: 'own.ts',
      check: (all) => {
        states.add(all);
        return undefined;
      },
      situations: new Map<string, () => boolean>([
        ['at once', () => true],
        ['never', () => false],
      ]),
    },
  ];
  const simulator = openSimulator();
  const ran = await ranWith(new JobRunner(plan, bin, echo, simulator, { invariants: asked }), 1, 2, 50);
  // A map for each run; two for the fiftieth.
  expect(states.size).toBe(4);
  for (const { outcome } of ran)
    expect(outcome.expected?.map(({ name, count }) => [name, count])).toEqual([
      ['at once', 1],
      ['never', 0],
    ]);
  const broken: NamedInvariant = {
    name: 'broken.ts',
    check: () => {
      throw new TypeError('log is undefined');
    },
  };
  const [unjudged] = await ranWith(new JobRunner(plan, bin, echo, simulator, { invariants: [broken] }), 1);
  expect(unjudged).toMatchObject({ doubt: 'not judged', outcome: { signature: [] } });
  expect(unjudged?.why).toContain('The invariant broken.ts threw at turn');
});

it('the first run measures how long the program takes to get ready', async () => {
  const [ran] = await ranBy(
    changing((run) => run),
    0,
  );
  expect(ran?.readySeconds).toBe(0);
  expect(ran?.outcome.operations).toBeGreaterThan(100);
});

it(
  'the first run of a program whose only leader answers sees when it is ready',
  { timeout: 60_000 },
  async () => {
    const path = join(folder, 'leads.ts');
    writeFileSync(
      path,
      `import { Node, RpcError } from 'maelstrom/node';
     const node = new Node();
     const values = new Map();
     const leads = () => { if (node.id !== 'n1') throw new RpcError(11, 'n1 leads'); };
     node.on('read', ({ key }) => {
       leads();
       if (!values.has(key)) throw new RpcError(20, 'no such key');
       return { value: values.get(key) };
     });
     node.on('write', ({ key, value }) => { leads(); values.set(key, value); return {}; });
     node.on('cas', () => { leads(); throw new RpcError(22, 'another value'); });`,
    );
    const leader = await bundleNode(path, 'simulated', folder);
    const base = completeSpec({ workload: 'lin-kv', bin: path, world: 'simulated' });
    const runner = new JobRunner({ ...plan, base }, leader.bin, linKv, openSimulator(), {});
    const { outcome, readySeconds } = await runner.run({ number: 0, seed: 's' });
    expect(outcome.succeeded).toBeGreaterThan(0);
    expect(readySeconds).toBeLessThan(5);
  },
);
