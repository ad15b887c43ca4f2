/** Shrinks a stored failing run on a terminal; the result is a run of the store with its scenario and its story. */
import { join } from 'node:path';
import { openTest } from '../../harness/one-test/open-test.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { scenarioOfRun } from '../../harness/stored/stored-scenario.ts';
import { signatureOfRun } from '../../harness/stored/stored-signature.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { writeDecisive } from '../../report/read/stored-decisive.ts';
import { isByWatchdog, type Signature } from '../../run/verdict/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Coursed } from '../../shrink/course-edits.ts';
import { shrink, type ShrinkProgress, type Shrunk } from '../../shrink/shrink.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { storedStories } from '../../story/stored/stored-story.ts';
import { storySentences } from '../../story/text/story-text.ts';
import { withDecisive } from '../../story/with-decisive.ts';
import { changedOwnFiles, loadWorkload } from '../../harness/own/load-own.ts';
import type { Console } from '../show/console.ts';
import { decideOnTerminal } from './decide-on-terminal.ts';
import { keepShrunk } from './keep-shrunk.ts';
import { withTrials } from './with-trials.ts';

export interface ShrinkRunOptions {
  readonly store: string;
  /** Maximum number of trials at once. */
  readonly workers: number;
  readonly mostRuns?: number | undefined;
  readonly console: Console;
  /** How the program was called. */
  readonly program: string;
}

/**
 * Returns the folder of the shrunk run. Throws a UserError for a run that is not simulated, did not fail, does not fail
 * again, or in which the watchdog ended a node.
 */
export async function shrinkRun(runFolder: string, options: ShrinkRunOptions): Promise<string> {
  const { console } = options;
  // Repeating such a run takes as long as the watchdog waits for each of its nodes.
  const [recorded] = await signatureOfRun(runFolder);
  if (recorded !== undefined && isByWatchdog(recorded))
    throw new UserError(
      `${shortPath(runFolder)} cannot be shrunk: a node computed without end or filled the memory, and each candidate run ` +
        'would take as long to stop. It is kept unchanged.',
      'The log of the node says in which turn it was stopped; pause the program there in a debugger to see the loop.',
    );
  const made = await scenarioOfRun(runFolder, join(runFolder, RUN_FILES.scenario));
  const signature = made.scenario.expect?.signature;
  if (signature === undefined)
    throw new UserError(
      `Nothing is wrong in ${runFolder}, so there is nothing to shrink.`,
      'Shrinking needs an invalid simulated run; maelstrom hunt searches for one.',
    );
  console.line(
    `Shrinking ${shortPath(runFolder)}: ${signature.join(', ')}. Ctrl-C stops with the smallest failure so far.`,
  );
  const shrunk = await shrinkOnTerminal(made.spec as Coursed, signature, options); // scenarioOfRun sets the course
  if (shrunk === undefined) {
    const [changed] = await changedOwnFiles(made.spec);
    const why =
      changed !== undefined
        ? `: ${shownText(changed.path, 500)} has changed since the run`
        : made.isExact
          ? ''
          : ': the program has changed since';
    throw new UserError(
      `${shortPath(runFolder)} does not fail again${why}.`,
      signature.some(isByWatchdog)
        ? 'A node that does not yield or fills the memory stops a candidate run before its verdict: fix that first.'
        : 'Run the test again, and shrink the new run.',
    );
  }
  const { operations, faults, exceptions, nodes, serverMessages } = shrunk.weight;
  const also = exceptions === 0 ? '' : `, ${counted(exceptions, 'lost, late or doubled message')}`;
  console.line(
    `${counted(operations, 'operation')}, ${counted(faults, 'fault')}${also}, ${counted(nodes, 'node')}, ` +
      `${counted(serverMessages, 'message')} between servers; ${counted(shrunk.runs, 'run')} tried` +
      `${shrunk.isCutShort ? '; stopped early, so it may not be the smallest' : ''}.`,
  );
  if (shrunk.signature[0] !== signature[0])
    console.line(`It violates another invariant first: ${shrunk.signature[0] ?? ''}.`);
  return keep(shrunk, made.spec, options);
}

function shrinkOnTerminal(
  spec: Coursed,
  signature: Signature,
  { workers, mostRuns, console }: ShrinkRunOptions,
): Promise<Shrunk | undefined> {
  return withTrials({ bin: spec.bin, workers, console }, (runner, signal) =>
    shrink(spec, {
      runner,
      signature,
      signal,
      mostRuns,
      onProgress: (progress) => console.showStatus(progressLine(progress), performance.now()),
    }),
  );
}

function progressLine({ pass, runs, weight }: ShrinkProgress): string {
  const size =
    weight === undefined
      ? ''
      : `; ${counted(weight.operations, 'operation')}, ${counted(weight.faults, 'fault')}, ${counted(weight.nodes, 'node')}`;
  return `${counted(runs, 'run')}, ${pass}${size}`;
}

/** Runs the result as a test of the store. */
async function keep(
  { spec, isCutShort, signature }: Shrunk,
  original: TestSpec,
  { store, workers, console, program }: ShrinkRunOptions,
): Promise<string> {
  const workload = await loadWorkload(spec);
  const test = await openTest({ spec, workload, store });
  const finished = await test.run();
  if (finished === undefined) throw new Error('nothing else ends this run');
  const { folder, sentence } = finished;
  const [steps] = storedStories(folder).stories;
  // If shrinking was ended early, the user does not want to wait for more.
  const decisive =
    steps === undefined || isCutShort
      ? undefined
      : await decideOnTerminal({ spec, signature, story: steps, original }, { workers, console });
  if (decisive !== undefined) writeDecisive(folder, decisive);
  const story = steps === undefined ? undefined : withDecisive(steps, decisive);
  const file = join(folder, RUN_FILES.scenario);
  const { scenario } = await scenarioOfRun(folder, file);
  const sentences = story === undefined ? [] : storySentences(story);
  const shrunk = { ...scenario, expect: { signature }, story: sentences };
  await keepShrunk({ folder, sentence, scenario: shrunk, story }, console);
  console.line(`Again: ${program} test --scenario ${shortPath(file)}`);
  return folder;
}
