/** Shrinks a stored failing run of the real world on a terminal; the result is a run of the store with its scenario. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { realScenario } from '../../harness/stored/stored-scenario.ts';
import { storedSignature } from '../../harness/stored/stored-signature.ts';
import { runStored } from '../../hunt/stored-outcome.ts';
import { UnfitTopology } from '../../own/own-topology.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Op } from '../../history/op.ts';
import type { Signature } from '../../run/verdict/signature.ts';
import { resultsReadBack } from '../../run/verdict/test-results.ts';
import { withCourseOf } from '../../scenario/course-of-run.ts';
import type { Coursed } from '../../shrink/course-edits.ts';
import { RealTrials } from '../../shrink/real-trials.ts';
import { shrinkReal, type RealShrinkProgress, type RealShrunk } from '../../shrink/shrink-real.ts';
import type { Weight } from '../../shrink/weight.ts';
import { LINKS, RUN_FILES } from '../../store/layout.ts';
import { replaceLink } from '../../store/writing/links.ts';
import { openRun, storedOps } from '../../store/open-run.ts';
import { storedStories } from '../../story/stored/stored-story.ts';
import { storySentences } from '../../story/text/story-text.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import type { Workload } from '../../workloads/workload.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import type { Console } from '../show/console.ts';
import { keepShrunk } from './keep-shrunk.ts';
import type { RealLimits } from './real-limits.ts';

export interface ShrinkRealOptions extends RealLimits {
  readonly store: string;
  readonly console: Console;
  /** How the program was called. */
  readonly program: string;
}

interface FailedRun {
  readonly spec: Coursed;
  readonly workload: Workload;
  readonly history: readonly Op[];
  readonly signature: Signature;
}

/**
 * Returns the folder of the shrunk run; undefined if the run does not fail again. Throws a UserError for a run that did
 * not fail.
 */
export async function shrinkRealRun(
  runFolder: string,
  options: ShrinkRealOptions,
): Promise<string | undefined> {
  const { console, repeats, seconds } = options;
  const failed = await readFailedRun(runFolder);
  console.line(
    `Shrinking ${shortPath(runFolder)}: ${failed.signature.join(', ')}. Each candidate is run up to ${counted(repeats, 'time')}, ` +
      `for ${seconds} s in total. Ctrl-C stops with the smallest failure so far.`,
  );
  makeFolders(options.store);
  // Within the store, so that a run can be moved there; its name cannot be taken for a run.
  const folder = mkdtempSync(join(options.store, '.shrinking-'));
  try {
    const shrunk = await shrinkOnTerminal(failed, folder, options);
    if (shrunk === undefined) return undefined;
    console.line(resultText(shrunk));
    return await keep(shrunk, failed, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readFailedRun(runFolder: string): Promise<FailedRun> {
  const run = openRun(runFolder);
  const { spec } = run.test;
  const workload = await loadWorkload(spec);
  const signature = storedSignature(workload, resultsReadBack(run.results() ?? {}), run.path);
  if (signature.length === 0)
    throw new UserError(
      `Nothing is wrong in ${runFolder}, so there is nothing to shrink.`,
      'Shrinking needs an invalid run; maelstrom hunt --real searches for one.',
    );
  const history = storedOps(run);
  return { spec: withCourseOf(spec, history) as Coursed, workload, history, signature }; // withCourseOf sets the course
}

async function shrinkOnTerminal(
  { spec, workload, history, signature }: FailedRun,
  folder: string,
  { clusters, repeats, seconds, console }: ShrinkRealOptions,
): Promise<RealShrunk | undefined> {
  const stopping = new AbortController();
  const timeOver = new AbortController();
  const timer = setTimeout(() => timeOver.abort(), seconds * 1000);
  const stopListening = abortOnInterrupt(stopping);
  const { signal } = stopping;
  const searching = AbortSignal.any([signal, timeOver.signal]);
  let runs = 0;
  let progress: RealShrinkProgress | undefined;
  const show = (): void => console.showStatus(progressLine(runs, progress), performance.now());
  const trials = new RealTrials({
    carryOut: (candidate, ends) =>
      runStored({ spec: candidate, workload, store: folder }, ends).catch(unlessUnfit),
    signature,
    clusters,
    repeats,
    history,
    searching,
    signal,
    onRun: () => {
      runs++;
      show();
    },
  });
  try {
    const shrunk = await shrinkReal(spec, {
      trials,
      signature,
      searching,
      onProgress: (now) => {
        progress = now;
        show();
      },
    });
    if (shrunk === undefined)
      console.line(
        searching.aborted
          ? `It did not fail again in ${counted(runs, 'run')} within the time limit. It is kept unchanged.`
          : `With its operations and faults fixed it did not fail again in ${counted(runs, 'run')}. It is kept unchanged. ` +
              'For more runs of each candidate: --repeats.',
      );
    return shrunk;
  } finally {
    clearTimeout(timer);
    stopListening();
    console.clearStatus();
  }
}

const sizeText = ({ operations, faults, nodes }: Weight): string =>
  `${counted(operations, 'operation')}, ${counted(faults, 'fault')}, ${counted(nodes, 'node')}`;

const progressLine = (runs: number, progress: RealShrinkProgress | undefined): string =>
  progress === undefined
    ? `${counted(runs, 'run')}, checking whether it fails again`
    : `${counted(runs, 'run')} of ${counted(progress.candidates, 'candidate')}, ${progress.pass}; ${sizeText(progress.weight)}`;

const resultText = ({ weight, candidates, tried, isCutShort }: RealShrunk): string =>
  `${sizeText(weight)}. It failed in ${tried.failures} of ${counted(tried.runs, 'run')}; ${counted(candidates, 'candidate')} tried` +
  `${isCutShort ? '; stopped early, so it may not be the smallest' : ''}.`;

/** Moves the last run that failed into the store. */
async function keep(
  { spec, tried }: RealShrunk,
  { signature }: FailedRun,
  { store, console, program }: ShrinkRealOptions,
): Promise<string> {
  const { kept } = tried;
  if (kept === undefined) throw new Error('what was taken has failed');
  const inStore = join(resolve(store), spec.workload);
  makeFolders(inStore);
  const folder = join(inStore, basename(kept.folder));
  renameSync(kept.folder, folder);
  for (const link of [join(dirname(inStore), LINKS.latest), join(inStore, LINKS.latest)])
    replaceLink(link, folder);
  const [story] = storedStories(folder).stories;
  const scenario = realScenario(spec, signature, folder);
  const shrunk = story === undefined ? scenario : { ...scenario, story: storySentences(story) };
  await keepShrunk({ folder, sentence: kept.sentence, scenario: shrunk, story }, console);
  console.line(
    `To repeat it (may need several tries to fail): ${program} test --scenario ${shortPath(join(folder, RUN_FILES.scenario))}`,
  );
  return folder;
}

/**
 * Returns undefined for a candidate whose nodes do not fit the user's topology, which cannot be run; rethrows other
 * errors.
 */
function unlessUnfit(error: unknown): undefined {
  if (!(error instanceof UnfitTopology)) throw error;
}
