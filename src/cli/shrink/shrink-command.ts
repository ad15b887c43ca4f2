/** `maelstrom shrink`: shrinks a failing run until it is small enough to understand. */
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { readRealLimits } from './real-limits.ts';
import { readSettings, withValue } from '../words/option.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { readWorkers, STORE } from '../words/shared-options.ts';

const OPTIONS = {
  store: STORE,
  workers: withValue('--workers <n>', 'number of parallel runs (default: one per processor)'),
  runs: withValue('--runs <n>', 'maximum number of candidates to run (default: 6000)', {
    read: (word, _, option) => ({ mostRuns: parseNumber(option, word, { min: 1, integer: true }) }),
  }),
  repeats: withValue('--repeats <n>', 'for a real cluster: number of runs of each candidate (default: 5)'),
  time: withValue('--time <time>', 'for a real cluster: time limit (default: 2m)'),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'shrink',
  usage: 'RUN [options]',
  about:
    'Reduces a failing run to fewer nodes, operations, faults and messages with the same kind of failure, and tells its story. ' +
    'A simulated run gives the same result every time; with real clusters, each candidate is run several times.',
  args: '[run]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
What comes out is a run of the store with scenario.json, story.md and story.svg in its folder.

Example:
  maelstrom shrink store/latest`,
};

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const [folder] = args;
  if (folder === undefined)
    throw new UserError('No run was named.', 'For the last one: maelstrom shrink store/latest');
  const workers = readWorkers(options.workers);
  const { mostRuns } = readSettings(OPTIONS, options, {});
  const { console, program } = session;
  const { store, repeats, time } = options;
  const { openRun } = await import('../../store/open-run.ts');
  if (openRun(folder).test.spec.world === 'real') {
    const limits = readRealLimits({ repeats, workers: options.workers, time }, '--time');
    const { shrinkRealRun } = await import('./shrink-real-run.ts');
    await shrinkRealRun(folder, { store, ...limits, console, program });
    return EXIT.valid;
  }
  if (repeats !== undefined || time !== undefined)
    throw new UserError(
      `${repeats === undefined ? '--time' : '--repeats'} is for shrinking runs of real clusters, but ${folder} is simulated.`,
      'The number of simulated candidates is set with --runs.',
    );
  const { shrinkRun } = await import('./shrink-run.ts');
  await shrinkRun(folder, { store, workers, mostRuns, console, program });
  return EXIT.valid;
}
