/** Every broken example, shrunk to a few operations that fail in the same way as the original run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSimulator } from '../../src/harness/simulations/simulator.ts';
import { simulateOnce } from '../../src/harness/simulations/simulate-once.ts';
import { failsAlike, isEventual, signatureOf } from '../../src/run/verdict/signature.ts';
import { checkCourse } from '../../src/scenario/check-course.ts';
import { withCourseOf } from '../../src/scenario/course-of-run.ts';
import { lookAt, trialIn } from '../../src/shrink/one-trial.ts';
import type { Coursed } from '../../src/shrink/course-edits.ts';
import { shrink, type Shrunk } from '../../src/shrink/shrink.ts';
import type { TrialRunner } from '../../src/shrink/trials.ts';
import { MemoryJournal } from '../../src/network/journal/memory-journal.ts';
import { makeStory } from '../../src/story/make-story.ts';
import { storyRunOf } from '../../src/story/story-run.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { BROKEN, smallFailingRun, type SmallCase } from '../support/small-failing-run.ts';
import { workloadOf } from '../support/workload-of.ts';

const simulator = openSimulator();
const runner = (width: number): TrialRunner => ({
  width,
  run: (spec, limits) => trialIn(simulator, spec, workloadOf(spec), limits),
  look: lookAt,
});

const shrunkAlone = new Map<SmallCase, ReturnType<typeof shrunk>>();

/** Shrinks with one trial at a time; each case once, however many tests use it. */
function shrunkOnce(one: SmallCase): ReturnType<typeof shrunk> {
  const known = shrunkAlone.get(one) ?? shrunk(one, 1);
  shrunkAlone.set(one, known);
  return known;
}

async function shrunk(one: SmallCase, width: number) {
  const { spec, history, results, evidence } = await smallFailingRun(one);
  const signature = signatureOf(results, evidence);
  const small = await shrink(withCourseOf(spec, history) as Coursed, { runner: runner(width), signature });
  if (small === undefined) throw new Error('it fails again');
  return { small, signature };
}

/** A run of 14 operations: each of some 140 trials repeats a whole run of Raft. */
const SHORT_RAFT = {
  firstSeed: 8,
  settings: { timeLimitSeconds: 1.2, rate: 12, concurrency: 3, nemesisIntervalSeconds: 0.4 },
};
/** Each with the most operations that may be left. */
const CASES = BROKEN.map((one) =>
  one.name === 'raft-stale-reads'
    ? ([
        one.name,
        5,
        { ...one, ...SHORT_RAFT, settings: { ...one.settings, ...SHORT_RAFT.settings } },
      ] as const)
    : ([one.name, 10, one] as const),
);

it.each(CASES)('%s', { timeout: 120_000 }, async (_, most, one) => {
  const { small, signature } = await shrunkOnce(one);
  const { spec, weight, isCutShort } = small;
  expect(isCutShort).toBe(false);
  checkCourse(spec, workloadOf(spec), 'the small run');
  expect(weight.operations).toBeLessThanOrEqual(most);
  const again = await simulateOnce(spec, workloadOf(spec), spec.seed);
  expect(failsAlike(again.signature, signature)).toBe(true);
  // It becomes a scenario unchanged, with the exceptions that name its messages.
  const course = withCourseOf(spec, again.history);
  expect((await simulateOnce(course, workloadOf(spec), spec.seed)).history).toEqual(again.history);
  if (signature.some(isEventual)) expect(spec.course.finalOps.length).toBeGreaterThan(0);
});

it(
  'a request that is sent again for as long as a fault lasts is repeated only as often as the failure needs',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maelstrom-impatient-'));
    const program = join(folder, 'impatient.mjs');
    // n1 adds what n2 sends each time, because it cannot tell a repetition from a new request.
    writeFileSync(
      program,
      `import { Node } from 'maelstrom/node';
       const node = new Node();
       let total = 0;
       const atOwner = async (body) => {
         for (;;) try { return await node.rpc('n1', body, { timeoutMs: 300 }); } catch {}
       };
       node.on('apply', ({ delta }) => { total += delta; return {}; });
       node.on('total', () => ({ value: total }));
       node.on('add', async ({ delta }) => {
         if (node.id === 'n1') total += delta;
         else await atOwner({ type: 'apply', delta });
         return {};
       });
       node.on('read', async () => ({ value: node.id === 'n1' ? total : (await atOwner({ type: 'total' })).value }));`,
    );
    const settings = {
      nodes: ['n1', 'n2'],
      concurrency: 2,
      rate: 8,
      timeLimitSeconds: 3,
      faultScript: [{ at: 0, fault: 'slow', target: ['n1', 'n2'] }],
      faultStrengths: { slow: { kind: 'range' as const, fromMs: 190, toMs: 200 } },
    };
    const { small } = await shrunk({ name: 'impatient', workload: 'g-counter', program, settings }, 1);
    expect(small.weight.operations).toBe(2);
    expect(small.weight.serverMessages).toBeLessThanOrEqual(8);
    const journal = new MemoryJournal();
    const workload = workloadOf(small.spec);
    const run = await simulateOnce(small.spec, workload, small.spec.seed, { journal });
    const story = makeStory(storyRunOf({ spec: small.spec, workload, run, journal }));
    // Why it is sent again.
    expect(story?.steps.map(({ text }) => text).join('\n')).toMatch(
      /n1 answers apply_ok \(it arrives [\d.]+ s after the request, when n2 has sent apply again\)/,
    );
    rmSync(folder, { recursive: true });
  },
);

