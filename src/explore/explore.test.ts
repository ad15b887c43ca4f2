import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import {
  exploredHere,
  type ExploredExample,
  type ExploredHere,
} from '../../test/support/explored-examples.ts';
import { workloadOf } from '../../test/support/workload-of.ts';
import { openSimulator } from '../harness/simulations/simulator.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import { AllowedDeviations } from './allowed-deviations.ts';
import { alphabetOf } from './alphabet.ts';
import { specOf } from './branch.ts';
import { deviationsFrom, withDeviations, type Deviation } from './deviations.ts';
import type { Explored } from './explore.ts';
import { exploredSpec } from './explored-spec.ts';
import { paceOf } from './pace.ts';
import { allWords, scopeOf, wordsOf } from './scopes.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-explore-'));
afterAll(() => rmSync(folder, { recursive: true }));
const examples = fileURLToPath(new URL('../../examples', import.meta.url));

const PACE = { settlingMs: 1000, cutMs: 1000 };

const explored = (
  example: ExploredExample,
  bounds: ExploredHere['bounds'],
  mostExecutions?: number,
): Promise<Explored> =>
  exploredHere(example, {
    examples,
    folder,
    bounds,
    ...(mostExecutions === undefined ? {} : { mostExecutions }),
  });

async function found(...asked: Parameters<typeof explored>): Promise<Explored & { readonly end: 'found' }> {
  const result = await explored(...asked);
  if (result.end !== 'found') throw new Error(`it ended ${result.end}`);
  return result;
}

const MESSAGES = ['drop', 'duplicate', 'delay'] as const;
const SMALL = { mostNodes: 2, mostOps: 1, mostDeviations: 3 };

it('one lost message breaks a program that relies on delivery', { timeout: 120_000 }, async () => {
  const trusting = { workload: 'broadcast', program: 'broken/trusts-delivery.ts', kinds: MESSAGES };
  const { failure, counts, scope } = await found(trusting, SMALL);
  expect(failure.signature).toEqual(['lost']);
  expect(counts).toEqual([2, 1]);
  const { course } = withDeviations(scope, failure.deviations);
  expect(course.messages).toMatchObject([{ from: 'n1', to: 'n2', type: 'tell', nth: 0, do: 'drop' }]);
  expect(course.ops).toMatchObject([{ f: 'broadcast', value: 0, thread: 0 }]);
});

it.each([
  ['broadcast', 0],
  ['g-set', 0],
  ['lin-kv', [0, 0]],
])('the value 0 of %s is tried, which many programs confuse with none', (name, value) => {
  const [letter] = alphabetOf({ name })?.letters ?? [];
  expect(letter?.ops(1).map((op) => op.value)).toEqual([value]);
});

it(
  'a program that acknowledges and retries passes all executions, always the same number',
  { timeout: 120_000 },
  async () => {
    const right = { workload: 'broadcast', program: 'broadcast.ts', kinds: MESSAGES };
    const counts = [2, 4, 5, 8];
    expect(await explored(right, SMALL)).toEqual({
      end: 'complete',
      executions: 19,
      counts,
      succeeded: 19,
      unjudged: { count: 0 },
      storms: { count: 0 },
      isImpure: false,
    });
  },
);

it(
  'a node that gossips every 5 s is right, and one that never does is wrong',
  { timeout: 120_000 },
  async () => {
    const gossiping = (repeat: string, name: string): ExploredExample => {
      const source = readFileSync(`${examples}/broken/trusts-delivery.ts`, 'utf8');
      const [head = '', rest = ''] = source.split("node.on('topology'");
      const learning = head.replace(/for \(const neighbour of[^]*?\n {2}}\n/, '');
      const gossip = `${repeat}(() => neighbours.forEach((to) => seen.forEach((message) => node.send(to, { type: 'tell', message }))), 5000);`;
      writeFileSync(join(folder, name), `${learning}${gossip}\nnode.on('topology'${rest}`);
      return { workload: 'broadcast', program: relative(examples, join(folder, name)), kinds: ['drop'] };
    };
    const bounds = { ...SMALL, mostDeviations: 1 };
    expect((await explored(gossiping('setInterval', 'gossips.ts'), bounds)).end).toBe('complete');
    const { failure } = await found(gossiping('void ', 'silent.ts'), bounds);
    expect(failure.signature).toEqual(['lost']);
  },
);

