/**
 * The status line of a hunt: `[hunting 12 s]  1,240 runs (103/s)  0.8 h of cluster time  410,000 messages  2 failed:
 * lost`.
 */
import type { HuntState } from '../../hunt/hunt.ts';
import { clusterTime } from '../../recording/cluster-time.ts';
import type { Console } from '../show/console.ts';
import { count } from '../show/count.ts';

const MOST_KINDS = 4;

export function huntLine(
  { tally, groups }: HuntState,
  runsBefore: number,
  seconds: number,
  console: Console,
  /** Words about its workers, or about a run that takes long. */
  more?: string,
): string {
  const { runs, failures, virtualNanos, messages } = tally;
  const rate = seconds > 0 ? Math.round((runs - runsBefore) / seconds) : 0;
  const kinds = groups.all().map(({ signature }) => signature.join('+'));
  const shown = kinds.slice(0, MOST_KINDS).join(', ') + (kinds.length > MOST_KINDS ? ', ...' : '');
  return [
    console.paint('cyan', `[hunting ${Math.floor(seconds)} s]`),
    `${count(runs)} runs (${count(rate)}/s)`,
    ...(more === undefined ? [] : [more]),
    clusterTime(virtualNanos / 1e9),
    `${count(messages)} messages`,
    failures === 0 ? '0 failed' : console.paint('red', `${count(failures)} failed: ${shown}`),
  ].join('  ');
}
