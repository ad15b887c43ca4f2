/** `maelstrom story`: tells how a stored run went wrong, step by step, in words and as a picture. */
import { shortPath } from '../../harness/settings/short-path.ts';
import { plainText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import type { Story } from '../../recording/story.ts';
import { isForeignRun } from '../../report/read/foreign-run.ts';
import { readDecisive, writeDecisive } from '../../report/read/stored-decisive.ts';
import { storiesOfForeignRun } from '../../story/stored/foreign-stories.ts';
import { storedStories, type StoredRunStories } from '../../story/stored/stored-story.ts';
import { storyText } from '../../story/text/story-text.ts';
import { withDecisive } from '../../story/with-decisive.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import type { Console } from '../show/console.ts';
import { storyWidth } from '../show/show-story.ts';
import { flag } from '../words/option.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { writeStory } from './write-story.ts';

const OPTIONS = {
  decisive: flag('--decisive', 'find the decisive moment with more runs (see below)'),
  json: flag('--json', 'print the story as JSON: steps with their times, messages and operations'),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'story',
  usage: 'RUN [options]',
  about:
    'Explains how a run went wrong: the operations that show it, the messages that led to it, and which of them were lost, delayed or duplicated. ' +
    `Writes ${RUN_FILES.storyText}, ${RUN_FILES.storyPicture} and ${RUN_FILES.stories} into the run's folder; the last also has the stories of other kinds of findings.`,
  args: '[run]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
A simulated run records which message caused which; for a run in the real world only their order is known.

--decisive repeats a simulated run several hundred times: without each fault, without each lost, delayed or duplicated message, without each
reordering, and with different random choices from each step on. It reports what the failure depends on, and from which step on it was certain.
The story that maelstrom shrink writes already includes this.

Example:
  maelstrom story store/latest`,
};

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const [folder] = args;
  if (folder === undefined)
    throw new UserError('No run was named.', 'For the last one: maelstrom story store/latest');
  const { console } = session;
  if (isForeignRun(folder)) return printForeign(folder, options.json, session);
  const { stories, path } = await decidedStories(folder, options.decisive, session);
  const [story] = stories;
  if (story === undefined) {
    console.line('Nothing is wrong in this run, so there is no story to tell.');
    return EXIT.valid;
  }
  const written = writeStory(path, stories);
  printStory(story, options.json, console);
  if (!options.json) for (const file of written) console.line(shortPath(file));
  return EXIT.valid;
}

function printStory(story: Story, asJson: boolean, console: Console): void {
  if (asJson) console.line(plainText(JSON.stringify(story, undefined, 2)));
  else console.line(storyText(story, console.isTerminal ? storyWidth(console) : undefined));
}

/** Prints the story of a run of upstream's, into whose folder nothing is written. */
function printForeign(folder: string, asJson: boolean, { console }: Session): ExitCode {
  const [story] = storiesOfForeignRun(folder)?.stories ?? [];
  if (story === undefined)
    console.line('Its results name no operations that show something wrong, so there is no story to tell.');
  else printStory(story, asJson, console);
  return EXIT.valid;
}

/** Returns the stories of the run; if `isAsked`, finds what decided it unless that is known already. */
async function decidedStories(
  folder: string,
  isAsked: boolean,
  { errors }: Session,
): Promise<StoredRunStories> {
  const stored = storedStories(folder);
  const { path, stories } = stored;
  const [story, ...others] = stories;
  if (!isAsked || story === undefined || readDecisive(path) !== undefined) return stored;
  const { decideStored } = await import('./decide-stored.ts');
  const decisive = await decideStored(stored.path, story, errors);
  if (decisive === undefined) return stored;
  writeDecisive(path, decisive);
  return { path, stories: [withDecisive(story, decisive), ...others] };
}
