/** The stories of small wrong programs: each names what a person needs to find the mistake, and nothing that misleads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withoutNumbers } from '../../test/support/story-by-hand.ts';
import { workloadOf } from '../../test/support/workload-of.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { simulateOnce } from '../harness/simulations/simulate-once.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import type { WorkloadName } from '../workloads/names.ts';
import type { Story } from '../recording/story.ts';
import { makeStory } from './make-story.ts';
import { storyRunOf } from './story-run.ts';
import { storyText } from './text/story-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-wrong-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the story of a simulated run of a program whose body, after `const node = new Node();`, is given. */
async function storyOf(
  workload: WorkloadName,
  body: string,
  settings: Partial<Parameters<typeof completeSpec>[0]> = {},
): Promise<string> {
  return withoutNumbers(storyText(await wholeStoryOf(workload, body, settings), 1000));
}

async function wholeStoryOf(
  workload: WorkloadName,
  body: string,
  settings: Partial<Parameters<typeof completeSpec>[0]> = {},
): Promise<Story> {
  const source = join(folder, `${workload}.mjs`);
  writeFileSync(
    source,
    `import { Node, LinKv, RpcError, SeqKv } from 'maelstrom/node';\nconst node = new Node();\n${body}`,
  );
  const { bin } = await bundleNode(source, 'simulated', mkdtempSync(join(folder, 'bundle-')));
  const spec = completeSpec({
    workload,
    bin,
    world: 'simulated',
    nodes: ['n0', 'n1', 'n2'],
    rate: 20,
    timeLimitSeconds: 10,
    recoverySeconds: 1,
    latency: { distribution: 'constant', meanMs: 10 },
    ...settings,
  });
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workloadOf(spec), '5', { journal });
  const story = makeStory(storyRunOf({ spec, workload: workloadOf(spec), run, journal }));
  if (story === undefined) throw new Error(`nothing fails: ${JSON.stringify(run.results)}`);
  return story;
}

it('a clock that is set wrong on a node that takes no part is not in the story', async () => {
  const text = await storyOf(
    'unique-ids',
    'node.on("generate", () => ({ id: node.id + Math.floor(Date.now() / 1000) }));',
    { nemesis: ['skew'], nemesisTargets: [['n2']], nemesisIntervalSeconds: 3 },
  );
  expect(text).toMatch(/^Id n[01]\d+ was given out/);
  expect(text).not.toContain('clock');
});

