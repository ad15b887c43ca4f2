/** Returns a log without the states that nodes reported, which are shown elsewhere. */
import { saysState } from '../../protocol/state-change.ts';

export function withoutStates(text: string): { readonly text: string; readonly leftOut: number } {
  if (!text.includes('"maelstrom"')) return { text, leftOut: 0 };
  const lines = text.split('\n');
  const kept = lines.filter((line) => !saysState(line));
  return { text: kept.join('\n'), leftOut: lines.length - kept.length };
}
