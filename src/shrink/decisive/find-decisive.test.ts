import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSimulator } from '../../harness/simulations/simulator.ts';
import { simulateOnce } from '../../harness/simulations/simulate-once.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import type { MessageException } from '../../network/rules/message-exceptions.ts';
import { decisiveSentences } from '../../recording/decisive.ts';
import type { Course } from '../../run/course.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { makeStory } from '../../story/make-story.ts';
import { storyRunOf } from '../../story/story-run.ts';
import { broadcast } from '../../workloads/broadcast.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import type { Coursed } from '../course-edits.ts';
import { lookAt, trialOf } from '../one-trial.ts';
import type { TrialRunner } from '../trials.ts';
import { findDecisive, withMoments } from './find-decisive.ts';
import { futureOf } from './futures.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-decisive-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A node that forwards each message to all others once and never retries. */
const program = (type: string, sends = 'true') => `
import { Node } from 'maelstrom/node';
const node = new Node();
const seen = new Set();
const type = ${JSON.stringify(type)};
const see = (message) => {
  if (seen.has(message)) return;
  seen.add(message);
  if (${sends}) for (const peer of node.peers) node.send(peer, { type, message });
};
node.on('topology', () => ({}));
node.on('broadcast', ({ message }) => { see(message); return {}; });
node.on('read', () => ({ messages: [...seen] }));
node.on(type, ({ message }) => { seen.add(message); });
`;

let programs = 0;
async function bundled(text: string): Promise<string> {
  const file = join(folder, `program-${programs++}.mjs`);
  writeFileSync(file, text);
  return (await bundleNode(file, 'simulated', join(folder, `bundle-${programs}`))).bin;
}

const lost = (to: string, type = 'tell'): MessageException => ({ from: 'n1', to, type, nth: 0, do: 'drop' });

/** One broadcast to n1; in the end each node is read. */
async function courseOf(
  change: Partial<Course>,
  { nodes = ['n1', 'n2'], text = program('tell') }: { nodes?: readonly string[]; text?: string } = {},
): Promise<Coursed> {
  const course: Course = {
    ops: [{ label: 0, thread: 0, atNanos: 1_000_000, f: 'broadcast', value: 1 }],
    finalOps: nodes.map((_, thread) => ({
      label: thread + 1,
      thread,
      atNanos: 1_000_000 * thread,
      f: 'read',
      value: null,
      final: true,
    })),
    chance: 'calm',
    messages: [],
    threads: nodes,
    ...change,
  };
  const spec = completeSpec({
    workload: 'broadcast',
    bin: await bundled(text),
    world: 'simulated',
    seed: 'decisive',
    nodes,
    concurrency: nodes.length,
    timeLimitSeconds: 0.02,
    recoverySeconds: 1,
    latency: { distribution: 'constant', meanMs: 5 },
  });
  return { ...spec, course };
}

const simulator = openSimulator();
const runner = (width = 1): TrialRunner => ({
  width,
  run: async (spec) => trialOf(await simulator.run(spec, broadcast, spec.seed)),
  look: lookAt,
});

async function decisiveOf(spec: Coursed, { original, width }: { original?: TestSpec; width?: number } = {}) {
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, broadcast, spec.seed, { journal });
  const story = makeStory(storyRunOf({ spec, workload: broadcast, run, journal }));
  if (story === undefined) throw new Error('the run fails');
  const found = await findDecisive(spec, {
    runner: runner(width),
    signature: run.signature,
    story,
    original,
  });
  if (found === undefined) throw new Error('it was not ended');
  return { ...found, story, journal, zeroNanos: run.zeroNanos };
}

const chanceOf = async (faultStrengths: { readonly loss: number }): Promise<TestSpec> => {
  const { course: _, ...spec } = await courseOf({});
  return { ...spec, nemesis: ['loss'], faultStrengths };
};

