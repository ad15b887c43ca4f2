/**
 * Shortens the gaps between events, which also removes heartbeats and other repetitions. The quiet period before the
 * final operations stays: without it, data that a correct program would still have delivered would seem lost.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';
import { momentsOf, withMoments, type Coursed } from '../course-edits.ts';
import type { Trials } from '../trials.ts';
import { firstOr, type Pass } from './pass.ts';

export const lessTime: Pass = {
  name: 'taking out time',
  async reduce(best, trials) {
    const capped = await cappedGaps(best, trials);
    const isShort = momentsOf(capped).length <= MOST_SINGLE_GAPS;
    const tight = isShort ? await singleGaps(capped, trials) : capped;
    return earlierEnd(tight, trials);
  },
};

const CAPS_MS = [1, 5, 20, 100, 500, 2000];

/** Caps all gaps at the smallest of `CAPS_MS` with which the run still fails. */
async function cappedGaps(best: Coursed, trials: Trials): Promise<Coursed> {
  const moments = [0, ...momentsOf(best)];
  const longest = Math.max(...moments.slice(1).map((nanos, at) => nanos - (moments[at] ?? 0)));
  const caps = CAPS_MS.map((ms) => ms * NANOS_PER_MS).filter((cap) => cap < longest);
  return firstOr(
    best,
    caps.map((cap) => withGaps(best, (gap) => Math.min(gap, cap))),
    trials,
  );
}

/** Maximum number of gaps to shorten one by one; with more, most of them will have been left out by the next round. */
const MOST_SINGLE_GAPS = 40;

/** Starts with the last gap, because shortening it changes nothing before it. */
async function singleGaps(best: Coursed, trials: Trials): Promise<Coursed> {
  let current = best;
  for (let at = momentsOf(current).length - 1; at >= 0; at--) {
    const gaps = gapsOf(current);
    const gap = gaps[at] ?? 0;
    const shorter = [NANOS_PER_MS, gap / 8, gap / 2]
      .map((nanos) => Math.max(NANOS_PER_MS, Math.round(nanos / NANOS_PER_MS) * NANOS_PER_MS))
      .filter((nanos) => nanos < gap);
    const candidates = [...new Set(shorter)].map((nanos) =>
      withGaps(current, (other, index) => (index === at ? nanos : other)),
    );
    current = await firstOr(current, candidates, trials);
  }
  return current;
}

function gapsOf(spec: Coursed): readonly number[] {
  const moments = momentsOf(spec);
  return moments.map((nanos, at) => nanos - (moments[at - 1] ?? 0));
}

/** Changes the gaps and keeps the time from the last moment to the time limit. */
function withGaps(spec: Coursed, change: (gap: number, index: number) => number): Coursed {
  const moments = momentsOf(spec);
  const moved = new Map<number, number>();
  let now = 0;
  for (const [index, gap] of gapsOf(spec).entries()) {
    now += change(gap, index);
    moved.set(moments[index] ?? 0, now);
  }
  const saved = (moments.at(-1) ?? 0) - now;
  const timeLimitSeconds = (spec.timeLimitSeconds * NANOS_PER_SECOND - saved) / NANOS_PER_SECOND;
  return { ...withMoments(spec, (nanos) => moved.get(nanos) ?? nanos), timeLimitSeconds };
}

const AFTER_LAST_MS = [1, 10, 100, 1000];

async function earlierEnd(best: Coursed, trials: Trials): Promise<Coursed> {
  // Where that is known, runs end with the failure.
  if ((await trials.run(best)).failedNanos !== undefined) return best;
  const last = momentsOf(best).at(-1) ?? 0;
  const ends = AFTER_LAST_MS.map((ms) => (last + ms * NANOS_PER_MS) / NANOS_PER_SECOND);
  const shorter = ends.filter((seconds) => seconds < best.timeLimitSeconds);
  return firstOr(
    best,
    shorter.map((timeLimitSeconds): Coursed => ({ ...best, timeLimitSeconds })),
    trials,
  );
}
