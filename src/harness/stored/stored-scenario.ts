/** The scenario of a stored simulated run, and the run of a scenario. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Signature } from '../../run/verdict/signature.ts';
import { resultsReadBack } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { checkCourse } from '../../scenario/check-course.ts';
import { withCourseOf } from '../../scenario/course-of-run.ts';
import { placeExceptions } from '../../scenario/message-places.ts';
import { describeProgram, findProgram, hasChanged } from '../../scenario/program-file.ts';
import { readScenario, scenarioOf, specOfScenario, type Scenario } from '../../scenario/scenario.ts';
import { openRun, storedOps } from '../../store/open-run.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { checkScriptOf } from '../own/own-file-words.ts';
import { changedOwnFiles, loadWorkload } from '../own/load-own.ts';
import { shortPath } from '../settings/short-path.ts';
import { simulateOnce } from '../simulations/simulate-once.ts';
import { storedSignature } from './stored-signature.ts';
import { completeSpec } from '../settings/spec-defaults.ts';
import { VERSION } from '../version.ts';

export interface MadeScenario {
  readonly scenario: Scenario;
  /** The spec with the course of the run. */
  readonly spec: TestSpec;
  /** True if a run along the course is identical to the stored run; false if the program has changed since. */
  readonly isExact: boolean;
}

/** Makes the scenario; `file` is the path where it will be written. Throws a UserError if the run was not simulated. */
export async function scenarioOfRun(runFolder: string, file: string): Promise<MadeScenario> {
  const run = openRun(runFolder);
  const { spec } = run.test;
  if (spec.world !== 'simulated') {
    throw new UserError(
      `${runFolder} ran in the real world, which cannot be repeated message by message.`,
      'Only a run with --simulate can become a scenario.',
    );
  }
  const workload = await loadWorkload(spec);
  const history = storedOps(run);
  const results = resultsReadBack(run.results() ?? {});
  const signature = storedSignature(workload, results, run.path);
  const withCourse = withCourseOf(spec, history);
  return inTempFolder(async (temp) => {
    const { bin: bundle } = await bundleNode(spec.bin, 'simulated', temp);
    const folder = dirname(resolve(file));
    const program = describeProgram(spec.bin, spec.args, { bundle, folder });
    const again = await simulateOnce({ ...withCourse, bin: bundle }, workload, spec.seed);
    return {
      scenario: scenarioOf(withCourse, { maelstrom: VERSION, program, signature, folder }),
      spec: withCourse,
      isExact: JSON.stringify(again.history) === JSON.stringify(history),
    };
  });
}

export interface ReadyScenario {
  readonly scenario: Scenario;
  readonly spec: TestSpec;
  /** Sentences on the parts that no longer apply. */
  readonly remarks: readonly string[];
}

export interface ScenarioOptions {
  /** Replaces the program that the scenario names. */
  readonly bin?: string | undefined;
  readonly seed?: string | undefined;
}

/** Reads the file and adapts it to the current program. Throws a UserError if it is not a scenario. */
export async function openScenario(
  file: string,
  text: string,
  options: ScenarioOptions,
): Promise<ReadyScenario> {
  const scenario = readScenario(text, file);
  const { seed = scenario.seed } = options;
  const folder = dirname(resolve(file));
  const bin = options.bin === undefined ? findProgram(scenario.program, folder) : resolve(options.bin);
  const spec = completeSpec({ ...specOfScenario(scenario, { bin, folder }), seed });
  const workload = await loadWorkload(spec);
  checkCourse(spec, workload, file);
  checkScriptOf(spec, `${file}: faultScript`);
  const changed = (await changedOwnFiles(spec)).map(
    ({ path }) => `${shortPath(path)} has changed since the scenario was created.`,
  );
  if (spec.world === 'real') {
    refuseSingleMessages(scenario, file);
    return { scenario, spec, remarks: changed };
  }
  return inTempFolder(async (temp) => {
    const { bin: bundle } = await bundleNode(bin, 'simulated', temp);
    const isOther = hasChanged(scenario.program, bundle);
    if (!isOther && changed.length === 0) return { scenario, spec, remarks: [] };
    const { course } = spec;
    const differs = isOther ? 'The program has changed since the scenario was created' : undefined;
    if (course === undefined || course.messages.length === 0)
      return { scenario, spec, remarks: [...changed, ...(differs === undefined ? [] : [`${differs}.`])] };
    const journal = new MemoryJournal();
    await simulateOnce({ ...spec, bin: bundle }, workload, seed, { journal });
    const { messages, byPlace, gone } = placeExceptions(course.messages, journal);
    const remarks = [
      ...changed,
      `${differs === undefined ? '' : `${differs}; `}${messages.length} of ${course.messages.length} ` +
        `exceptions for single messages apply${byPlace === 0 ? '' : `, ${byPlace} of them by type and number of the message`}.`,
      ...gone.map(
        ({ from, to, type, nth, do: fate }) =>
          `No longer there: message ${nth + 1} of type ${type} from ${from} to ${to} (${fate}).`,
      ),
    ];
    return { scenario, spec: { ...spec, course: { ...course, messages } }, remarks };
  });
}

/** Returns the scenario of a course in the real world. `folder` is the one where it will be written. */
export const realScenario = (spec: TestSpec, signature: Signature, folder: string): Scenario =>
  scenarioOf(spec, {
    maelstrom: VERSION,
    program: describeProgram(spec.bin, spec.args, { folder }),
    signature,
    folder,
  });

function refuseSingleMessages({ messages, chance }: Scenario, file: string): void {
  if (messages.length === 0 && chance === 'seeded') return;
  throw new UserError(
    `${file}: ${chance === 'calm' ? 'chance is "calm"' : `messages has ${counted(messages.length, 'entry', 'entries')}`}, but "world": "real" cannot control single messages.`,
    'Remove "world", so that the scenario is simulated, or remove those.',
  );
}

async function inTempFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'maelstrom-scenario-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
