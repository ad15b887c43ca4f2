/** Explores, with a live line, and says how far it came or what fails. */
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { checkBin } from '../../harness/check-bin.ts';
import { shortPath } from '../../harness/short-path.ts';
import { simulateOnce } from '../../harness/simulate-once.ts';
import { completeSpec } from '../../harness/spec-defaults.ts';
import { VERSION } from '../../harness/version.ts';
import { alphabetOf, EXPLORED_WORKLOADS } from '../../explore/alphabet.ts';
import { DEVIATIONS } from '../../explore/deviations.ts';
import { explore, type Explored, type ExploreOptions } from '../../explore/explore.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { describeProgram } from '../../scenario/program-file.ts';
import { scenarioOf, scenarioText } from '../../scenario/scenario.ts';
import { isCoursed } from '../../shrink/course-edits.ts';
import { makeStory } from '../../story/make-story.ts';
import type { Story } from '../../story/story.ts';
import { withDecisive } from '../../story/with-decisive.ts';
import { storyRunOf } from '../../story/story-run.ts';
import { storySentences, storyText } from '../../story/story-text.ts';
import { bundleNode } from '../../world/bundle.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { count } from '../show/count.ts';
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';
import { readNames } from '../words/read-names.ts';
import type { ExploreWords } from './explore-options.ts';

/** The mean latency; every message takes it, in the calm course. */
const LATENCY_MS = 10;
/** Simulated time costs nothing but the timers of nodes in it. */
const RECOVERY_SECONDS = 2;
const REDRAW_EVERY_MS = 200;

type Bounds = Omit<ExploreOptions, 'execute' | 'base'> & { readonly seconds: number };

