/** Runs a test on a terminal: shows the log and the status, and handles Ctrl-C. */
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunLog } from '../../run/run-outputs.ts';
import type { Console } from '../show/console.ts';
import { endOnInterrupt } from '../interrupts.ts';
import { StatusLine } from './status-line.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import type { RunningTest, StoredResults } from '../../harness/one-test/running-test.ts';
import type { StoredTestOptions } from '../../harness/one-test/stored-test.ts';

const REDRAW_EVERY_MS = 200;
const MAX_LINE = 4000;

export interface WatchOptions {
  /** Called with the run's folder before the run begins. */
  readonly onOpen?: (folder: string) => void;
  /** Whether to leave out the log. */
  readonly isQuiet?: boolean;
  /** Whether to show nothing for a test that goes well: no description, log, or status. */
  readonly isSilent?: boolean;
  /** Whether the same test has been shown before; then the description and the log are left out. */
  readonly isRepetition?: boolean;
}

/** Returns undefined when a second Ctrl-C stopped it. */
export async function watchTest(
  options: StoredTestOptions,
  console: Console,
  { onOpen, isSilent = false, isRepetition = isSilent, isQuiet = isRepetition }: WatchOptions = {},
): Promise<StoredResults | undefined> {
  const { spec } = options;
  const onLog: RunLog = (line, brief) => showLogLine(console.isTerminal ? (brief ?? line) : line, console);
  const test = await openTest({ ...options, onLog: isQuiet ? undefined : onLog });
  onOpen?.(test.folder);
  if (!isRepetition) console.line(describeTest(options));
  const statusLine = new StatusLine(console);
  const redraw = setInterval(() => {
    if (isSilent) return;
    const nowMs = performance.now();
    console.showStatus(statusLine.render(test.status(), nowMs), nowMs);
  }, REDRAW_EVERY_MS);
  const stopListening = endOnInterrupt(test, console);
  try {
    const finished = await test.run();
    console.clearStatus();
    if (finished === undefined) console.line(`Stopped. What was recorded so far is in ${test.folder}`);
    refuseUnwritten(test);
    return finished;
  } catch (error) {
    if (!(error instanceof UserError))
      console.line(`The seed was ${spec.seed}; the run is in ${test.folder}`);
    throw error;
  } finally {
    clearInterval(redraw);
    console.clearStatus();
    stopListening();
  }
}

/** Throws a UserError for a run whose files could not be written. */
export function refuseUnwritten({ storeProblems: [problem] }: RunningTest): void {
  if (problem === undefined) return;
  throw new UserError(
    `The run was stopped because its files could not be written: ${problem}`,
    'Free some space, or choose another folder with --store, and run it again.',
  );
}

function describeTest({ spec }: StoredTestOptions): string {
  const nodes = counted(spec.nodes.length, 'node');
  const clients = counted(spec.concurrency, 'client');
  const where = spec.world === 'simulated' ? ', simulated' : '';
  const faults = spec.nemesis.length === 0 ? '' : `, faults: ${spec.nemesis.join(', ')}`;
  return `Testing ${spec.workload} with ${nodes} and ${clients} for ${spec.timeLimitSeconds} s${where}${faults}. Seed: ${spec.seed}`;
}

function showLogLine(text: string, console: Console): void {
  // On a terminal the status line shows the phase already.
  if (text === '' || (console.isTerminal && text.startsWith('Phase: '))) return;
  for (const line of text.split('\n')) console.line(shownText(line, MAX_LINE));
}
