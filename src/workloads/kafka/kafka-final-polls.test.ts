/** How long clients of kafka poll for sent messages after everything has healed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTest } from 'maelstrom';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-final-polls-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a node with one log, whose polls return one message at a time. */
const oneByOne = (name: string, show: string): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     const logs = new Map();
     const committed = new Map();
     node.on('send', ({ key, msg }) => {
       const log = logs.get(key) ?? [];
       logs.set(key, log);
       return { offset: log.push(msg) - 1 };
     });
     const shown = (key, from) => (logs.get(key) ?? []).map((msg, at) => [at, msg]).slice(from, from + 1).filter(([at]) => ${show});
     node.on('poll', ({ offsets }) => ({
       msgs: Object.fromEntries(Object.entries(offsets).map(([key, from]) => [key, shown(key, from)])),
     }));
     node.on('commit_offsets', ({ offsets }) => {
       for (const [key, at] of Object.entries(offsets)) committed.set(key, Math.max(at, committed.get(key) ?? 0));
       return {};
     });
     node.on('list_committed_offsets', () => ({ offsets: Object.fromEntries(committed) }));`,
  );
  return path;
};

/** Writes the same node, whose polls take longer than clients wait once there are messages. */
const slow = (name: string): string => {
  const path = oneByOne(name, 'true');
  const text = readFileSync(path, 'utf8').replace(
    "node.on('poll', ({ offsets }) => ({",
    "node.on('poll', async ({ offsets }) => (await new Promise((resolve) => setTimeout(resolve, 6000)), {",
  );
  writeFileSync(path, text);
  return path;
};

const run = (bin: string) =>
  runTest({
    workload: 'kafka',
    bin,
    world: 'simulated',
    nodes: ['n1'],
    concurrency: 2,
    rate: 100,
    timeLimitSeconds: 4,
    keyCount: 1,
    maxWritesPerKey: 1024,
    seed: '1',
    store: join(folder, 'store'),
    report: false,
  });

it('a log whose polls return one message at a time is polled to its end, however long that takes', async () => {
  const { results } = await run(oneByOne('whole.js', 'true'));
  expect(results.workload).toMatchObject({ 'valid?': true });
});

it('a message that polls never reach is still unseen', async () => {
  const { results } = await run(oneByOne('stuck.js', 'at < 100'));
  expect(results.workload).toMatchObject({ 'valid?': false, 'bad-error-types': ['unseen'] });
});

it('if no final poll is answered, the sentence says that this was not checked', async () => {
  const { sentence } = await run(slow('slow.js'));
  expect(sentence).toMatch(/unseen: .*\n?.*not one of \d+ polls was answered with messages/);
});

it('if all final polls end in errors, the sentence names the error, and asks nothing about slowness', async () => {
  const path = join(folder, 'twice.js');
  // Two messages at one offset: the answer breaks the protocol.
  writeFileSync(
    path,
    readFileSync(oneByOne('ascending.js', 'true'), 'utf8').replace(
      '.slice(from, from + 1)',
      '.slice(from).map(([, msg]) => [from, msg])',
    ),
  );
  const { sentence } = await run(path);
  expect(sentence).toMatch(
    /not one of \d+ polls was answered with messages: .*ended in errors, such as wrong-structure \(key .* has offset \d+ after \d+; expected ascending offsets\)\./,
  );
  expect(sentence).not.toMatch(/longer than clients wait/);
});
