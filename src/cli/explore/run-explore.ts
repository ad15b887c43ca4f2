/** Explores, with a live line, and says how far it came or what fails. */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { specOf } from '../../explore/branch.ts';
import { withDeviations } from '../../explore/deviations.ts';
import { ExploreProcesses } from '../../explore/explore-processes.ts';
import { explore, type Explored } from '../../explore/explore.ts';
import { exploredSpec } from '../../explore/explored-spec.ts';
import { checkBin } from '../../harness/check-bin.ts';
import { loadInvariants } from '../../harness/load-invariants.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { shortPath } from '../../harness/short-path.ts';
import { simulateOnce } from '../../harness/simulate-once.ts';
import { VERSION } from '../../harness/version.ts';
import { MemoryJournal } from '../../network/memory-journal.ts';
import { UserError } from '../../protocol/user-error.ts';
import { isByWatchdog, type Signature } from '../../run/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { describeProgram } from '../../scenario/program-file.ts';
import { scenarioOf, scenarioText } from '../../scenario/scenario.ts';
import { isCoursed } from '../../shrink/course-edits.ts';
import { makeStory } from '../../story/make-story.ts';
import type { Story } from '../../story/story.ts';
import { withDecisive } from '../../story/with-decisive.ts';
import { storyRunOf } from '../../story/story-run.ts';
import { storySentences, storyText } from '../../story/story-text.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import { bundleNode } from '../../world/bundle.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { readInvariants } from '../test-command/options/judging.ts';
import { readSettings } from '../words/option.ts';
import { ExploreLine } from './explore-line.ts';
import { EXPLORE_JUDGING, type ExploreWords } from './explore-options.ts';
import { exploreSummary } from './explore-summary.ts';
import { readExploreBounds, type ExploreBounds } from './read-explore-bounds.ts';

const REDRAW_EVERY_MS = 200;

export async function runExplore(words: ExploreWords, session: Session): Promise<ExitCode> {
  const { console } = session;
  const bounds = readExploreBounds(words);
  const base = baseOf(words);
  // What is wrong with them is said before anything runs.
  await loadInvariants(base);
  const tempFolder = makeTempFolder('maelstrom-');
  try {
    const program = await bundleNode(base.bin, 'simulated', tempFolder);
    const explored = await watched({ ...base, bin: program.bin }, bounds, session);
    console.line(exploreSummary(explored, bounds));
    if (explored.end !== 'found') return EXIT.valid;
    const { workers } = bounds;
    await tell(explored, { base, program: program.bin, out: resolve(words.options.out), workers }, session);
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
    workload,
    bin,
    args,
    ...readSettings(EXPLORE_JUDGING, options, {}),
    ...readInvariants(options, (path) => resolve(path)),
  });
}

/** Ends it when the time is over, or at Ctrl-C. */
async function watched(base: TestSpec, bounds: ExploreBounds, { console }: Session): Promise<Explored> {
  const { seconds, workers, kinds } = bounds;
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), seconds * 1000);
  const stopListening = onInterrupt({
    first: () => {
      console.line('\rStopping.');
      stopping.abort();
    },
    second: () => process.exit(EXIT.interrupted),
  });
  const line = new ExploreLine(console);
  const drawing = setInterval(() => line.draw(), REDRAW_EVERY_MS);
  try {
    return await explore({
      ...bounds,
      signal: stopping.signal,
      onCell: (cell) => line.begin(cell),
      open: (isCareful) =>
        new ExploreProcesses({
          file: packageFile('dist/explore-worker.js'),
          workers,
          settings: { base, kinds, isCareful },
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

interface ToTell {
  /** With the program as the user named it. */
  readonly base: TestSpec;
  /** As it was prepared. */
  readonly program: string;
  readonly out: string;
  readonly workers: number;
}

/** The failure as a story and as a scenario. */
async function tell(
  { scope, failure }: Extract<Explored, { readonly end: 'found' }>,
  { base, program, out, workers }: ToTell,
  { console, program: command }: Session,
): Promise<void> {
  const workload = WORKLOADS.get(base.workload);
  if (workload === undefined) throw new Error(`the workload ${base.workload} was found before`);
  const spec = specOf({ ...base, bin: program }, withDeviations(scope, failure.deviations));
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workload, spec.seed, { journal });
  const steps = makeStory(storyRunOf({ spec, workload, run, journal }));
  const story =
    steps === undefined
      ? undefined
      : await withWhatDecided(steps, { spec, signature: failure.signature, workers, console });
  if (story !== undefined) console.line(`\n${storyText(story, console.width)}`);
  const folder = dirname(out);
  const facts = {
    maelstrom: VERSION,
    folder,
    program: describeProgram(base.bin, base.args, { bundle: program, folder }),
    signature: failure.signature,
    ...(story === undefined ? {} : { story: storySentences(story) }),
  };
  writeFileSync(out, scenarioText(scenarioOf({ ...spec, bin: base.bin }, facts)));
  console.line(`Scenario: ${shortPath(out)}`);
  console.line(`Again: ${command} test --scenario ${shortPath(out)}`);
}

interface ToDecide {
  readonly spec: TestSpec;
  readonly signature: Signature;
  readonly workers: number;
  readonly console: Session['console'];
}

async function withWhatDecided(
  story: Story,
  { spec, signature, workers, console }: ToDecide,
): Promise<Story> {
  // Where time decided it, runs are slow and need not end alike.
  if (!isCoursed(spec) || signature.some(isByWatchdog)) return story;
  const { decideOnTerminal } = await import('../shrink/decide-on-terminal.ts');
  return withDecisive(story, await decideOnTerminal({ spec, signature, story }, { workers, console }));
}
