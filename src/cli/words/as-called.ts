/**
 * Rewrites commands in hints and help to the program as it was called, since plain `maelstrom` works only if it is
 * installed that way.
 */
import { COMMAND_NAMES } from './command-names.ts';

const COMMAND = new RegExp(
  `(?<![\\w./-])(?:npx )?maelstrom (?=(?:${[...COMMAND_NAMES, 'help'].join('|')})\\b)`,
  'g',
);

/** `program` is how Maelstrom was called: `./maelstrom`, `npx maelstrom`. */
export const asCalled = (text: string, program: string): string =>
  text.replaceAll(COMMAND, () => `${program} `);
