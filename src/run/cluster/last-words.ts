/** What a node wrote to its stderr before it ended, for the message about its end. */
import { shownText } from '../../protocol/shown-text.ts';
import type { NodeExit } from '../../world/world.ts';

/** What it printed: the cause, where that stands above the last lines, and those. */
export function lastWords({ lastStderr, cause = [] }: NodeExit): string {
  if (lastStderr.length === 0) return 'It had written nothing to its stderr.';
  const shown = (lines: readonly string[]): string =>
    lines.map((line) => `  ${shownText(line.replaceAll('\t', '    '), 500)}`).join('\n');
  const last = `The last lines of its stderr:\n${shown(lastStderr)}`;
  const above = cause.filter((line) => !lastStderr.includes(line));
  return above.length === 0 ? last : `What seems to be the cause, in its stderr:\n${shown(cause)}\n${last}`;
}
