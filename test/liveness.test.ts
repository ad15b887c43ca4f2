/** `--liveness`: a Raft cluster makes progress with a majority, whatever is wrong with the others; what needs all nodes does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulateOnce } from '../src/harness/simulations/simulate-once.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { StoredTest } from '../src/harness/one-test/stored-test.ts';
import type { Op } from '../src/history/op.ts';
import { FAULT_KINDS } from '../src/nemesis/fault-registry.ts';
import { signatureOf } from '../src/run/verdict/signature.ts';
import type { TestResults } from '../src/run/verdict/test-results.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { verdictSentence } from '../src/run/words/verdict-sentence.ts';
import { withCourseOf } from '../src/scenario/course-of-run.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-liveness-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An add is acknowledged once all other nodes have the element; a read needs no other node. */
const WAITS_FOR_ALL = `
import { Node } from 'maelstrom/node';
const node = new Node();
const elements = new Set<number>();
async function tell(peer: string, element: number): Promise<void> {
  for (;;) {
    try {
      await node.rpc(peer, { type: 'merge', element }, { timeoutMs: 300 });
      return;
    } catch {}
  }
}
node.on('add', async ({ element }: { element: number }) => {
  elements.add(element);
  await Promise.all(node.peers.map((peer) => tell(peer, element)));
  return {};
});
node.on('merge', ({ element }: { element: number }) => void elements.add(element) ?? {});
node.on('read', () => ({ value: [...elements] }));
`;

/** The first node holds all data, and the others ask it: without it there is no progress. */
const NEEDS_THE_FIRST = `
import { Node } from 'maelstrom/node';
const node = new Node();
const values = new Map<string, unknown>();
const first = (): string => node.nodeIds[0]!;
for (const type of ['read', 'write', 'cas']) {
  node.on(type, async ({ msg_id: _, ...body }: any) => {
    if (node.id !== first()) {
      const { msg_id: __, in_reply_to: ___, ...reply } = await node.rpc<any>(first(), { ...body, type: 'own', what: type }, { timeoutMs: 1000 });
      return { ...reply, type: type + '_ok' };
    }
    return { ...own({ ...body, what: type }), type: type + '_ok' };
  });
}
function own({ what, key, value, from, to }: any) {
  const now = values.get(String(key)) ?? 0;
  if (what === 'write') values.set(String(key), value);
  if (what === 'cas' && now === from) values.set(String(key), to);
  return what === 'read' ? { value: now } : {};
}
node.on('own', (body: any) => own(body));
`;

const bins = new Map<string, string>();
beforeAll(async () => {
  const write = (name: string, source: string): string => {
    const file = join(folder, name);
    writeFileSync(file, source);
    return file;
  };
  const sources = {
    raft: fileURLToPath(new URL('../examples/raft', import.meta.url)),
    // Starts with an election; in examples/raft the first node founds the cluster and leads at once.
    electing: fileURLToPath(new URL('../docs/guide/07/step-9.ts', import.meta.url)),
    kafka: fileURLToPath(new URL('../examples/kafka-lin-kv.ts', import.meta.url)),
    gSet: fileURLToPath(new URL('../examples/g-set.ts', import.meta.url)),
    waitsForAll: write('waits-for-all.ts', WAITS_FOR_ALL),
    needsTheFirst: write('needs-the-first.ts', NEEDS_THE_FIRST),
  };
  for (const [name, source] of Object.entries(sources)) {
    const { bin } = await bundleNode(source, 'simulated', join(folder, name));
    bins.set(name, bin);
  }
}, 60_000);

interface Run {
  readonly results: TestResults;
  readonly sentence: string;
  readonly history: readonly Op[];
  readonly spec: TestSpec;
}