/**
 * When a note comes twice, its nodes talk about it: `voices` messages are answered by `echoes` each, without end. Where
 * that came to an end, reads may show `silenced`.
 */
function talkative(name: string, voices: number, echoes: number, silenced = '[...seen]'): ExploredExample {
  const source = readFileSync(`${examples}/broadcast.ts`, 'utf8').replace(
    'messages: [...seen]',
    `messages: heard > 0 && Date.now() - heard > 50 ? ${silenced} : [...seen]`,
  );
  writeFileSync(
    join(folder, name),
    `${source.replaceAll('const node = new Node();', 'export const node = new Node();')}
    let heard = 0;
    const told = new Set();
    const talk = (to, count) => { heard = Date.now(); for (let n = 0; n < count; n++) node.send(to, { type: 'talk' }); };
    node.on('note', (body, { src }) => (told.has(src) ? talk(src, ${voices}) : void told.add(src)));
    node.on('talk', (body, { src }) => talk(src, ${echoes}));
    node.onInit(() => node.after(280, () => node.peers.forEach((peer) => node.send(peer, { type: 'note' }))));`,
  );
  return { workload: 'broadcast', program: relative(examples, join(folder, name)), kinds: ['duplicate'] };
}

it(
  'executions in which nodes answer each other without end are counted as message storms',
  { timeout: 120_000 },
  async () => {
    const { end, storms } = await explored(talkative('talks.ts', 8, 1), { ...SMALL, mostDeviations: 1 });
    expect(end).toBe('complete');
    expect(storms.count).toBeGreaterThan(0);
    const { messages = 0, calm = 0, types } = storms.worst ?? {};
    expect(messages).toBeGreaterThan(20 * calm);
    expect(types).toEqual(['talk']);
  },
);

it(
  'an execution whose messages become ever more is given up, and has no verdict',
  { timeout: 120_000 },
  async () => {
    const { end, unjudged } = await explored(talkative('screams.ts', 2, 2), { ...SMALL, mostDeviations: 1 });
    expect(end).toBe('complete');
    expect(unjudged.count).toBeGreaterThan(0);
    expect(unjudged.why).toContain('the last one "talk" from n');
  },
);

it('from an execution that is given up only cuts deviate', { timeout: 120_000 }, async () => {
  const talks = { ...talkative('silenced.ts', 6, 1, '[]'), kinds: ['duplicate', 'cut'] as const };
  const { failure } = await found(talks, { mostNodes: 2, mostOps: 2, mostDeviations: 2 });
  const kinds = failure.deviations.map((one) => (one.kind === 'message' ? one.exception.do : one.kind));
  expect(kinds).toEqual(['duplicate', 'cut']);
});

it('a crash after a turn loses only what was kept in memory', { timeout: 120_000 }, async () => {
  const bounds = { mostNodes: 1, mostOps: 2, mostDeviations: 1 };
  const alone = { workload: 'kafka', kinds: ['crash'] as const, isAlone: true as const };
  const { failure, scope } = await found({ ...alone, program: 'broken/forgets-on-restart.ts' }, bounds);
  expect(withDeviations(scope, failure.deviations).course.faults).toMatchObject([
    { f: 'kill', value: ['n1'] },
    { f: 'start', value: null },
  ]);
  const twin = await explored({ ...alone, program: 'kafka.ts' }, bounds);
  expect(twin.end).toBe('complete');
  expect(twin.counts[1]).toBeGreaterThan(0);
});

it('two concurrent requests at one node have two clients', { timeout: 120_000 }, async () => {
  const alone = {
    workload: 'echo',
    program: '../docs/guide/02/step-4.ts',
    kinds: MESSAGES,
    isAlone: true as const,
  };
  const { failure, scope } = await found(alone, { mostNodes: 1, mostOps: 2, mostDeviations: 0 });
  expect(failure.signature).toEqual(['workload']);
  expect(scope.concurrency).toBe(2);
  expect(scope.course.ops.map(({ thread, atNanos }) => [thread, atNanos])).toEqual([
    [0, 303e6],
    [1, 303e6],
  ]);
});

