/**
 * Less time between what happens: heartbeats and other repetitions go with it. The quiet period before the final operations is not
 * touched: without it what a right program would still have delivered seems lost.
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

/** No gap longer than that. */
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

/** More gaps than that are not tried one by one: most of them will have been left out by the next time. */
const MOST_SINGLE_GAPS = 40;

/** The last first: what comes before it stays as it was. */
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

/** What is left after the last moment stays, too. */
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
  const last = momentsOf(best).at(-1) ?? 0;
  const ends = AFTER_LAST_MS.map((ms) => (last + ms * NANOS_PER_MS) / NANOS_PER_SECOND);
  const shorter = ends.filter((seconds) => seconds < best.timeLimitSeconds);
  return firstOr(
    best,
    shorter.map((timeLimitSeconds): Coursed => ({ ...best, timeLimitSeconds })),
    trials,
  );
}
