/**
 * What of NODE_OPTIONS, and of Node's flags, is passed on to a process that simulates. Flags of the user's are for our own
 * program, and nodes would notice most of them, such as --stack-trace-limit or --unhandled-rejections.
 */

/** The memory that V8 may take. */
const MEMORY_FLAG = /^--(?:(?:max|min)[-_]|stack[-_]size)/;
/** What Yarn sets where packages are found by Plug'n'Play: without it Maelstrom's own dependencies are not found. */
const PLUG_AND_PLAY =
  /--(?:require|experimental-loader)[ =](?:"[^"]*\.pnp\.(?:cjs|loader\.mjs)"|\S*\.pnp\.(?:cjs|loader\.mjs))(?!\S)/g;

export const passedFlags = (flags: readonly string[]): string[] =>
  flags.filter((flag) => MEMORY_FLAG.test(flag));

export const passedOptions = (nodeOptions: string): string =>
  [...(nodeOptions.match(PLUG_AND_PLAY) ?? []), ...passedFlags(nodeOptions.split(/\s+/))].join(' ');