it('a client of another node is the second one there, a later one the first again', () => {
  const alphabet = alphabetOf({ name: 'echo' });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const at = (node: number, together: boolean) => ({ letter: 0, node, together });
  const { course, concurrency } = scopeOf(
    [at(0, false), at(1, true), at(0, true), at(0, false)],
    3,
    alphabet,
    PACE,
  );
  expect(course.ops.map(({ thread }) => thread)).toEqual([0, 1, 3, 0]);
  expect(concurrency).toBe(6);
});

it(
  'a search that reached its limit of executions is never called complete',
  { timeout: 120_000 },
  async () => {
    const cut = await explored({ workload: 'broadcast', program: 'broadcast.ts', kinds: MESSAGES }, SMALL, 5);
    expect(cut).toMatchObject({
      end: 'cut',
      executions: 5,
      counts: [2, 3],
      complete: [{ nodes: 2, ops: 1, deviations: 0 }],
    });
  },
);

it('of words that differ only in the order of simultaneous letters, one remains', () => {
  const alphabet = alphabetOf({ name: 'broadcast' });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const [some, all] = [[...wordsOf(alphabet, 2, 3)], [...allWords(2, 2, 3)]];
  // broadcast at n1 with read at n2, and read at n1 with broadcast at n2
  expect(all.length - some.length).toBe(1);
  const texts = all.map((word) => JSON.stringify(scopeOf(word, 3, alphabet, PACE)));
  expect(new Set(texts).size).toBe(texts.length);
});

it('no failure is lost with the omitted words', { timeout: 120_000 }, async () => {
  const { failures, words } = await signaturesWithin('broadcast', 'broken/broadcast.ts');
  const alphabet = alphabetOf({ name: 'broadcast' });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const kept = new Set([...wordsOf(alphabet, 2, 2)].map((word) => JSON.stringify(word)));
  expect(kept.size).toBeLessThan(words.length);
  const ofKept = words.filter((word) => kept.has(word)).map((word) => failures.get(word));
  expect(ofKept.some((texts) => texts !== undefined && texts.length > 0)).toBe(true);
  for (const word of words.filter((each) => !kept.has(each))) {
    expect(ofKept).toContainEqual(failures.get(word));
  }
});

/** For each word of two letters on two nodes: the distinct signatures with at most one deviation, sorted by text. */
async function signaturesWithin(name: string, program: string) {
  const [workload, alphabet] = [WORKLOADS.get(name), alphabetOf({ name })];
  if (workload === undefined || alphabet === undefined) throw new Error(`no workload ${name}`);
  const { bin } = await bundleNode(join(examples, program), 'simulated', folder);
  const base = exploredSpec({ workload: name, bin });
  const simulator = openSimulator();
  const failures = new Map<string, readonly string[]>();
  for (const word of allWords(alphabet.letters.length, 2, 2)) {
    const calm = scopeOf(word, 2, alphabet, PACE);
    const signatures = new Set<string>();
    const make = async (deviations: readonly Deviation[]) => {
      const scope = withDeviations(calm, deviations);
      const journal = new MemoryJournal();
      const { history, signature } = await simulator.run(specOf(base, scope), workload, base.seed, {
        journal,
      });
      if (signature.length > 0) signatures.add(signature.join());
      return { history, journal, scope, deviations };
    };
    const kinds = new Set([...MESSAGES, 'cut'] as const);
    for (const deviation of deviationsFrom(await make([]), kinds)) await make([deviation]);
    failures.set(JSON.stringify(word), [...signatures].toSorted());
  }
  return { failures, words: [...failures.keys()] };
}

it('letters whose values depend on their positions keep them', () => {
  const alphabet = alphabetOf({ name: 'lin-kv' });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const withCas = [...wordsOf(alphabet, 2, 2)].filter((word) => word.some(({ letter }) => letter === 2));
  expect(withCas.length).toBe(
    [...allWords(3, 2, 2)].filter((word) => word.some(({ letter }) => letter === 2)).length,
  );
});

