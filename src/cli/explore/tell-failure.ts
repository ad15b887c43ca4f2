/** Presents a failure that exploring has found: as a story, with what decided it, and as a scenario. */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { specOf } from '../../explore/branch.ts';
import { withDeviations } from '../../explore/deviations.ts';
import { withLongerRecovery } from '../../explore/explored-spec.ts';
import type { Explored } from '../../explore/explore.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { simulateOnce } from '../../harness/simulations/simulate-once.ts';
import { VERSION } from '../../harness/version.ts';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import { isByWatchdog, type Signature } from '../../run/verdict/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { describeProgram } from '../../scenario/program-file.ts';
import { scenarioOf, scenarioText } from '../../scenario/scenario.ts';
import { isCoursed, type Coursed } from '../../shrink/course-edits.ts';
import { makeStory } from '../../story/make-story.ts';
import { storyRunOf } from '../../story/story-run.ts';
import { storySentences, storyText } from '../../story/text/story-text.ts';
import type { Story } from '../../recording/story.ts';
import { withDecisive } from '../../story/with-decisive.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import type { Session } from '../session.ts';

interface ToTell {
  /** Its program is as named by the user. */
  readonly base: TestSpec;
  readonly program: string;
  readonly out: string;
  readonly workers: number;
}

/** Prints the failure as a story and writes it as a scenario. */
export async function tellFailure(
  { scope, failure }: Extract<Explored, { readonly end: 'found' }>,
  { base, program, out, workers }: ToTell,
  { console, program: command }: Session,
): Promise<void> {
  const workload = await loadWorkload(base);
  const deviating = withDeviations(scope, failure.deviations);
  const found = withLongerRecovery(specOf({ ...base, bin: program }, deviating));
  const spec = await withFewer(found, { signature: failure.signature, workers, console });
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workload, spec.seed, { journal });
  const { signature } = run;
  const steps = makeStory(storyRunOf({ spec, workload, run, journal }));
  const story =
    steps === undefined ? undefined : await withWhatDecided(steps, { spec, signature, workers, console });
  if (story !== undefined) console.line(`\n${storyText(story, console.width)}`);
  const folder = dirname(out);
  const facts = {
    maelstrom: VERSION,
    folder,
    program: describeProgram(base.bin, base.args, { bundle: program, folder }),
    signature,
    ...(story === undefined ? {} : { story: storySentences(story) }),
  };
  writeFileSync(out, scenarioText(scenarioOf({ ...spec, bin: base.bin }, facts)));
  console.line(`Scenario: ${shortPath(out)}`);
  console.line(`Again: ${command} test --scenario ${shortPath(out)}`);
}

type ToReduce = Omit<ToDecide, 'spec'>;

interface ToDecide {
  readonly spec: TestSpec;
  readonly signature: Signature;
  readonly workers: number;
  readonly console: Session['console'];
}

// Runs that the watchdog ended are slow, and need not end in the same way.
const canRepeat = (spec: TestSpec, signature: Signature): spec is Coursed =>
  isCoursed(spec) && !signature.some(isByWatchdog);

async function withFewer(spec: TestSpec, { signature, workers, console }: ToReduce): Promise<TestSpec> {
  if (!canRepeat(spec, signature)) return spec;
  const { withTrials } = await import('../shrink/with-trials.ts');
  const { withFewerOperations } = await import('../../shrink/fewer-operations.ts');
  const fewer = await withTrials({ bin: spec.bin, workers, console }, (runner, signal) =>
    withFewerOperations(spec, { runner, signature, signal }),
  );
  return fewer ?? spec;
}

async function withWhatDecided(
  story: Story,
  { spec, signature, workers, console }: ToDecide,
): Promise<Story> {
  if (!canRepeat(spec, signature)) return story;
  const { decideOnTerminal } = await import('../shrink/decide-on-terminal.ts');
  return withDecisive(story, await decideOnTerminal({ spec, signature, story }, { workers, console }));
}
