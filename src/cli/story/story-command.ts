/** `maelstrom story`: how a stored run came to be wrong, step by step, in words and as a picture. */
import { shortPath } from '../../harness/short-path.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { storedStory } from '../../story/stored-story.ts';
import { storyText } from '../../story/story-text.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { flag } from '../words/option.ts';
import { readWords, type CommandText } from '../words/read-words.ts';
import { writeStory } from './write-story.ts';

const OPTIONS = {
  json: flag('--json', 'print it as JSON: steps with their times, messages and operations'),
};

const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'story',
  usage: 'RUN [options]',
  about:
    'Tells how a run came to be wrong: the operations that show it, the messages that led there, what was lost, late or doubled on the way. ' +
    `Writes ${RUN_FILES.storyText} and ${RUN_FILES.storyPicture} into the run's folder.`,
  args: '[run]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
A simulated run knows which message led to which; of a run in the real world only their order is known.

Example:
  maelstrom story store/latest`,
};

export function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const given = readWords(COMMAND, words, session);
  if (given === undefined) return Promise.resolve(EXIT.valid);
  const [folder] = given.args;
  if (folder === undefined)
    throw new UserError('No run was named.', 'For the last one: maelstrom story store/latest');
  const { console } = session;
  const { story, path } = storedStory(folder);
  if (story === undefined) {
    console.line('Nothing is wrong in this run, so there is no story to tell.');
    return Promise.resolve(EXIT.valid);
  }
  const written = writeStory(path, story);
  if (given.options.json) console.line(JSON.stringify(story, undefined, 2));
  else {
    console.line(storyText(story));
    for (const file of written) console.line(shortPath(file));
  }
  return Promise.resolve(EXIT.valid);
}