it('a value that falls out of a full list: what arrived between the last read with it and the first without', async () => {
  const text = await storyOf(
    'broadcast',
    `let seen = [];
     const learn = (m) => { if (!seen.includes(m)) seen = [...seen, m].slice(-20); };
     node.on('topology', () => ({}));
     node.on('tell', ({ message }) => learn(message));
     node.on('broadcast', ({ message }) => {
       learn(message);
       for (const peer of node.peers) node.send(peer, { type: 'tell', message });
       return {};
     });
     node.on('read', () => ({ messages: seen }));`,
  );
  const steps = text.split('\n').filter((line) => /^ *\d+\. /.test(line));
  const [had = -1, lacked = -1] = steps.flatMap((step, at) => (/ reads at /.test(step) ? [at] : []));
  expect(steps[had]).toMatch(/gets \[0 /);
  expect(steps[lacked]).toMatch(/gets \[(?!0 )/);
  // Nothing from the time in which it was still there.
  expect(steps.slice(0, had).join('\n')).not.toMatch(/\{message: [1-9]/);
  expect(steps.slice(had + 1, lacked).join('\n')).toMatch(/sends tell \{message: \d+\}|broadcasts \d+/);
});

it('an element that comes back as a string is named in the verdict', async () => {
  const text = await storyOf(
    'g-set',
    `const seen = {};
     node.on('add', ({ element }) => { seen[element] = true; return {}; });
     node.on('read', () => ({ value: Object.keys(seen) }));`,
    { nodes: ['n0'] },
  );
  expect(text).toMatch(
    /lacks (\d+), .* is lost\. The read shows "\1", which is \1 as a string: a different value\./,
  );
});

it('a poll that begins one message too late: from which offset it asked, and the commit after it under its own name', async () => {
  const story = await wholeStoryOf(
    'kafka',
    `const logs = new Map(), committed = {};
     node.on('send', ({ key, msg }) => {
       if (!logs.has(key)) logs.set(key, []);
       return { offset: logs.get(key).push(msg) - 1 };
     });
     node.on('poll', ({ offsets }) => ({ msgs: Object.fromEntries(Object.entries(offsets).map(([key, from]) =>
       [key, (logs.get(key) ?? []).map((msg, at) => [at, msg]).slice(from > 0 ? from + 1 : 0)])) }));
     node.on('commit_offsets', ({ offsets }) => { Object.assign(committed, offsets); return {}; });
     node.on('list_committed_offsets', () => ({ offsets: committed }));`,
    { nodes: ['n0'] },
  );
  const text = storyText(story, 1000);
  expect(text).toMatch(/poll-skip/);
  expect(text).toMatch(/polls at n0 \(operation \d+\) from offset (?!0)\d+ of key "\d+" and gets /);
  const labels = story.steps.map(({ arrows }) => arrows.map(({ label }) => label));
  expect(labels).toContainEqual(['poll', 'poll_ok', 'commit_offsets', 'commit_offsets_ok']);
});

it('a read that a node answers from its own state says so, where others could have been asked', async () => {
  const local = `const kv = new Map();
     const set = (key, value) => {
       kv.set(key, value);
       for (const peer of node.peers) node.send(peer, { type: 'set', key, value });
     };
     node.on('set', ({ key, value }) => { kv.set(key, value); });
     node.on('write', ({ key, value }) => { set(key, value); return {}; });
     node.on('cas', () => { throw RpcError.preconditionFailed('never'); });
     node.on('read', ({ key }) => ({ value: kv.get(key) ?? null }));`;
  const text = await storyOf('lin-kv', local, { concurrency: 6 });
  expect(text).toMatch(/ reads key \d at (n\d) and gets \S+; \1 asks no other node$/m);
  expect(
    await storyOf('lin-kv', local.replace('value: kv.get(key) ?? null', 'value: 7'), { nodes: ['n0'] }),
  ).not.toContain('asks no other node');
});

it('of a node that was killed since it had an element, what it then received is not in the story', async () => {
  const text = await storyOf(
    'broadcast',
    `const seen = new Set();
     node.on('topology', () => ({}));
     node.on('tell', ({ message }) => { seen.add(message); return {}; });
     node.on('broadcast', async ({ message }) => {
       seen.add(message);
       for (const peer of node.peers) node.rpc(peer, { type: 'tell', message }).catch(() => {});
       return {};
     });
     node.on('read', () => ({ messages: [...seen] }));`,
    { nemesis: ['kill'], nemesisTargets: [['n2']], nemesisIntervalSeconds: 3 },
  );
  expect(text).toMatch(/^Element 0 is lost/);
  expect(text).toMatch(/n2 restarts with only what it had stored/);
  expect(text).not.toMatch(/\{message: [1-9]/);
});

it('additions after which a node sends nothing: exactly those, and another one for comparison', async () => {
  const text = await storyOf(
    'g-counter',
    `let sum = 0, adds = 0;
     node.on('more', ({ delta }) => { sum += delta; });
     node.on('add', ({ delta }) => {
       if (++adds % 6 === 0) return {};
       sum += delta;
       for (const peer of node.peers) node.send(peer, { type: 'more', delta });
       return {};
     });
     node.on('read', () => ({ value: sum }));`,
    { timeLimitSeconds: 3 },
  );
  expect(text).toMatch(
    / too little: .* That is exactly the sum of the adds after which their nodes sent nothing to others: c\d's add of \d+ at n\d/,
  );
  expect(text.match(/sends more/g)).toHaveLength(1);
});

it('an element whose broadcast ended in doubt is not said to have been there: later messages are not in its story', async () => {
  const text = await storyOf(
    'broadcast',
    `const seen = new Set();
     node.on('topology', () => ({}));
     node.on('tell', ({ message }) => { seen.add(message); return {}; });
     node.on('broadcast', async ({ message }) => {
       for (const peer of node.peers) await node.rpc(peer, { type: 'tell', message });
       seen.add(message);
       return {};
     });
     node.on('read', () => ({ messages: [...seen] }));`,
    { nemesis: ['loss'], nemesisIntervalSeconds: 20, faultStrengths: { loss: 0.2 }, rate: 5 },
  );
  const [, element] = /^Element (\d+) is lost/.exec(text) ?? [];
  expect(text).toMatch(new RegExp(`broadcast of ${element} ends in doubt`));
  expect([...text.matchAll(/ broadcasts (\d+) at/g)].map(([, value]) => value)).toEqual([element]);
});

/** A state read from a service and written back, so that what others wrote in between is lost. */
const OVERWRITTEN =
  / when it wrote key "state" of lin-kv at [\d.]+ s: what it had read there at [\d.]+ s did not have it yet\.$/m;
const slow = { latency: { distribution: 'constant', meanMs: 50 } } as const;

it('an element that another node overwrites in a service: that node, what it had read, and no other additions', async () => {
  const text = await storyOf(
    'g-set',
    `const store = new LinKv(node);
     node.on('add', async ({ element }) => {
       await store.write('state', [...(await store.readOr('state', [])), element]);
       return {};
     });
     node.on('read', async () => ({ value: await store.readOr('state', []) }));`,
    slow,
  );
  const [, lost] = /^Element (\d+) is lost/.exec(text) ?? [];
  expect(text).toMatch(new RegExp(`n\\d overwrote ${lost}${OVERWRITTEN.source}`, 'm'));
  expect(text.match(/ adds \d/g)).toHaveLength(2);
});

it('a log in a state of many logs: which node overwrote the message', async () => {
  const text = await storyOf(
    'kafka',
    `const store = new LinKv(node);
     const EMPTY = { logs: {}, committed: {} };
     node.on('send', async ({ key, msg }) => {
       const { logs, committed } = await store.readOr('state', EMPTY);
       const log = logs[key] ?? [];
       await store.write('state', { logs: { ...logs, [key]: [...log, msg] }, committed });
       return { offset: log.length };
     });
     node.on('poll', async ({ offsets }) => {
       const { logs } = await store.readOr('state', EMPTY);
       return { msgs: Object.fromEntries(Object.entries(offsets).map(([key, from]) =>
         [key, (logs[key] ?? []).map((msg, at) => [at, msg]).slice(from)])) };
     });
     node.on('commit_offsets', () => ({}));
     node.on('list_committed_offsets', () => ({ offsets: {} }));`,
    slow,
  );
  expect(text).toMatch(new RegExp(`n\\d overwrote message \\d+ of key "\\d+"${OVERWRITTEN.source}`, 'm'));
});

it.each([
  ['txn-list-append', 'append', '[...(state[key] ?? []), value]'],
  ['txn-rw-register', 'write', 'value'],
] as const)(
  '%s over a state of all keys: whose write a transaction overwrote',
  async (workload, verb, next) => {
    const text = await storyOf(
      workload,
      `const store = new LinKv(node);
     node.on('txn', async ({ txn }) => {
       const state = await store.readOr('state', {});
       const done = txn.map(([f, key, value]) => {
         if (f === 'r') return [f, key, state[key] ?? null];
         state[key] = ${next};
         return [f, key, value];
       });
       if (txn.some(([f]) => f !== 'r')) await store.write('state', state);
       return { txn: done };
     });`,
      slow,
    );
    expect(text).toMatch(
      new RegExp(`n\\d overwrote operation \\d+'s ${verb} of \\d+ to key \\d+${OVERWRITTEN.source}`, 'm'),
    );
  },
);

/** Registers with a time of their own. A write is acknowledged when one other node has it. */
const REGISTERS = `const kv = new Map();
  const NONE = { value: null, at: 0 };
  const set = (key, found) => { if (found.at > (kv.get(key) ?? NONE).at) kv.set(key, found); };
  const first = (body) => Promise.race(node.peers.map((peer) => node.rpc(peer, body)));
  node.on('put', ({ key, found }) => { set(key, found); return {}; });
  node.on('get', ({ key }) => ({ found: kv.get(key) ?? NONE }));
  node.on('write', async ({ key, value }) => {
    const found = { value, at: Date.now() };
    set(key, found);
    await first({ type: 'put', key, found });
    return {};
  });
  node.on('cas', () => { throw RpcError.preconditionFailed('never'); });`;
const jittery = {
  concurrency: 6,
  rate: 40,
  keyCount: 1,
  latency: { distribution: 'exponential', meanMs: 30 },
} as const;

it('a read that takes the first of several answers: which nodes had answered, and what came too late', async () => {
  const text = await storyOf(
    'lin-kv',
    `${REGISTERS}
     node.on('read', async ({ key }) => {
       set(key, (await first({ type: 'get', key })).found);
       const { value } = kv.get(key) ?? NONE;
       if (value === null) throw RpcError.keyDoesNotExist('none');
       return { value };
     });`,
    { ...jittery, nodes: ['n0', 'n1', 'n2', 'n3', 'n4'], concurrency: 10 },
  );
  const [, reader] = / reads key 0 at (n\d)/.exec(text) ?? [];
  expect(text).toMatch(
    new RegExp(
      `No message that shows c\\d+'s write of \\d+ to key 0 had reached ${reader} when it answered: n\\d's put arrives [\\d.]+ m?s later\\. Of [^.]*, which ${reader} asked, only n\\d had answered\\.`,
    ),
  );
});

it('a read that does not look at what its own node has received says that it was there', async () => {
  const text = await storyOf(
    'lin-kv',
    `${REGISTERS}
     node.on('read', async ({ key }) => {
       const { found: { value } } = await first({ type: 'get', key });
       if (value === null) throw RpcError.keyDoesNotExist('none');
       return { value };
     });`,
    jittery,
  );
  expect(text).toMatch(
    /^ *\d+\. +n\d received \d+ for key 0 from n\d [\d.]+ m?s before the read, which misses it all the same\.$/m,
  );
});

it('an element that its node never stored: what it sent without it, and nothing that others sent', async () => {
  const text = await storyOf(
    'broadcast',
    `const seen = new Set();
     const learn = (message) => { if (message % 13 !== 7) seen.add(message); };
     node.on('topology', () => ({}));
     node.on('broadcast', ({ message }) => { learn(message); return {}; });
     node.on('gossip', ({ all }) => { all.forEach(learn); });
     node.on('read', () => ({ messages: [...seen] }));
     node.every(200, () => { for (const peer of node.peers) node.send(peer, { type: 'gossip', all: [...seen] }); });`,
  );
  const [, node] = /^Element 7 is lost[^]* broadcasts 7 at (n\d)/.exec(text) ?? [];
  expect(text).toMatch(new RegExp(`${node} sends gossip \\{all: \\[[\\d ]+\\]\\}`));
  expect(text).not.toMatch(new RegExp(`sends gossip .* to .*${node}`));
});

it('a sum that is read from a service and written back: the additions that were overwritten, and by what', async () => {
  const text = await storyOf(
    'g-counter',
    `const store = new LinKv(node);
     node.on('add', async ({ delta }) => {
       await store.write('sum', (await store.readOr('sum', 0)) + delta);
       return {};
     });
     node.on('read', async () => ({ value: await store.readOr('sum', 0) }));`,
    slow,
  );
  expect(text).toMatch(
    /too little: .* That is exactly the sum of \d+ adds overwritten in key "sum" of lin-kv, the first of them c\d+'s add of [1-9] at n\d: n\d overwrote it at [\d.]+ s with a sum computed from what it had read before\./,
  );
  expect(text.match(/ adds \d/g)).toHaveLength(2);
});

it('a sum in seq-kv that is read late: when the newest one was stored, and by what', async () => {
  const text = await storyOf(
    'g-counter',
    `const store = new SeqKv(node);
     node.on('add', async ({ delta }) => {
       await store.update('sum', (sum) => (sum ?? 0) + delta, 0);
       return {};
     });
     node.on('read', async () => ({ value: await store.readOr('sum', 0) }));`,
    { nodes: ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'], rate: 10, timeLimitSeconds: 4 },
  );
  expect(text).toMatch(
    / too little: .* It is what seq-kv answered, whose reads may be stale: n\d had stored \d+ there at [\d.]+ s\.$/m,
  );
  expect(text.match(/ adds \d/g)).toHaveLength(1);
});

it('an addition that is tried again although it took effect: how often each was done', async () => {
  const text = await storyOf(
    'g-counter',
    `const store = new LinKv(node), timeoutMs = 100;
     node.on('add', async ({ delta }) => {
       for (;;) {
         try {
           const sum = await store.readOr('sum', 0, { timeoutMs });
           await store.cas('sum', sum, sum + delta, { createIfNotExists: true, timeoutMs });
           return {};
         } catch (error) { if (!(error instanceof RpcError)) throw error; }
       }
     });
     node.on('read', async () => ({ value: await store.readOr('sum', 0) }));`,
    { rate: 2, latency: { distribution: 'exponential', meanMs: 30 } },
  );
  expect(text).toMatch(
    / too much: .* That is exactly what was added to key "sum" of lin-kv more than once: c\d+'s add of \d at n\d \d times/,
  );
});

it('a sum that a node remembers and writes back: the first wrong one, and what it should have been', async () => {
  const text = await storyOf(
    'pn-counter',
    `const store = new LinKv(node);
     let sum = 0;
     node.on('add', async ({ delta }) => {
       sum += delta;
       await store.write('sum', sum);
       return {};
     });
     node.on('read', async () => ({ value: await store.readOr('sum', 0) }));`,
    slow,
  );
  const [, wrote, before, delta, sum] =
    /The first wrong sum that was stored: n\d wrote (-?\d+) to key "sum" of lin-kv at [\d.]+ s, where n\d had stored (-?\d+); with c\d+'s add of (-?\d+) that makes (-?\d+)\./.exec(
      text,
    ) ?? [];
  expect(Number(before) + Number(delta)).toBe(Number(sum));
  expect(wrote).not.toBe(sum);
});

it('counts by node that are added instead of merged: the first message that says more than was added', async () => {
  const text = await storyOf(
    'g-counter',
    `const counts = {};
     node.on('add', ({ delta }) => { counts[node.id] = (counts[node.id] ?? 0) + delta; return {}; });
     node.on('merge', ({ counts: others }) => {
       for (const [name, count] of Object.entries(others))
         if (name !== node.id) counts[name] = Number(counts[name] ?? 0) + Number(count);
     });
     node.on('read', () => ({ value: Object.values(counts).reduce((sum, count) => sum + count, 0) }));
     node.every(1000, () => { for (const peer of node.peers) node.send(peer, { type: 'merge', counts }); });`,
  );
  const [, at, src, said, of, added] =
    /The first message that says too much: at ([\d.]+ s) (n\d) sends (\d+) for (n\d), where only (\d+) had been added\./.exec(
      text,
    ) ?? [];
  expect(Number(said)).toBeGreaterThan(Number(added));
  expect(text).toMatch(new RegExp(`${at}  ${src} sends merge \\{counts: \\{[^}]*${of}: ${said}[,}]`));
});
