/**
 * Measures, for each broken program, how many runs and how much CPU time a hunt takes, and how large the story of its
 * failure is after shrinking.
 *
 *     node bench/find.mjs [WORDS...]       only programs whose name contains one of these words
 *       --hunts 10                         hunts of each program, each with a seed of its own
 *       --results FILE                     default: bench/.build/find.jsonl; relative paths start at bench/
 *       --table                            only prints the table of the file
 *       --explore                          instead: executions of explore, one exploration each
 *
 * Each hunt has a process of its own, like a hunt of the command, and adds one line to the file of results. Existing
 * lines are not measured again, so that the benchmark can be interrupted. The first hunts of all programs come before
 * the second ones.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSimulator } from '../src/harness/simulations/simulator.ts';
import { withCourseOf } from '../src/scenario/course-of-run.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { isCoursed } from '../src/shrink/course-edits.ts';
import { lookAt, trialIn } from '../src/shrink/one-trial.ts';
import { shrink } from '../src/shrink/shrink.ts';
import type { Trial, TrialLimits, TrialRunner } from '../src/shrink/trials.ts';
import { makeStory } from '../src/story/make-story.ts';
import type { Story } from '../src/recording/story.ts';
import { storyRunOf } from '../src/story/story-run.ts';
import { MemoryJournal } from '../src/network/journal/memory-journal.ts';
import { simulateOnce } from '../src/harness/simulations/simulate-once.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { BROKEN, huntIn, RARE, type HuntedExample } from '../test/support/hunted-examples.ts';
import { exploredExample } from './explored-example.ts';
import { findTable, nameOf, type Found } from './find-table.ts';

const MOST_RUNS = 3000;
const EXAMPLES = [...BROKEN, ...RARE];
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    hunts: { type: 'string', default: '10' },
    results: { type: 'string', default: fileURLToPath(new URL('find.jsonl', import.meta.url)) },
    table: { type: 'boolean', default: false },
    explore: { type: 'boolean', default: false },
    one: { type: 'string' },
    hunt: { type: 'string' },
  },
});
const results = resolve(options.results);

function measureAll(): void {
  const names = EXAMPLES.map(nameOf);
  const chosen = names.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const hunts = options.explore
    ? ['explore']
    : Array.from({ length: Number(options.hunts) }, (_, at) => String(at + 1));
  for (const hunt of hunts) {
    for (const program of chosen) {
      if (read().some((line) => line.program === program && line.hunt === hunt)) continue;
      const call = [process.argv[1] ?? '', '--one', program, '--hunt', hunt, '--results', results];
      const { status } = spawnSync(process.execPath, call, { stdio: 'inherit' });
      if (status !== 0) console.error(`${program}, hunt ${hunt}: ended with ${status}`);
    }
  }
}

async function measured(example: HuntedExample, hunt: number): Promise<Omit<Found, 'program'>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-find-'));
  try {
    const { tally, groups } = await huntIn(example, {
      examples,
      folder,
      seed: `find${hunt}`,
      runs: MOST_RUNS,
      collect: false,
    });
    const cpuSeconds = secondsOf(process.cpuUsage());
    const smallest = groups.smallest();
    const common = { hunt: String(hunt), runs: tally.runs, cpuSeconds };
    if (smallest === undefined) return { ...common, signature: [] };
    const { signature, operations, messages, spec } = smallest;
    return { ...common, signature, operations, messages, small: await small(spec, folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function small(spec: TestSpec, folder: string): Promise<NonNullable<Found['small']>> {
  const workload = WORKLOADS.get(spec.workload);
  if (workload === undefined) throw new Error(`no workload ${spec.workload}`);
  const { bin } = await bundleNode(spec.bin, 'simulated', join(folder, 'small'));
  const { history, signature } = await simulateOnce({ ...spec, bin }, workload, spec.seed);
  const coursed = withCourseOf({ ...spec, bin }, history);
  if (!isCoursed(coursed)) throw new Error('a course was made');
  const before = process.cpuUsage();
  const shrunk = await shrink(coursed, { signature, runner: new TwoByTurns() });
  const cpuSeconds = secondsOf(process.cpuUsage(before));
  if (shrunk === undefined) throw new Error('it fails again');
  const journal = new MemoryJournal();
  const run = await simulateOnce(shrunk.spec, workload, shrunk.spec.seed, { journal });
  const story = makeStory(storyRunOf({ spec: shrunk.spec, workload, run, journal }));
  return {
    ...shrunk.weight,
    runs: shrunk.runs,
    cpuSeconds,
    steps: story?.steps.length ?? 0,
    told: messageSteps(story),
  };
}

/**
 * Returns the number of steps about messages between servers; repeated messages, and messages that one node sends to
 * several, are one step.
 */
const messageSteps = (story: Story | undefined): number =>
  (story?.steps ?? []).filter(({ kind }) => MESSAGES.has(kind)).length;
const MESSAGES: ReadonlySet<string> = new Set(['message', 'lost', 'delayed', 'doubled', 'answer', 'folded']);

/**
 * Makes the same choices as two processes at once, but carries out one run after another in this process, so that all
 * CPU time is measured.
 */
class TwoByTurns implements TrialRunner {
  readonly width = 2;
  readonly look = lookAt;
  private readonly simulator = openSimulator();
  private last: Promise<unknown> = Promise.resolve();

  run(spec: TestSpec, limits?: TrialLimits): Promise<Trial> {
    const workload = WORKLOADS.get(spec.workload);
    if (workload === undefined) throw new Error(`no workload ${spec.workload}`);
    const run = this.last.then(() => trialIn(this.simulator, spec, workload, limits));
    this.last = run.catch(() => {});
    return run;
  }
}

const secondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;

function append(line: Found): void {
  mkdirSync(dirname(results), { recursive: true });
  appendFileSync(results, `${JSON.stringify(line)}\n`);
}

function read(): readonly Found[] {
  if (!existsSync(results)) return [];
  const lines = readFileSync(results, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Found); // written by append
}

if (options.one !== undefined) {
  const example = EXAMPLES.find((each) => nameOf(each) === options.one);
  if (example === undefined) throw new Error(`no program ${options.one}`);
  const line =
    options.hunt === 'explore'
      ? exploredExample(example, examples)
      : await measured(example, Number(options.hunt));
  append({ program: nameOf(example), ...line });
} else if (!options.table) {
  measureAll();
}
if (options.one === undefined) console.log(findTable(EXAMPLES.map(nameOf), read()));
