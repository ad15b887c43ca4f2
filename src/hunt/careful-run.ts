/**
 * A run that has ended a process of the hunt, once more, as `maelstrom test` would run it: in a process of its own, which finds the node
 * that does not yield or that fills the memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTest } from '../harness/open-test.ts';
import { evidenceOf } from '../run/evidence-of.ts';
import { signatureOf } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Ran } from './job.ts';
import { countsOf, failureWords } from './outcome.ts';

/** Undefined when it was ended by the signal. */
export async function carefulRun(
  spec: TestSpec,
  workload: Workload,
  signal: AbortSignal,
): Promise<Ran | undefined> {
  const store = mkdtempSync(join(tmpdir(), 'maelstrom-hunt-'));
  try {
    const test = await openTest({ spec, workload, store });
    const abort = (): void => void test.abort();
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    const finished = await test.run().finally(() => signal.removeEventListener('abort', abort));
    if (finished === undefined) return undefined;
    const { results, sentence } = finished;
    const signature = signatureOf(
      results,
      evidenceOf(workload, results, () => undefined),
    );
    return {
      outcome: {
        ...countsOf(results),
        signature,
        messages: test.status().messages,
        nanos: 0,
        meetings: {},
        ...(signature.length === 0 ? {} : { failure: failureWords(results, sentence) }),
      },
    };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}
