/** Commands in hints and help, with the program as it was called: `maelstrom test` is found only where it is installed so. */
import { COMMAND_NAMES } from './command-names.ts';

const COMMAND = new RegExp(
  `(?<![\\w./-])(?:npx )?maelstrom (?=(?:${[...COMMAND_NAMES, 'help'].join('|')})\\b)`,
  'g',
);

/** `program` is how it was called: `./maelstrom`, `npx maelstrom`. */
export const asCalled = (text: string, program: string): string =>
  text.replaceAll(COMMAND, () => `${program} `);
