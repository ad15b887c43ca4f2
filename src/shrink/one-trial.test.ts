import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import { workloadOf } from '../../test/support/workload-of.ts';
import { openSimulator } from '../harness/simulations/simulator.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { bundleNode } from '../world/bundling/bundle.ts';
import { trialIn } from './one-trial.ts';
import { NO_VERDICT, type TrialLimits } from './trials.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-trial-'));
afterAll(() => rmSync(folder, { recursive: true }));

let spec: TestSpec = SAMPLE_SPEC;
beforeAll(async () => {
  const [program, early, late] = ['node.ts', 'early.ts', 'late.ts'].map((name) => join(folder, name));
  writeFileSync(
    program ?? '',
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let count = 0;
     node.inspect(() => count);
     node.on('echo', (body) => { count++; return { echo: body.echo }; });`,
  );
  writeFileSync(early ?? '', `export default () => 'at once';`);
  writeFileSync(
    late ?? '',
    `export default (states) => ([...states.values()].some((count) => count >= 200) ? 'in the end' : undefined);`,
  );
  const { bin } = await bundleNode(program ?? '', 'simulated', folder);
  const invariants = [early ?? '', late ?? ''];
  spec = { ...SAMPLE_SPEC, bin, invariants, nodes: ['n1'], rate: 100, timeLimitSeconds: 6 };
}, 60_000);

const [EARLY, LATE] = ['invariant: at once', 'invariant: in the end'] as const;
const simulator = openSimulator();
const trial = (limits?: TrialLimits) => trialIn(simulator, spec, workloadOf(spec), limits);

it('a run ends soon after the awaited failure or another invariant, and not after a failure of another kind', async () => {
  const whole = await trial();
  const untilEarly = await trial({ kind: EARLY });
  const untilLate = await trial({ kind: LATE });
  const untilWrong = await trial({ kind: 'workload' });
  expect([whole, untilEarly, untilLate, untilWrong].map(({ signature }) => signature)).toEqual([
    [EARLY, LATE],
    [EARLY],
    [EARLY],
    [EARLY, LATE],
  ]);
  const [all = 0, first = 0, other = 0] = [whole, untilEarly, untilWrong].map(({ events }) => events);
  expect(first).toBeLessThan(300);
  expect(other).toBe(all);
  expect(untilEarly.failedNanos).toBeDefined();
  expect(untilLate.failedNanos).toBe(untilEarly.failedNanos);
  expect(untilWrong.failedNanos).toBeUndefined();
});

it('a run with more events than it may have has no verdict', async () => {
  const valid = { ...spec, invariants: [] };
  expect(await trialIn(simulator, valid, workloadOf(spec), { kind: LATE, mostEvents: 50 })).toEqual(
    NO_VERDICT,
  );
});
