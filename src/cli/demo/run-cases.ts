/**
 * The order in which the demo runs its examples: real clusters two at a time, then those that get a second chance, then
 * simulated ones, which keep this process busy, one after another.
 */
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';
import type { DemoTable } from './demo-table.ts';
import { inLanes } from '../in-lanes.ts';
import { secondChance } from './second-chance.ts';

const AT_ONCE = 2;

export interface CaseRunner {
  /** Returns why the example cannot run here, or undefined if it can. */
  readonly whyNot: (demoCase: DemoCase) => string | undefined;
  /** Returns undefined if it was stopped. */
  readonly run: (demoCase: DemoCase) => Promise<DemoOutcome | undefined>;
  readonly isStopped: () => boolean;
}

export async function runCases(
  cases: readonly DemoCase[],
  { whyNot, run, isStopped }: CaseRunner,
  table: DemoTable,
): Promise<void> {
  const again: DemoCase[] = [];
  const runOne = async (demoCase: DemoCase, isLast = true): Promise<void> => {
    if (isStopped()) return;
    const reason = whyNot(demoCase);
    if (reason !== undefined) {
      table.skip(demoCase, reason);
      return;
    }
    table.start(demoCase);
    const outcome = await run(demoCase);
    const patient = outcome === undefined || isLast ? undefined : secondChance(demoCase, outcome);
    if (outcome === undefined || patient === undefined) {
      table.finish(demoCase, outcome);
      return;
    }
    table.repeat(demoCase, outcome);
    again.push(patient);
  };
  const real = cases.filter(({ world }) => world === 'real');
  await inLanes(real, AT_ONCE, (demoCase) => runOne(demoCase, false));
  for (const demoCase of again) await runOne(demoCase);
  for (const demoCase of cases) if (demoCase.world === 'simulated') await runOne(demoCase);
}
