/**
 * Whether a node's last words say that the simulation lacks something, in the words of src/guest/modules/refusals.ts and
 * src/guest/files/fs.ts. The program may have caught the error and have printed it before it ended.
 */
import type { NodeExit } from '../../world.ts';

const LACKS = new RegExp(
  [
    'is not available in the simulation',
    'Node has it, the simulation does not\\.',
    'in the simulation there is what Node has\\.',
    'would wait for stdin and stop the simulation',
    'it is not part of the program',
    // V8 says so of an `import()` in text that is compiled at run time.
    'ynamic import callback was not specified',
  ].join('|'),
);
/** Matches the message alone of the error for a missing global, without the words that the simulation adds to it. */
const NOT_DEFINED = /\b([A-Za-z]\w*) is not defined/;

const OTHER_RUNTIMES: ReadonlySet<string> = new Set(['Deno', 'Bun']);

export const mentionsLack = ({ lastStderr, cause = [] }: Pick<NodeExit, 'lastStderr' | 'cause'>): boolean =>
  [...lastStderr, ...cause].some((line) => LACKS.test(line) || namesGlobalOfNode(line));

const namesGlobalOfNode = (line: string): boolean => {
  const name = NOT_DEFINED.exec(line)?.[1];
  return name !== undefined && (Object.hasOwn(globalThis, name) || OTHER_RUNTIMES.has(name));
};