describe('the decisive moment', { timeout: 120_000 }, () => {
  it('is the message that is lost: without it the run passes, and from it on every future fails', async () => {
    const spec = await courseOf({ messages: [lost('n2')] });
    const { byTrial, certainty, moment, story, journal, zeroNanos } = await decisiveOf(spec, {
      original: await chanceOf({ loss: 0.3 }),
    });
    const step = story.steps.find(({ kind }) => kind === 'lost');
    expect(byTrial[0]).toMatchObject({
      what: `the loss of tell to n2 (step ${step?.number})`,
      without: 'passes',
      at: { step: step?.number },
    });
    const place = certainty.findIndex(({ event }) => event === `step ${step?.number}`);
    expect(certainty.slice(place).every(({ fails, of }) => fails === 20 && of === 20)).toBe(true);
    // The probability of the loss is 0.3.
    for (const { fails } of certainty.slice(0, place)) {
      expect(fails).toBeGreaterThan(0);
      expect(fails).toBeLessThan(14);
    }
    expect(moment).toMatchObject({ step: step?.number, timeNanos: step?.timeNanos });
    const event = journal.event(moment?.journalEvent ?? -1);
    expect(event).toMatchObject({ kind: 'sent', messageId: moment?.message });
    expect(event.timeNanos - zeroNanos).toBe(moment?.timeNanos);
    expect(journal.message(moment?.message ?? -1)).toMatchObject({ src: 'n1', dest: 'n2' });
  });

  it('is a fault, and the single loss that makes it matter', async () => {
    const spec = await courseOf({
      faults: [
        { label: 0, atNanos: 0, f: 'start-partition', value: [['n1'], ['n2']] },
        { label: 1, atNanos: 15_000_000, f: 'stop-partition', value: null },
      ],
      healing: [],
    });
    const { byTrial, certainty } = await decisiveOf({ ...spec, nemesis: ['partition'] });
    expect(decisiveSentences({ byTrial, certainty })).toEqual([
      'Without the partition n1 | n2 (step 1) the run passes.',
      'It also passes without the loss of tell to n2 (step 3).',
      'From step 1 on, 20 of 20 futures fail; before it, 0 of 20.',
    ]);
  });

  it('is neither of two things if each is enough', async () => {
    const spec = await courseOf({
      messages: [lost('n2')],
      faults: [{ label: 0, atNanos: 0, f: 'start-partition', value: [['n1'], ['n2']] }],
      healing: [{ label: 1, atNanos: 0, f: 'stop-partition', value: null }],
    });
    const { byTrial } = await decisiveOf({ ...spec, nemesis: ['partition'] });
    expect(byTrial.map(({ without }) => without)).toEqual(['fails', 'fails']);
    expect(decisiveSentences({ byTrial, certainty: [] })).toEqual([
      'None of 2 things alone makes the difference: without any one of them the run still fails.',
    ]);
  });

  it('is not the order of a message and a read long after it', async () => {
    const text = `
      import { Node } from 'maelstrom/node';
      const node = new Node();
      const seen = new Set();
      node.on('topology', () => ({})).on('read', () => ({ messages: [...seen] }));
      node.on('broadcast', ({ message }) => {
        seen.add(message);
        for (const peer of node.peers) {
          node.send(peer, { type: 'tell', message });
          node.after(10, () => node.send(peer, { type: 'forget', message }));
        }
        return {};
      });
      node.on('tell', ({ message }) => void seen.add(message));
      node.on('forget', ({ message }) => void seen.delete(message));`;
    const { byTrial } = await decisiveOf(await courseOf({}, { text }));
    expect(byTrial.map(({ what }) => what).filter((what) => what.includes('read to n2'))).toEqual([]);
  });

  it('is undefined if the program always fails', async () => {
    const spec = await courseOf({}, { text: program('tell', 'false') });
    const { byTrial, certainty, moment } = await decisiveOf(spec);
    expect(decisiveSentences({ byTrial, certainty })).toEqual([
      'Chance plays no part: from the start on, 20 of 20 futures fail.',
    ]);
    expect(moment).toBeUndefined();
  });

  it('is the same twice, and for any number of concurrent trials', async () => {
    const spec = await courseOf({ messages: [lost('n2')] });
    const original = await chanceOf({ loss: 0.3 });
    const shown = async (width: number) => {
      const { byTrial, certainty, moment } = await decisiveOf(spec, { original, width });
      return JSON.stringify({ byTrial, certainty, moment });
    };
    const first = await shown(1);
    expect(await shown(1)).toBe(first);
    expect(await shown(2)).toBe(first);
  });

  it('shows names safely', async () => {
    const type = 'tell\u001b[31m\u202e<b>';
    const spec = await courseOf({ messages: [lost('n2', type)] }, { text: program(type) });
    const { byTrial, certainty } = await decisiveOf(spec);
    const text = decisiveSentences({ byTrial, certainty }).join('\n');
    expect(text).toContain('<b>');
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a future', { timeout: 120_000 }, () => {
  const messagesOf = async (spec: Coursed, simulate: typeof simulateOnce = simulateOnce) => {
    const journal = new MemoryJournal();
    await simulate(spec, broadcast, spec.seed, { journal });
    return Array.from({ length: journal.eventCount }, (_, number) => JSON.stringify(journal.event(number)));
  };

  it('is the run itself until its moment, and a different one afterwards, determined by its number', async () => {
    const spec = await courseOf(
      { messages: [lost('n2')], chance: 'seeded' },
      { nodes: ['n1', 'n2', 'n3', 'n4'] },
    );
    const random = { ...spec, latency: { distribution: 'exponential', meanMs: 5 } } as const;
    const base = await messagesOf(random);
    const looked = await lookAt(random);
    const told = Array.from({ length: looked.journal.messageCount }, (_, id) => looked.journal.message(id));
    // The second of the four messages that n1 sends in one turn, at one instant.
    const [, second] = told.filter(({ body }) => body.toString().includes('"tell"'));
    if (second === undefined) throw new Error('n1 tells the others');
    const place = base.indexOf(base.find((event) => event.includes(`"messageId":${second.id}}`)) ?? '');
    const { timeNanos } = looked.journal.event(place);
    const after = { nanos: timeNanos - looked.zeroNanos, messages: second.id + 1 };
    const future = (number: number) =>
      futureOf(random, { after, number, latency: random.latency, fates: [] });
    const [one, other] = [await messagesOf(future(1)), await messagesOf(future(2))];
    expect(one.slice(0, place + 1)).toEqual(base.slice(0, place + 1));
    expect(one).not.toEqual(base);
    expect(other).not.toEqual(one);
    expect(await messagesOf(future(1))).toEqual(one);
    expect(await messagesOf(future(1), simulator.run)).toEqual(one);
    // A message in flight at the turning point arrives when it would have.
    const arrivalOf = (events: readonly string[]) =>
      events.find((event) => event.includes('"received"') && event.includes(`"messageId":${second.id}}`));
    expect(arrivalOf(one)).toBe(arrivalOf(base));
  });

  it('has no ordered losses any more, and none of the faults that had not begun', async () => {
    const spec = await courseOf({
      messages: [lost('n2')],
      faults: [{ label: 0, atNanos: 500_000, f: 'start-partition', value: [['n1'], ['n2']] }],
      healing: [{ label: 1, atNanos: 0, f: 'stop-partition', value: null }],
    });
    const chance = { latency: spec.latency, fates: [], number: 1 };
    const failing = async (nanos: number) => {
      const future = futureOf({ ...spec, nemesis: ['partition'] }, { ...chance, after: { nanos } });
      return (await simulateOnce(future, broadcast, future.seed)).signature;
    };
    expect(await failing(-1)).toEqual([]);
    expect(await failing(600_000)).toEqual(['lost']);
  });

  it('loses messages as often as the run did, until faults are over', async () => {
    const spec = await courseOf({});
    const after = { nanos: -1 };
    const signature = async (probability: number, untilNanos: number) => {
      const fates = [{ fault: 'loss', probability, untilNanos }] as const;
      const future = futureOf(spec, { after, number: 1, latency: spec.latency, fates });
      return (await simulateOnce(future, broadcast, future.seed)).signature;
    };
    expect(await signature(1, 20_000_000)).toEqual(['lost']);
    expect(await signature(1, 500_000)).toEqual([]);
    expect(await signature(0, 20_000_000)).toEqual([]);
  });
});

it('of two things with the same words, one of which makes the difference, the time is shown', () => {
  const what = 'the loss of tell to n2 (step 3)';
  const at = (seconds: number) => ({ timeNanos: seconds * 1e9 });
  const trials = [
    { what, without: 'passes', at: at(2) },
    { what, without: 'fails', at: at(2.2) },
    { what: 'the kill of n1', without: 'fails', at: at(1) },
  ] as const;
  expect(withMoments(trials).map((trial) => trial.what)).toEqual([
    `${what} at 2.000 s`,
    `${what} at 2.200 s`,
    'the kill of n1',
  ]);
  expect(withMoments(trials.slice(0, 1))[0]?.what).toBe(what);
});
