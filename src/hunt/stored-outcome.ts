/** Carries out a run of a hunt as a stored test, and returns its outcome. */
import { abortBy, type StoredResults } from '../harness/one-test/running-test.ts';
import { storedSignature } from '../harness/stored/stored-signature.ts';
import { openTest } from '../harness/one-test/open-test.ts';
import type { StoredTestOptions } from '../harness/one-test/stored-test.ts';
import { refuseOwnError } from '../run/guards/own-error.ts';
import { openRun } from '../store/open-run.ts';
import { faultMeetings } from './coverage/fault-meetings.ts';
import { countsOf, failureWords, type Outcome } from './outcome.ts';

export interface StoredOutcome {
  readonly outcome: Outcome;
  readonly stored: StoredResults;
}

/** Returns undefined when `signal` ended it. `cutting` cuts it short and judges it, as the first Ctrl-C of a test does. */
export async function runStored(
  options: StoredTestOptions,
  signal: AbortSignal,
  cutting?: AbortSignal,
): Promise<StoredOutcome | undefined> {
  if (signal.aborted) return undefined;
  const test = await openTest(options);
  cutting?.addEventListener('abort', () => test.interrupt('SIGINT'));
  const stored = await test.run().finally(abortBy(test, signal));
  if (stored === undefined) return undefined;
  const { results, sentence, folder } = stored;
  refuseOwnError(results, options.workload);
  const { ops } = openRun(folder).history();
  const signature = storedSignature(options.workload, results, folder);
  const outcome: Outcome = {
    ...countsOf(results),
    signature,
    messages: test.status().messages,
    nanos: ops.at(-1)?.time ?? 0,
    meetings: faultMeetings(ops),
    ...(signature.length === 0 ? {} : { failure: failureWords(results, sentence) }),
  };
  return { outcome, stored };
}