async function run(
  program: string,
  workload: string,
  settings: Partial<TestSpec>,
  isDemanded = true,
): Promise<Run> {
  const known = WORKLOADS.get(workload);
  if (known === undefined) throw new Error(`there is no workload ${workload}`);
  const spec = completeSpec({
    workload,
    bin: bins.get(program) ?? '',
    world: 'simulated',
    ...(isDemanded ? { livenessSeconds: 10 } : {}),
    rate: 20,
    timeLimitSeconds: 8,
    recoverySeconds: 2,
    nemesisIntervalSeconds: 1,
    seed: 'a',
    ...settings,
  });
  const { results, history, names } = await simulateOnce(spec, known, spec.seed);
  return { results, history, spec, sentence: verdictSentence(spec, results, { workload: known, ...names }) };
}

describe('a Raft', () => {
  const faults = FAULT_KINDS.map(({ name }) => name).filter((name) => name !== 'membership');

  test.each([
    [[]],
    ...faults.map((name) => [[name]]),
    [['kill', 'pause', 'partition']],
    [faults],
  ] as string[][][])(
    'continues with a majority after %s',
    async (nemesis) => {
      for (const seed of ['a', 'b', 'c']) {
        const { results } = await run('raft', 'lin-kv', { nemesis, seed });
        const { liveness } = results;
        expect({ nemesis, seed, liveness }).toMatchObject({
          nemesis,
          seed,
          liveness: { 'valid?': true, stuck: [] },
        });
        expect(liveness?.majority).toHaveLength(3);
        const others = Object.values(liveness?.others ?? {});
        expect(others).toHaveLength(2);
        for (const other of others) expect(['cut off', 'killed', 'paused']).toContain(other);
        expect(results.workload).toMatchObject({ 'valid?': true });
      }
    },
    60_000,
  );
});

