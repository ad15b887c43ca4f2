/** Completes the folder of a shrunk run with its scenario, its story and its report, and shows them. */
import { writeBelow } from '../../files/plain-file.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Story } from '../../recording/story.ts';
import { scenarioText, type Scenario } from '../../scenario/scenario.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { storyText } from '../../story/text/story-text.ts';
import type { Console } from '../show/console.ts';
import { writeStory } from '../story/write-story.ts';

export interface ShrunkRun {
  readonly folder: string;
  /** The verdict in words. */
  readonly sentence: string;
  readonly scenario: Scenario;
  readonly story: Story | undefined;
}

export async function keepShrunk(
  { folder, sentence, scenario, story }: ShrunkRun,
  console: Console,
): Promise<void> {
  writeBelow(folder, RUN_FILES.scenario, scenarioText(scenario));
  if (story !== undefined) {
    writeStory(folder, [story]);
    console.line('');
    console.line(storyText(story, console.width));
  }
  const problem = await reportRun({ folder, sentence, png: false });
  if (problem !== undefined) console.line(shownText(problem, 1000));
  console.line(`Files: ${shortPath(folder)}`);
}
