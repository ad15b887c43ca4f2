/** Finds what decided a stored run, by running it again. Loaded only when needed. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { scenarioOfRun } from '../../harness/stored/stored-scenario.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Decisive } from '../../recording/decisive.ts';
import { isCoursed } from '../../shrink/course-edits.ts';
import { RUN_FILES } from '../../store/layout.ts';
import type { Story } from '../../recording/story.ts';
import type { Console } from '../show/console.ts';
import { decideOnTerminal } from '../shrink/decide-on-terminal.ts';

/** An original run is larger than a shrunk one, so this allows about a minute of CPU time. */
const MOST_EVENTS = 2_000_000;

/**
 * Returns undefined when Ctrl-C ended it. Throws a UserError for a run that is not simulated, or comes out differently
 * now.
 */
export async function decideStored(
  folder: string,
  story: Story,
  console: Console,
): Promise<Decisive | undefined> {
  const { scenario, spec, isExact } = await scenarioOfRun(folder, join(folder, RUN_FILES.scenario));
  const { signature } = scenario.expect ?? {};
  if (!isExact || signature === undefined || !isCoursed(spec))
    throw new UserError(
      `${folder} cannot be reproduced: the program has changed since.`,
      'Run the test again, and use the new run.',
    );
  return decideOnTerminal(
    { spec, signature, story, mostEvents: MOST_EVENTS },
    { workers: availableParallelism(), console },
  );
}