export async function runExplore(words: ExploreWords, session: Session): Promise<ExitCode> {
  const { console } = session;
  const { workload: name, bin } = words.options;
  const bounds = readBounds(words);
  if (bin === undefined)
    throw new UserError(
      'No program to explore was named.',
      'Name it with --bin: maelstrom explore --bin ./node.ts',
    );
  checkBin(resolve(bin), 'simulated');
  const workload = WORKLOADS.get(name);
  if (workload === undefined) throw new Error(`the workload ${name} was found before`);
  const base = completeSpec({
    workload: name,
    bin,
    args: words.args,
    world: 'simulated',
    seed: 'explore',
    latency: { distribution: 'constant', meanMs: LATENCY_MS },
    recoverySeconds: RECOVERY_SECONDS,
  });
  const tempFolder = makeTempFolder('maelstrom-');
  try {
    const program = await bundleNode(base.bin, 'simulated', tempFolder);
    const prepared = { ...base, bin: program.bin };
    const explored = await watched(bounds, session, (signal, onExecution) =>
      explore({
        ...bounds,
        base: prepared,
        signal,
        onExecution,
        // In this process a node that never yields must be ended.
        execute: (each, journal) => simulateOnce(each, workload, each.seed, { journal }),
      }),
    );
    console.line(summary(explored, bounds));
    if (explored.end !== 'found') return EXIT.valid;
    const { spec, run, journal } = explored;
    const steps = makeStory(storyRunOf({ spec, workload, run, journal }));
    const story = steps === undefined ? undefined : await withWhatDecided(steps, explored, console);
    if (story !== undefined) console.line(`\n${storyText(story, console.width)}`);
    const file = resolve(words.options.out);
    const folder = dirname(file);
    const described = describeProgram(base.bin, base.args, { bundle: program.bin, folder });
    const facts = {
      maelstrom: VERSION,
      folder,
      program: described,
      signature: explored.signature,
      ...(story === undefined ? {} : { story: storySentences(story) }),
    };
    writeFileSync(file, scenarioText(scenarioOf({ ...spec, bin: base.bin }, facts)));
    console.line(`Scenario: ${shortPath(file)}`);
    console.line(`Again: ${session.program} test --scenario ${shortPath(file)}`);
    return EXIT.invalid;
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

/** Exploring goes on in this process; what decided the failure is looked for in others. */
async function withWhatDecided(
  story: Story,
  { spec, signature }: Extract<Explored, { readonly end: 'found' }>,
  console: Session['console'],
): Promise<Story> {
  if (!isCoursed(spec)) return story;
  const { decideOnTerminal } = await import('../shrink/decide-on-terminal.ts');
  const workers = availableParallelism();
  return withDecisive(story, await decideOnTerminal({ spec, signature, story }, { workers, console }));
}

function readBounds({ options }: ExploreWords): Bounds {
  const { workload, deviations, nodes, ops, kinds, time, maxRuns } = options;
  const alphabet = alphabetOf(workload);
  if (alphabet === undefined) {
    throw new UserError(
      `There are no operations to explore ${workload} with.`,
      `There are for: ${EXPLORED_WORKLOADS.join(', ')}.`,
    );
  }
  const names = readNames(kinds, DEVIATIONS, { option: '--kinds', kind: 'kind of deviation' });
  const whole = { integer: true };
  return {
    alphabet,
    mostDeviations: parseNumber('--deviations', deviations, { ...whole, min: 0, max: 10 }),
    mostNodes: parseNumber('--nodes', nodes, { ...whole, min: 1, max: 10, unit: 'nodes' }),
    mostOps: parseNumber('--ops', ops, { ...whole, min: 1, max: 10, unit: 'operations' }),
    kinds: new Set(DEVIATIONS.filter((kind) => names.includes(kind))),
    seconds: parseTime('--time', time),
    ...(maxRuns === undefined
      ? {}
      : { mostExecutions: parseNumber('--max-runs', maxRuns, { ...whole, min: 1 }) }),
  };
}

type Watching = (
  signal: AbortSignal,
  onExecution: NonNullable<ExploreOptions['onExecution']>,
) => Promise<Explored>;

/** Ends it when the time is over, or at Ctrl-C. */
async function watched({ seconds }: Bounds, { console }: Session, work: Watching): Promise<Explored> {
  const stopping = new AbortController();
  const stopListening = onInterrupt({
    first: () => {
      console.line('\rStopping.');
      stopping.abort();
    },
    second: () => process.exit(EXIT.interrupted),
  });
  const startMs = performance.now();
  let drawnMs = startMs;
  try {
    return await work(stopping.signal, ({ executions, deviations }) => {
      // Runs may follow each other without a turn of the event loop.
      const nowMs = performance.now();
      if (nowMs - startMs > seconds * 1000) stopping.abort();
      if (nowMs - drawnMs < REDRAW_EVERY_MS) return;
      drawnMs = nowMs;
      const passed = (nowMs - startMs) / 1000;
      const rate = count(Math.round(executions / passed));
      console.showStatus(
        `${console.paint('cyan', `[exploring ${Math.floor(passed)} s]`)}  ${count(executions)} executions (${rate}/s)  with ${counted(deviations, 'deviation')}`,
        nowMs,
      );
    });
  } finally {
    console.clearStatus();
    stopListening();
  }
}

/** How far it came. */
function summary(explored: Explored, { mostNodes, mostOps, mostDeviations }: Bounds): string {
  const { executions, deviations, counts } = explored;
  const where = `on up to ${counted(mostNodes, 'node')} with up to ${counted(mostOps, 'operation')}`;
  const made = counted(executions, 'execution');
  const byDeviations = counts.length === 1 ? '' : ` (${counts.join(' + ')}, by the number of deviations)`;
  switch (explored.end) {
    case 'complete':
      return `Nothing within ${counted(mostDeviations, 'deviation')} ${where}: ${made}${byDeviations}, complete.`;
    case 'cut': {
      const done =
        deviations === 0
          ? 'not even all calm courses were tried'
          : `complete within ${counted(deviations - 1, 'deviation')}`;
      return `Nothing found ${where}: ${made}${byDeviations}, ${done}; the limit of time or executions came during ${counted(deviations, 'deviation')}.`;
    }
    case 'found':
      return `Fails with ${counted(deviations, 'deviation')}: ${explored.signature.join(', ')} (${made}${byDeviations}).`;
  }
}