it('a failure that needs more than ten operations keeps its kind', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-twelfth-'));
  const program = join(folder, 'twelfth.mjs');
  writeFileSync(
    program,
    `import { Node } from 'maelstrom/node';
     let n = 0;
     new Node().on('echo', (body) => ({ echo: ++n === 12 ? 'wrong' : body.echo }));`,
  );
  const settings = { nodes: ['n1'], concurrency: 1, rate: 50, timeLimitSeconds: 0.5 };
  const { small } = await shrunk({ name: 'twelfth', workload: 'echo', program, settings }, 1);
  expect(small.weight.operations).toBe(12);
  rmSync(folder, { recursive: true });
});

it('another invariant may take the place of the violated one', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-invariants-'));
  const [program, invariants] = [join(folder, 'counts.mjs'), join(folder, 'invariants.mjs')];
  writeFileSync(
    program,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let [first, count] = ['', 0];
     node.inspect(() => ({ first, count }));
     node.on('echo', (body) => {
       if (count++ === 0) first = body.echo;
       return { echo: count >= 10 ? 'wrong' : body.echo };
     });`,
  );
  writeFileSync(
    invariants,
    `export default (states) => {
       for (const { first, count } of states.values()) {
         if (count >= 10) return 'the tenth has come';
         if (/[02468]$/.test(first)) return 'an even number came first';
       }
     };`,
  );
  const settings = {
    nodes: ['n1'],
    concurrency: 2,
    rate: 50,
    timeLimitSeconds: 0.5,
    invariants: [invariants],
  };
  const { small, signature } = await shrunk({ name: 'counts', workload: 'echo', program, settings }, 1);
  expect(signature).toEqual(['invariant: the tenth has come', 'workload']);
  expect(small.signature).toEqual(['invariant: an even number came first']);
  expect(small.weight.operations).toBe(1);
  rmSync(folder, { recursive: true });
});

it('one of several clients that wait for a missing value is enough', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-one-looks-'));
  const program = join(folder, 'hides.mjs');
  writeFileSync(
    program,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     const logs = new Map();
     node.on('send', ({ key, msg }) => {
       logs.set(key, [...(logs.get(key) ?? []), msg]);
       return { offset: logs.get(key).length - 1 };
     });
     const shown = (key, from) => (logs.get(key) ?? []).map((msg, at) => [at, msg]).slice(from, -1);
     node.on('poll', ({ offsets }) => ({ msgs: Object.fromEntries(Object.entries(offsets).map(([key, from]) => [key, shown(key, from)])) }));
     node.on('commit_offsets', () => ({}));
     node.on('list_committed_offsets', () => ({ offsets: {} }));`,
  );
  const settings = { nodes: ['n1'], concurrency: 4, rate: 50, timeLimitSeconds: 1 };
  const { small, signature } = await shrunk({ name: 'hides', workload: 'kafka', program, settings }, 1);
  expect(signature).toEqual(['unseen']);
  expect(new Set(small.spec.course.finalOps.map(({ thread }) => thread)).size).toBe(1);
  expect(small.weight.operations).toBeLessThanOrEqual(10);
  rmSync(folder, { recursive: true });
});

it('leaves out an operation that only kept its client busy', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-busy-'));
  const program = join(folder, 'late.mjs');
  writeFileSync(
    program,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let begun = 0;
     node.onInit(() => (begun = Date.now()));
     node.on('echo', async (body) => {
       const echo = Date.now() - begun > 350 ? 'wrong' : body.echo;
       await new Promise((resume) => node.after(100, resume));
       return { echo };
     });`,
  );
  // Each operation keeps the client busy for 100 ms, so that the fourth starts late.
  const settings = { nodes: ['n1'], concurrency: 1, rate: 100, timeLimitSeconds: 0.5 };
  const { small } = await shrunk({ name: 'late', workload: 'echo', program, settings }, 1);
  expect(small.weight.operations).toBe(1);
  rmSync(folder, { recursive: true });
});

it('gives the same result for any number of concurrent trials', { timeout: 120_000 }, async () => {
  const [one] = BROKEN.filter(({ name }) => name === 'trusts-delivery, loss');
  if (one === undefined) throw new Error('it is one of them');
  const courseOf = ({ small: { spec, weight } }: { small: Shrunk }) => ({ ...spec, weight });
  expect(courseOf(await shrunk(one, 4))).toEqual(courseOf(await shrunkOnce(one)));
});

it(
  'does not count as lost what had no time to spread: the correct twin is valid with the small course',
  {
    timeout: 120_000,
  },
  async () => {
    const twins = {
      'trusts-delivery, partition': 'broadcast.ts',
      'trusts-delivery, loss': 'broadcast.ts',
      broadcast: 'broadcast.ts',
      'forgets-on-restart': 'kafka.ts',
    };
    for (const [name, twin] of Object.entries(twins)) {
      const [one] = BROKEN.filter((other) => other.name === name);
      if (one === undefined) throw new Error('it is one of them');
      const { small } = await shrunkOnce(one);
      const { bin } = await bundleNode(
        fileURLToPath(new URL(`../../examples/${twin}`, import.meta.url)),
        'simulated',
      );
      const right = await simulateOnce({ ...small.spec, bin }, workloadOf(small.spec), small.spec.seed);
      expect(right.signature).toEqual([]);
      expect(right.results.workload?.['valid?']).toBe(true);
    }
  },
);