it('a separate operation restarts a crashed node', () => {
  const alphabet = { letters: [{ ops: () => [{ f: 'read', value: null }] }], final: [] };
  const scope = scopeOf([{ letter: 0, node: 0, together: false }], 1, alphabet, PACE);
  const crash = { kind: 'crash', place: 3, reach: 1, node: 'n1', atNanos: 100 } as const;
  expect(withDeviations(scope, [crash]).course.faults).toEqual([
    { label: 0, atNanos: 100, f: 'kill', value: ['n1'] },
    { label: 1, atNanos: 5_000_100, f: 'start', value: null },
  ]);
});

it('after a cut operations wait for twice as long as the nodes that are left then need', async () => {
  const paceWith = async (patienceMs: number) => {
    const bin = join(folder, 'follows.ts');
    writeFileSync(
      bin,
      `import { Node } from 'maelstrom/node';
       const node = new Node();
       const [leader] = ['n1'];
       let heard = 0;
       node.on('beat', () => { heard = Date.now(); return {}; });
       node.on('ask', () => ({}));
       node.onInit(() => { if (node.id === leader) node.every(20, () => node.peers.forEach((peer) => node.send(peer, { type: 'beat' }))); });
       node.on('echo', async ({ echo }) => {
         const isLed = node.id !== leader && Date.now() - heard < ${patienceMs};
         if (isLed) await node.rpc(leader, { type: 'ask' });
         return { echo };
       });`,
    );
    const program = await bundleNode(bin, 'simulated', folder);
    const base = exploredSpec({ workload: 'echo', bin: program.bin });
    const alphabet = alphabetOf({ name: 'echo' });
    if (alphabet === undefined) throw new Error('there is an alphabet');
    return paceOf([2, 3], { base, workload: workloadOf(base), alphabet, parts: {} });
  };
  expect(await paceWith(0)).toEqual({ settlingMs: 303, cutMs: 1000 });
  expect(await paceWith(90)).toEqual({ settlingMs: 303, cutMs: 300 });
  expect(await paceWith(2400)).toEqual({ settlingMs: 303, cutMs: 5100 });
  expect(await paceWith(7000)).toEqual({ settlingMs: 303, cutMs: 10_000 });
});

it('after a cut operations wait, and a further cut joins the node before again', () => {
  const alphabet = alphabetOf({ name: 'lin-kv' });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const part = { letter: 0, node: 0, together: false };
  const scope = scopeOf([part, part], 3, alphabet, PACE);
  const cut = (node: string, atMs: number) =>
    ({ kind: 'cut', place: atMs, reach: 0, node, atNanos: atMs * 1e6 }) as const;
  const { course, seconds } = withDeviations(scope, [cut('n2', 1200), cut('n3', 2400)]);
  expect(course.ops.map(({ atNanos }) => atNanos / 1e6)).toEqual([1000, 2200, 3400, 3400, 3400]);
  expect(seconds).toBeCloseTo(scope.seconds + 2);
  expect(course.faults?.map(({ value }) => value)).toEqual([
    [['n2'], ['n1', 'n3']],
    [['n3'], ['n1', 'n2']],
  ]);
  expect(course.healing).toHaveLength(1);
});

it(
  'a node is also cut off as soon as an operation has succeeded, with what it sent on its way',
  { timeout: 120_000 },
  async () => {
    const file = join(folder, 'acknowledges-first.ts');
    // It refuses when it is cut off, and sends each value once.
    writeFileSync(
      file,
      `import { Node, RpcError } from 'maelstrom/node';
      const node = new Node();
      const seen = new Set();
      let heardMs = 0;
      node.on('topology', () => ({}));
      node.on('read', () => ({ messages: [...seen] }));
      node.on('beat', () => { heardMs = node.now(); });
      node.on('tell', (body) => { seen.add(body.message); });
      node.on('broadcast', (body) => {
        if (node.now() - heardMs > 300) throw new RpcError(11, 'alone');
        seen.add(body.message);
        for (const peer of node.peers) node.send(peer, { type: 'tell', message: body.message });
        return {};
      });
      node.every(100, () => { for (const peer of node.peers) node.send(peer, { type: 'beat' }); });`,
    );
    const program = { workload: 'broadcast', program: relative(examples, file), kinds: ['cut'] } as const;
    const { failure } = await found(program, { mostNodes: 2, mostOps: 1, mostDeviations: 1 });
    expect(failure.signature).toEqual(['lost']);
    const [cut] = failure.deviations;
    if (cut?.kind !== 'cut') throw new Error('only cuts are tried');
    expect(cut.atNanos).toBeGreaterThan(0.403e9);
    expect(cut.atNanos).toBeLessThan(0.404e9);
  },
);

