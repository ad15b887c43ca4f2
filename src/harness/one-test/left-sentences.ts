/** Warnings about processes that outlive a run, with what to do. */
import { byCount } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { LeftProcess } from '../../world/world.ts';

const NAMED = 10;

export function leftSentences(left: readonly LeftProcess[]): readonly string[] {
  const certain = left.filter(({ isCertain }) => isCertain);
  const suspects = left.filter(({ isCertain }) => !isCertain);
  return [
    ...warning(
      certain,
      byCount(certain.length, 'a process that a node started', 'processes that nodes started') +
        ' could not be killed: that needs another user',
    ),
    ...warning(
      suspects,
      byCount(suspects.length, 'a process', 'processes') +
        ' that started during this run, without a parent and with a cleared environment, may have been left by a node;' +
        ' Maelstrom cannot create control groups here, so it cannot tell, and has not killed ' +
        byCount(suspects.length, 'it', 'them'),
    ),
  ];
}

function warning(left: readonly LeftProcess[], what: string): readonly string[] {
  if (left.length === 0) return [];
  const named = left.slice(0, NAMED);
  const list = named.map(({ pid, command }) => `${pid} (${shownText(command, 80)})`).join(', ');
  const more = left.length > NAMED ? `, and ${left.length - NAMED} more` : '';
  return [`Warning: ${what}: ${list}${more}. To end: kill ${named.map(({ pid }) => pid).join(' ')}`];
}
