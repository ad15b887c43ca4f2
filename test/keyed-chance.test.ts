/** Randomness is keyed by causes: what happens to a message does not depend on operations that did not cause it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scripted, type ScriptedOp } from '../src/generator/scripted.ts';
import { MemoryJournal } from '../src/network/journal/memory-journal.ts';
import { TestRun } from '../src/run/test-run.ts';
import { echo } from '../src/workloads/echo.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';
import type { World } from '../src/world/world.ts';
import { SAMPLE_SPEC } from './support/test-spec-sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-keyed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each operation causes gossip, at once and after a random time; values in seq-kv and lww-kv; and an interval that fires twice. */
const PROGRAM = `
import { Node, SeqKv, LwwKv } from 'maelstrom/node';
const node = new Node();
const stores = [new SeqKv(node), new LwwKv(node)];
node.on('gossip', (body) => {
  if (body.hops > 0) for (const peer of node.peers) node.send(peer, { type: 'gossip', echo: body.echo, hops: body.hops - 1 });
});
node.on('echo', async (body) => {
  const gossip = (hops) => {
    for (const peer of node.peers) node.send(peer, { type: 'gossip', echo: body.echo, hops, coin: Math.random(), id: crypto.randomUUID() });
  };
  gossip(1);
  setTimeout(() => gossip(0), Math.random() * 20);
  let beats = 0;
  const beat = setInterval(() => {
    gossip(0);
    if (++beats === 2) clearInterval(beat);
  }, 7);
  for (const store of stores) store.write(body.echo, 1).catch(() => {});
  return { echo: body.echo };
});
`;
const bin = join(folder, 'program.mjs');
writeFileSync(bin, PROGRAM);

/** Returns each message's endpoints, contents and fate (latency, loss, copies), indexed by its identity. */
async function fates(ops: readonly ScriptedOp[], seed = 'keyed'): Promise<ReadonlyMap<number, string>> {
  const world: World = new SimulatedWorld({ seed });
  const journal = new MemoryJournal();
  const workload = { ...echo, prepare: () => ({ ...PREPARED, generator: scripted(ops) }) };
  const run = new TestRun(
    {
      ...SAMPLE_SPEC,
      bin,
      seed,
      concurrency: 3,
      rate: 1000,
      timeLimitSeconds: 3,
      latency: { distribution: 'exponential', meanMs: 8 },
      steady: { loss: 0.2, duplicate: 0.2 },
    },
    workload,
    world,
    { history: { append: () => undefined }, journal, log: () => undefined, nodeLogFile: () => undefined },
  );
  try {
    await run.run();
  } finally {
    await world.close();
  }
  const sentAt = new Map<number, number>();
  const became = new Map<number, string[]>();
  for (let number = 0; number < journal.eventCount; number++) {
    const event = journal.event(number);
    if (event.kind === 'sent') sentAt.set(event.messageId, event.timeNanos);
    const since = event.timeNanos - (sentAt.get(event.messageId) ?? 0);
    const said = event.kind === 'dropped' ? event.reason : event.kind;
    became.set(event.messageId, [...(became.get(event.messageId) ?? []), `${said} ${since}`]);
  }
  return new Map(
    Array.from({ length: journal.messageCount }, (_, id) => {
      const { src, dest, body, cause } = journal.message(id);
      // The SDK numbers its requests, and clients number theirs, so these ids shift.
      const text = body.toString().replaceAll(/"(?:msg_id|in_reply_to)":\d+,?/g, '');
      return [cause?.id ?? -1, `${src} ${dest} ${text} ${became.get(id)?.join(', ')}`] as const;
    }),
  );
}
const PREPARED = echo.prepare({} as Parameters<typeof echo.prepare>[0]); // echo has no options

const op = (label: number): ScriptedOp => ({
  label,
  thread: label % 3,
  atNanos: (label + 1) * 60_000_000,
  f: 'echo',
  value: `value ${label}`,
});
const ALL = Array.from({ length: 20 }, (_, label) => op(label));

it(
  'leaving operations out keeps every other message and its fate unchanged',
  { timeout: 30_000 },
  async () => {
    const all = await fates(ALL);
    const without = await fates(ALL.filter(({ label }) => label !== 3 && label !== 10));
    expect(all.size).toBeGreaterThan(300);
    const gone = [...all].filter(([cause]) => !without.has(cause));
    expect(gone.length).toBeGreaterThan(20);
    expect(gone.every(([, fate]) => /value (?:3|10)"|read|write|cas|_ok/.test(fate))).toBe(true);
    const changed = [...without].filter(([cause, fate]) => all.get(cause) !== fate);
    expect(changed).toEqual([]);
  },
);

it('another seed gives the same messages another fate', { timeout: 30_000 }, async () => {
  const [one, other] = [await fates(ALL.slice(0, 3)), await fates(ALL.slice(0, 3), 'other')];
  const common = [...one].filter(([cause]) => other.has(cause));
  expect(common.length).toBeGreaterThan(20);
  expect(common.filter(([cause, fate]) => other.get(cause) === fate).length).toBeLessThan(common.length / 2);
});