it(
  'a heartbeat from before an operation comes after its message, and this is tried with what the operation causes',
  { timeout: 120_000 },
  async () => {
    const file = join(folder, 'heartbeats.ts');
    // It exits when a heartbeat knows less than itself.
    writeFileSync(
      file,
      `import { Node } from 'maelstrom/node';
      const node = new Node();
      const seen = new Set();
      node.on('topology', () => ({}));
      node.on('read', () => ({ messages: [...seen] }));
      node.on('beat', (body) => { if (body.count < seen.size) process.exit(1); });
      node.on('tell', (body) => { seen.add(body.message); });
      node.on('broadcast', (body) => {
        seen.add(body.message);
        for (const peer of node.peers) node.send(peer, { type: 'tell', message: body.message });
        return {};
      });
      node.every(50, () => { for (const peer of node.peers) node.send(peer, { type: 'beat', count: seen.size }); });`,
    );
    const program = { workload: 'broadcast', program: relative(examples, file), kinds: ['delay'] } as const;
    const { failure, scope } = await found(program, { mostNodes: 2, mostOps: 1, mostDeviations: 1 });
    expect(failure.signature).toContain('node: crashed');
    const [late] = failure.deviations;
    expect(late).toMatchObject({ reach: 1, exception: { from: 'n1', to: 'n2', type: 'beat', do: 'delay' } });
    // More than a heartbeat earlier than the operation would not be late enough.
    expect(scope.course.ops[0]?.atNanos).toBe(303e6);
  },
);

it('operations wait until requests succeed', { timeout: 120_000 }, async () => {
  const file = join(folder, 'elects-late.ts');
  // Its first leader comes after 2.5 s.
  const source = readFileSync(`${examples}/broken/trusts-delivery.ts`, 'utf8').replace(
    /node\.on\('broadcast', (.*)\{\n/,
    "let leads = false;\nsetTimeout(() => { leads = true; }, 2500);\nnode.on('broadcast', $1{\n  if (!leads) throw new RpcError(11, 'no leader');\n",
  );
  expect(source).toContain('no leader');
  writeFileSync(file, source.replace('import { ', 'import { RpcError, '));
  const program = { workload: 'broadcast', program: relative(examples, file), kinds: ['drop'] } as const;
  const { failure, scope } = await found(program, { mostNodes: 2, mostOps: 1, mostDeviations: 1 });
  expect(failure.signature).toEqual(['lost']);
  expect(scope.course.ops[0]?.atNanos).toBe(2803e6);
});

it('the kept deviations stay within the limit, and are right', () => {
  const one: Deviation = { kind: 'cut', place: 1, reach: 0, node: 'n1', atNanos: 1 };
  const listOf = (length: number): readonly Deviation[] => Array.from({ length }, () => one);
  const known = new AllowedDeviations(10);
  for (let key = 0; key < 100; key++) known.add(String(key), listOf(key % 4));
  const kept = Array.from({ length: 100 }, (_, key) => known.get(String(key)));
  const weights = kept.map((list) => (list === undefined ? 0 : list.length + 1));
  expect(weights.reduce((sum, weight) => sum + weight)).toBeLessThanOrEqual(10);
  for (const [key, list] of kept.entries()) if (list !== undefined) expect(list).toHaveLength(key % 4);
  // The last entry added always stays, and an entry that is too large evicts none.
  expect(kept.at(-1)).toHaveLength(3);
  known.add('too large', listOf(10));
  expect(known.get('too large')).toBeUndefined();
  expect(known.get('99')).toHaveLength(3);
});
