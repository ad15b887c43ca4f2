/** Explores with a status line, and prints how far it came or what fails. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExploreProcesses } from '../../explore/explore-processes.ts';
import { explore, type Explored } from '../../explore/explore.ts';
import { exploredSpec } from '../../explore/explored-spec.ts';
import { paceOf, type Pace } from '../../explore/pace.ts';
import { checkBin } from '../../harness/settings/check-bin.ts';
import { checkOwnFiles, loadParts, loadWorkload } from '../../harness/own/load-own.ts';
import { readWorkloadWord } from '../../harness/own/own-file-words.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { readInvariants, readServices } from '../test-command/options/judging.ts';
import { readSettings } from '../words/option.ts';
import { ExploreLine } from './explore-line.ts';
import { EXPLORE_JUDGING, type ExploreWords } from './explore-command.ts';
import { exploreSummary, provesNothing } from './explore-summary.ts';
import { readExploreBounds, type ExploreBounds } from './read-explore-bounds.ts';
import { tellFailure } from './tell-failure.ts';

const REDRAW_EVERY_MS = 200;

export async function runExplore(words: ExploreWords, session: Session): Promise<ExitCode> {
  const { console } = session;
  const named = baseOf(words);
  const workload = await loadWorkload(named);
  const bounds = readExploreBounds(words, workload);
  // Reports their errors before anything runs.
  const parts = await loadParts(named);
  const base = await checkOwnFiles(named);
  const tempFolder = makeTempFolder('maelstrom-');
  try {
    const program = await bundleNode(base.bin, 'simulated', tempFolder);
    const bundled = { ...base, bin: program.bin };
    const { alphabet, leastNodes, mostNodes } = bounds;
    const pace = await paceOf([...new Set([leastNodes, mostNodes])], {
      base: bundled,
      workload,
      alphabet,
      parts,
    });
    const explored = await watched({ base: bundled, bounds, pace }, session);
    console.line(exploreSummary(explored, bounds));
    if (explored.end !== 'found') return provesNothing(explored) ? EXIT.unknown : EXIT.valid;
    const { workers } = bounds;
    await tellFailure(
      explored,
      { base, program: program.bin, out: resolve(words.options.out), workers },
      session,
    );
    return EXIT.invalid;
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

function baseOf({ options, args }: ExploreWords): TestSpec {
  const { workload, bin } = options;
  if (bin === undefined)
    throw new UserError(
      'No program to explore was named.',
      'Name it with --bin: maelstrom explore --bin ./node.ts',
    );
  checkBin(resolve(bin), 'simulated');
  return exploredSpec({
    ...(readWorkloadWord(workload, '--workload') ?? { workload }),
    bin,
    args,
    ...readSettings(EXPLORE_JUDGING, options, {}),
    ...readInvariants(options, (path) => resolve(path)),
    ...readServices(options),
  });
}

interface ToExplore {
  readonly base: TestSpec;
  readonly bounds: ExploreBounds;
  readonly pace: Pace;
}

/** Explores until the time is up or Ctrl-C. */
async function watched({ base, bounds, pace }: ToExplore, { console }: Session): Promise<Explored> {
  const { seconds, workers, kinds } = bounds;
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), seconds * 1000);
  const stopListening = abortOnInterrupt(stopping, console);
  const line = new ExploreLine(console);
  const drawing = setInterval(() => line.draw(), REDRAW_EVERY_MS);
  try {
    return await explore({
      ...bounds,
      pace,
      signal: stopping.signal,
      onCell: (cell) => line.begin(cell),
      open: (isCareful) =>
        new ExploreProcesses({
          file: packageFile('dist/explore-worker.js'),
          workers,
          settings: { base, kinds, pace, isCareful },
          onBranch: (executions) => line.count(executions),
        }),
    });
  } finally {
    clearTimeout(timer);
    clearInterval(drawing);
    console.clearStatus();
    stopListening();
  }
}