describe('a program that waits for all nodes', () => {
  test('is correct if all nodes are healed, and makes no progress with a majority', async () => {
    const nemesis = ['partition'];
    const healed = await run('waitsForAll', 'g-set', { nemesis }, false);
    expect(healed.results['valid?']).toBe(true);
    const { results, sentence, spec } = await run('waitsForAll', 'g-set', { nemesis });
    expect(results['valid?']).toBe(false);
    expect(results.liveness).toMatchObject({ 'valid?': false, within: 10, stuck: ['add'] });
    // Safety is checked as usual: unacknowledged elements may be missing.
    expect(results.workload).toMatchObject({ 'valid?': true });
    expect(signatureOf(results, undefined)).toEqual(['no progress']);
    expect(sentence).toMatch(
      /^No add succeeded in 10 s although n\d.* and n\d are up and connected \(n\d .*, n\d .*\): \d+ requests had at least half of that time\. Other operations succeeded\.$/m,
    );
    expect(spec.nodes).toHaveLength(5);
  });

  test('a g-set that gossips makes progress', async () => {
    const { results } = await run('gSet', 'g-set', { nemesis: ['partition', 'pause'] });
    expect(results['valid?']).toBe(true);
    expect(results.liveness).toMatchObject({ 'valid?': true });
  });

  test('that needs one particular node is caught if that is not in the majority', async () => {
    const seen: string[] = [];
    for (let seed = 1; seed <= 12 && new Set(seen).size < 2; seed++) {
      const { results, sentence } = await run('needsTheFirst', 'lin-kv', { seed: `first ${seed}` });
      const hasFirst = results.liveness?.majority.includes('n1') === true;
      expect(results.liveness?.['valid?']).toBe(hasFirst);
      seen.push(hasFirst ? 'with' : 'without');
      if (hasFirst) continue;
      expect(results.liveness?.['first-success']).toBeNull();
      expect(sentence).toMatch(
        /^No operation succeeded in 10 s although n[2-5], n[2-5] and n[2-5] are up and connected \(/m,
      );
    }
    expect(new Set(seen).size).toBe(2);
  });
});

describe('the run', () => {
  test.each([
    ['raft', 'lin-kv', ['kill', 'loss']],
    ['kafka', 'kafka', ['partition']],
    ['waitsForAll', 'g-set', ['partition']],
  ])('of %s is the same twice, and with its own course', async (program, workload, nemesis) => {
    const settings = { nemesis, seed: 'same' };
    const first = await run(program, workload, settings);
    const second = await run(program, workload, settings);
    expect(second.history).toEqual(first.history);
    expect(second.results).toEqual(first.results);
    const along = await run(program, workload, withCourseOf(first.spec, first.history));
    expect(along.results.liveness).toEqual(first.results.liveness);
    expect(along.history).toEqual(first.history);
  });

  test('uses only the majority, and continues with new elements', async () => {
    const { history, results } = await run('waitsForAll', 'g-set', {});
    const added = history.flatMap(({ type, f, value }) => (type === 'invoke' && f === 'add' ? [value] : []));
    expect(new Set(added).size).toBe(added.length);
    const since = results.liveness?.time ?? 0;
    expect(history.filter(({ type, time }) => type === 'invoke' && time > since).length).toBeGreaterThan(10);
  });

  test('without requests proves nothing', async () => {
    const { results, sentence } = await run('raft', 'lin-kv', { rate: 0 });
    expect(results.liveness).toMatchObject({ 'valid?': 'unknown' });
    expect(sentence).toContain('so liveness is unknown.');
  });

  test('in which everything was refused before a leader could be elected does not prove a lack of progress', async () => {
    const asked = (...seconds: readonly number[]) => ({
      ops: seconds.map((at, label) => ({
        label,
        thread: 0,
        atNanos: Math.round(at * 1e9),
        f: 'write',
        value: [0, label],
      })),
      finalOps: [],
      chance: 'calm' as const,
      messages: [],
    });
    const settings = { nodes: ['n1', 'n2', 'n3'], concurrency: 3, timeLimitSeconds: 0.001 };
    const early = await run('electing', 'lin-kv', { ...settings, course: asked(0.002) });
    expect(early.history.some(({ type }) => type === 'fail')).toBe(true);
    expect(early.results.liveness).toMatchObject({ 'valid?': 'unknown', stuck: [] });
    expect(early.sentence).toMatch(/were refused early in the 10 s in which .* so liveness is unknown\.$/m);
    expect(signatureOf(early.results, undefined)).toEqual([]);
    const late = await run('electing', 'lin-kv', { ...settings, course: asked(0.002, 8) });
    expect(late.results.liveness).toMatchObject({ 'valid?': true });
  });

  test('of a single node needs that node', async () => {
    const { results } = await run('needsTheFirst', 'lin-kv', {
      nodes: ['n1'],
      concurrency: 2,
      nemesis: ['kill'],
    });
    expect(results.liveness).toMatchObject({ 'valid?': true, majority: ['n1'], others: {} });
  });
});

test('works in the real world, too', { timeout: 60_000 }, async () => {
  const bin = join(folder, 'gives-up.ts');
  // Its clients do not wait five seconds for each reply.
  writeFileSync(bin, WAITS_FOR_ALL.replace('catch {}', 'catch (error) { throw error; }'));
  const spec = completeSpec({
    workload: 'g-set',
    bin,
    nodes: ['n1', 'n2', 'n3'],
    rate: 20,
    timeLimitSeconds: 1,
    recoverySeconds: 0.5,
    livenessSeconds: 1,
    faultScript: [{ at: 0.1, fault: 'kill', target: ['n1'] }],
    seed: 'real',
  });
  const workload = WORKLOADS.get('g-set');
  if (workload === undefined) throw new Error('it is there');
  const running = await StoredTest.open({ spec, workload, store: join(folder, 'store') });
  const { results } = (await running.run()) ?? {};
  expect(results?.liveness).toMatchObject({ 'valid?': false, stuck: ['add'], within: 1 });
  expect(results?.liveness?.majority).toHaveLength(2);
});
