/** Simulating the course that another run took reproduces that run: every operation and every message. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { simulateOnce } from '../../src/harness/simulations/simulate-once.ts';
import type { FaultScriptEntry } from '../../src/nemesis/fault-script.ts';
import { MemoryJournal } from '../../src/network/journal/memory-journal.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { checkCourse } from '../../src/scenario/check-course.ts';
import { withCourseOf } from '../../src/scenario/course-of-run.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { workloadOf } from '../support/workload-of.ts';
import { EXAMPLES, specOf } from '../determinism/programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function recordedRun(spec: TestSpec, seed = 'a seed') {
  const journal = new MemoryJournal();
  const { history, results } = await simulateOnce(spec, workloadOf(spec), seed, { journal });
  const events = Array.from({ length: journal.eventCount }, (_, number) => journal.event(number));
  const messages = Array.from({ length: journal.messageCount }, (_, id) => {
    const { src, dest, body, cause } = journal.message(id);
    return { src, dest, body: body.toString(), cause };
  });
  return { history, results, events, messages };
}

async function bundled(path: string, name: string): Promise<string> {
  return (await bundleNode(join(ROOT, path), 'simulated', mkdtempSync(join(folder, name)))).bin;
}

it.each(EXAMPLES.map((example) => [example.path, example] as const))(
  '%s',
  { timeout: 60_000 },
  async (path, example) => {
    const spec = specOf(example, await bundled(path, 'example-'));
    const original = await recordedRun(spec);
    const course = withCourseOf(spec, original.history);
    checkCourse(course, workloadOf(course), 'what a run did');
    expect(await recordedRun(course)).toEqual(original);
    expect(course.course?.ops.length).toBeGreaterThan(3);
    expect(course.course?.faults?.length).toBeGreaterThan(3);
  },
);

it('faults that come as soon as requests have succeeded', { timeout: 120_000 }, async () => {
  const program = { path: 'examples/broken/txn-dirty-read.ts', workload: 'txn-list-append' };
  const bin = await bundled(program.path, 'after-');
  let simultaneous = 0;
  for (const successes of [1, 2, 5]) {
    for (const distribution of ['constant', 'exponential'] as const) {
      const spec: TestSpec = {
        ...specOf(program, bin),
        nodes: ['n1', 'n2', 'n3'],
        nemesis: ['partition', 'slow', 'reorder'],
        nemesisTargets: ['primary'],
        nemesisAfter: successes,
        latency: { distribution, meanMs: 5 },
        concurrency: 4,
        rate: 60,
        timeLimitSeconds: 1,
      };
      const original = await recordedRun(spec, `${distribution} ${successes}`);
      const course = withCourseOf({ ...spec, seed: `${distribution} ${successes}` }, original.history);
      checkCourse(course, workloadOf(course), 'what a run did');
      expect(await recordedRun(course, course.seed)).toEqual(original);
      simultaneous += course.course?.faults?.filter(({ after = 0 }) => after > 0).length ?? 0;
    }
  }
  expect(simultaneous).toBeGreaterThan(10);
});

const SCRIPT: readonly FaultScriptEntry[] = [
  { at: 0.05, fault: 'kill', target: 'one', for: 0.1 },
  { at: 0.1, fault: 'partition', target: 'majority', for: 0.1 },
  { at: 0.12, fault: 'partition', target: [['n1'], ['n2', 'n3']] },
  { at: 0.2, fault: 'kill', target: ['n3'] },
];

it('a run with a fault script', { timeout: 60_000 }, async () => {
  const [, , , g] = EXAMPLES;
  if (g === undefined) throw new Error('there are examples');
  const bin = await bundled('examples/broadcast.ts', 'script-');
  const { nemesis: _, ...others } = specOf({ path: 'examples/broadcast.ts', workload: 'broadcast' }, bin);
  const spec = { ...others, nemesis: [], faultScript: SCRIPT };
  const original = await recordedRun(spec);
  const course = withCourseOf(spec, original.history);
  expect(course.faultScript?.map(({ labels }) => labels)).toEqual([
    [0, 3],
    [1, 4],
    [2, 6],
    [5, 7],
  ]);
  expect(await recordedRun(course)).toEqual(original);
});
