/**
 * The status line of a hunt: `[hunting 12 s]  1,240 runs (103/s)  0.8 h of cluster time  410,000 messages  2 failed:
 * lost`.
 */
import type { HuntState } from '../../hunt/hunt.ts';
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
    clusterTime(virtualNanos),
    `${count(messages)} messages`,
    failures === 0 ? '0 failed' : console.paint('red', `${count(failures)} failed: ${shown}`),
  ].join('  ');
}

/** Formats the total time of the clusters, virtual or real, in seconds, minutes or hours. */
export function clusterTime(nanos: number): string {
  const seconds = nanos / 1e9;
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s of cluster time`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min of cluster time`;
  return `${(seconds / 3600).toFixed(1)} h of cluster time`;
}
