/** Begins or resumes a hunt, and prints its results. */
import { rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { checkBin } from '../../harness/settings/check-bin.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { freshSeed } from '../../harness/settings/spec-defaults.ts';
import { openHunt, type GivenWords } from '../../hunt/hunt-folder.ts';
import { withKept, type HuntSummary } from '../../hunt/hunt-summary.ts';
import { provesNothing } from '../../hunt/tally.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { isNotSimulated } from '../../run/verdict/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { checkOwnFiles, loadWorkload } from '../../harness/own/load-own.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { withReporters, type Reporters } from '../reporters/reporters.ts';
import { reproduceCommand } from '../test-command/reproduce.ts';
import { specWords } from '../test-command/spec-words.ts';
import { readLimits, type HuntLimits } from './hunt-limits.ts';
import type { HuntWords } from './hunt-command.ts';
import { keepSmallest } from './keep-smallest.ts';
import { openRealHunt, openSimulatedHunt, type HuntContext } from './open-hunt.ts';
import { hideQueuePassword } from '../../campaign/queue-password.ts';
import { readRedisAddress } from '../../campaign/redis-address.ts';
import type { HuntPlan } from '../../hunt/plan/hunt-plan.ts';
import { hasPrimary, readHuntPlan } from './read-hunt-plan.ts';
import { reportedHunt } from './reported-hunt.ts';
import { showHunt } from './show-hunt.ts';
import { watchHunt } from './watch-hunt.ts';

export const runHunt = (words: HuntWords, session: Session): Promise<ExitCode> =>
  withReporters(words.options.reporter, session, undefined, (reporters) => huntReported(words, reporters));

async function huntReported(words: HuntWords, { session, add }: Reporters): Promise<ExitCode> {
  const { options } = words;
  const { resume, store, collect, seed } = options;
  const before = resume === undefined ? undefined : openHunt(resume);
  const { plan: read, given } = before?.head ?? readHuntPlan(words);
  const base = await checkOwnFiles(read.base);
  const workload = await loadWorkload(base);
  const plan: HuntPlan = {
    ...read,
    base,
    ...(before === undefined ? { hasPrimary: hasPrimary(base, workload) } : {}),
  };
  const { world } = plan.base;
  const limits = readLimits(words, world === 'real');
  if (options.queue !== undefined) {
    if (world === 'real')
      throw new UserError(
        '--queue distributes simulated runs, but this hunt runs real clusters.',
        'Leave out --queue or --real.',
      );
    hideQueuePassword(options.queue);
    readRedisAddress(options.queue);
  }
  checkBin(plan.base.bin, world);
  const tempFolder = makeTempFolder('maelstrom-');
  const context: HuntContext = {
    plan,
    given,
    before,
    seed: seed ?? freshSeed(),
    workload,
    workers: limits.workers,
    mostRuns: limits.mostRuns,
    queue: options.queue,
    store,
    tempFolder,
    stopping: new AbortController(),
    commandOf: (spec) => commandOf(spec, given, session),
    console: session.console,
  };
  try {
    const opened = await (world === 'real' ? openRealHunt(context) : openSimulatedHunt(context));
    const { folder } = opened;
    const summary = await watchHunt({ ...context, ...opened, limits, collect });
    showHunt(summary, session.console);
    const kept = await keepSmallest(summary, { workload, store }, session.console);
    folder.writeSummary(kept);
    for (const one of reportedHunt(kept, resolve(store), exitCodeOfHunt(summary))) add(one);
    if (options.shrink) {
      const shrunk = await shrinkKept(kept, { world, store, limits, session });
      if (shrunk !== undefined) folder.writeSummary(shrunk);
    }
    const queue = options.queue === undefined ? '' : ` --queue ${readRedisAddress(options.queue).shown}`;
    session.console.line(
      `Hunt: ${shortPath(folder.path)}   To resume: ${session.program} hunt --resume ${shortPath(folder.path)}${queue}`,
    );
    return exitCodeOfHunt(summary);
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

/**
 * Shrinks the smallest kept failure. Returns the summary with the location of the shrunk run, or undefined if there is
 * none. An error while shrinking takes nothing from what was found.
 */
async function shrinkKept(
  summary: HuntSummary,
  options: ShrinkKeptOptions,
): Promise<HuntSummary | undefined> {
  const smallest = summary.failures.map((group) => group.smallest).find(({ kept }) => kept !== undefined);
  if (smallest?.kept === undefined || isNotSimulated(smallest.signature)) return undefined;
  try {
    const folder = await shrunkOf(join(resolve(options.store), smallest.kept), options);
    if (folder === undefined) return undefined;
    return withKept(summary, smallest, { shrunk: `${smallest.spec.workload}/${basename(folder)}` });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    options.session.console.line(shownLines(error.message));
    return undefined;
  }
}

/** Returns the folder of the shrunk run. */
async function shrunkOf(
  folder: string,
  { world, store, limits: { workers, real }, session: { console, program } }: ShrinkKeptOptions,
): Promise<string | undefined> {
  if (world === 'real') {
    const { shrinkRealRun } = await import('../shrink/shrink-real-run.ts');
    return shrinkRealRun(folder, { store, ...real, console, program });
  }
  const { shrinkRun } = await import('../shrink/shrink-run.ts');
  return shrinkRun(folder, { store, workers, console, program });
}

interface ShrinkKeptOptions {
  readonly world: TestSpec['world'];
  readonly store: string;
  readonly limits: HuntLimits;
  readonly session: Session;
}

const commandOf = (spec: TestSpec, given: GivenWords, { program }: Session): string =>
  reproduceCommand({ program, words: specWords(spec, given.bin, given) }, spec.seed);

function exitCodeOfHunt({ tally, failures }: HuntSummary): ExitCode {
  if (failures.some(({ signature }) => !isNotSimulated(signature))) return EXIT.invalid;
  return failures.length > 0 || provesNothing(tally) ? EXIT.unknown : EXIT.valid;
}
