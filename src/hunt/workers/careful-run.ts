/**
 * Repeats a run that killed a process of the hunt, as `maelstrom test` would run it: in a process of its own, which
 * finds the node that does not yield or that fills the memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Ran } from '../job.ts';
import { runStored } from '../stored-outcome.ts';

/** Returns undefined when `signal` ended it; `cutting` cuts it short and judges it. */
export async function carefulRun(
  spec: TestSpec,
  workload: Workload,
  signal: AbortSignal,
  cutting?: AbortSignal,
): Promise<Ran | undefined> {
  const store = mkdtempSync(join(tmpdir(), 'maelstrom-hunt-'));
  try {
    const ran = await runStored({ spec, workload, store }, signal, cutting);
    return ran === undefined ? undefined : { outcome: ran.outcome };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}
