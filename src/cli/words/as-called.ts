/** Commands in hints and help, with the program as it was called: `maelstrom test` is found only where it is installed so. */

const COMMAND = /(?<![\w./-])(?:npx )?maelstrom (?=(?:test|hunt|check|demo|serve|doc)\b)/g;

/** `program` is how it was called: `./maelstrom`, `npx maelstrom`. */
export const asCalled = (text: string, program: string): string =>
  text.replaceAll(COMMAND, () => `${program} `);
