/** Runs one example of the demonstration. */
import type { Validity } from '../../checkers/checker.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { DemoCase } from './demo-plan.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { abortBy } from '../../harness/one-test/running-test.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { busyShare, processorTimes } from './machine-load.ts';
import { provedNothing } from './proved-nothing.ts';

export interface DemoOutcome {
  readonly validity: Validity;
  /** The verdict in words. */
  readonly sentence: string;
  readonly operations: number;
  readonly messages: number;
  readonly seconds: number;
  readonly folder: string;
  /** True when the only problem is that too few requests were answered. */
  readonly provedNothing: boolean;
  /** How busy the machine was during the run, from 0 to 1. */
  readonly busyShare: number;
}

export interface DemoCaseOptions {
  readonly demoCase: DemoCase;
  /** Absolute path of the program. */
  readonly program: string;
  readonly seed: string;
  readonly store: string;
  readonly signal: AbortSignal;
}

/** Returns undefined if the signal stopped it. */
export async function runDemoCase(options: DemoCaseOptions): Promise<DemoOutcome | undefined> {
  const { demoCase, program, seed, store, signal } = options;
  const workload = WORKLOADS.get(demoCase.workload);
  if (workload === undefined) throw new Error(`the demo names an unknown workload: ${demoCase.workload}`);
  const { world, settings } = demoCase;
  const startedMs = performance.now();
  const before = processorTimes();
  const spec = completeSpec({ ...settings, workload: workload.name, bin: program, world, seed });
  const test = await openTest({ spec, workload, store });
  const finished = await test.run().finally(abortBy(test, signal));
  if (finished === undefined) return undefined;
  const busy = busyShare(before, processorTimes());
  const { invoked, messages } = test.status();
  const { sentence, folder, results } = finished;
  // The table does not mention an incomplete report.
  await reportRun({ folder, sentence, png: false });
  return {
    validity: results['valid?'],
    sentence,
    operations: invoked,
    messages,
    seconds: (performance.now() - startedMs) / 1000,
    folder,
    provedNothing: provedNothing(results),
    busyShare: busy,
  };
}
