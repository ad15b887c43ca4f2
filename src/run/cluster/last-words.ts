/** What a node wrote to its stderr before it ended and the last message it received, for the message about its end. */
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { GivenMessage } from '../../network/node-port.ts';
import type { NodeExit } from '../../world/world.ts';

/** Returns what it printed: the cause, if that precedes the last lines, and the last lines. */
export function lastWords({ lastStderr: all, cause = [] }: Pick<NodeExit, 'lastStderr' | 'cause'>): string {
  const lastStderr = all.slice(all.findIndex(isWritten));
  if (!all.some(isWritten)) return 'It wrote nothing to its stderr.';
  const shown = (lines: readonly string[]): string =>
    lines.map((line) => `  ${shownText(line.replaceAll('\t', '    '), 500)}`).join('\n');
  const last = `The last lines of its stderr:\n${shown(lastStderr)}`;
  const above = cause.filter((line) => !lastStderr.includes(line));
  return above.length === 0 ? last : `The likely cause, from its stderr:\n${shown(cause)}\n${last}`;
}

/** What `rpc` of the SDK rejects with, as Node and the simulation print it. */
const RPC_FAILED = /^(?:Uncaught )?RpcError: error \d+/;

/** What to do about it, where the trace shows only the SDK: the call is over by the time its answer comes. */
export const uncaughtRpc = ({ lastStderr, cause = [] }: Pick<NodeExit, 'lastStderr' | 'cause'>): string =>
  [...cause, ...lastStderr].some((line) => RPC_FAILED.test(line))
    ? 'A call of `rpc` (or of a service) failed and the error was not caught: is an `await` or a `catch` missing? '
    : '';

/** The commands by which other runtimes run a program. */
const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ['Deno', 'deno run'],
  ['Bun', 'bun'],
]);

/**
 * What to do with a program for another runtime, which was run as one for Node because no #! line says otherwise, or
 * because it was simulated.
 */
export function otherRuntime({
  lastStderr,
  cause = [],
  notSimulated,
}: Pick<NodeExit, 'lastStderr' | 'cause' | 'notSimulated'>): string {
  for (const line of [...cause, ...lastStderr]) {
    const name = /\bReferenceError: (\w+) is not defined/.exec(line)?.[1] ?? '';
    const command = RUNTIMES.get(name);
    if (command === undefined) continue;
    // The file may have that line: the simulation runs no other program.
    return notSimulated === true
      ? `It is a program for ${name}, which runs it outside the simulation if the file is executable and begins with #!/usr/bin/env -S ${command}. `
      : `It is a program for ${name}: let the file begin with #!/usr/bin/env -S ${command}, and make it executable, so that ${name} runs it. `;
  }
  return '';
}

const isWritten = (line: string): boolean => line.trim() !== '';

/** Prefix of the line that quotes the last message. */
export const GIVEN_LAST = 'The last message that it received';
/**
 * Approximate maximum length of a message within the line limit of some readers, such as Go's bufio.Scanner; the rest
 * of the line counts too.
 */
const SHORT_LINE_BYTES = 64 * 1024 - 200;

/**
 * Names the last message that the node received, which most often caused the crash. It is a line of its own, since only
 * it differs from node to node.
 */
export function givenLast(given: GivenMessage | undefined): string {
  if (given === undefined) return '';
  const { src, beginning, bytes, count } = given;
  const often = count === 1 ? '' : ` (of ${counted(count, 'message')} since it last printed a line)`;
  const long =
    bytes < SHORT_LINE_BYTES
      ? ''
      : ` (${bytes.toLocaleString('en')} bytes: some line readers are limited to 64 KiB, such as Go's bufio.Scanner without a larger Buffer)`;
  return `\n${GIVEN_LAST}${often}: ${src}'s ${shownText(beginning, 400)}${long}`;
}
