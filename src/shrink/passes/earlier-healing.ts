/**
 * Ends a fault that lasts until the healing earlier, if that saves messages: a request that is sent again and again for
 * as long as the fault lasts fills a story with repetitions of what happened once.
 */
import { faultOf, operationsOf } from '../../nemesis/fault-operations.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';
import { faultSpans, withFaultSpans, type Coursed, type FaultSpan } from '../course-edits.ts';
import type { Trials } from '../trials.ts';
import type { Pass } from './pass.ts';

/** A run with fewer messages between servers reads well as it is. */
const MANY_MESSAGES = 8;
const LASTS_MS = [1, 10, 50, 100, 200, 500, 1000, 2000];
/** Joining and leaving have no end. */
const ENDLESS: ReadonlySet<string> = new Set(['membership']);

export const earlierHealing: Pass = {
  name: 'ending faults before the healing',
  async reduce(best, trials) {
    let current = best;
    for (let at = 0; at < faultSpans(current).length; at++) current = await endedEarlier(current, at, trials);
    return current;
  },
};

async function endedEarlier(best: Coursed, at: number, trials: Trials): Promise<Coursed> {
  const spans = faultSpans(best);
  const span = spans[at];
  if (span === undefined || span.end !== undefined || ENDLESS.has(faultOf(span.begin.f))) return best;
  const { serverMessages: most } = await trials.run(best);
  if (most <= MANY_MESSAGES) return best;
  for (const ms of LASTS_MS) {
    if (trials.isOver) break;
    const ended = endedAfter(span, ms, best);
    // Nothing begins or ends after the time limit.
    const endSeconds = ((ended.end?.atNanos ?? 0) + NANOS_PER_MS) / NANOS_PER_SECOND;
    const candidate = {
      ...withFaultSpans(best, spans.toSpliced(at, 1, ended)),
      timeLimitSeconds: Math.max(best.timeLimitSeconds, endSeconds),
    };
    if (await trials.fails(candidate)) {
      const { serverMessages } = await trials.run(candidate);
      if (serverMessages < most) return candidate;
    }
  }
  return best;
}

function endedAfter({ begin }: FaultSpan, ms: number, { course }: Coursed): FaultSpan {
  const labels = [...(course.faults ?? []), ...(course.healing ?? [])].map(({ label }) => label);
  const end = {
    label: Math.max(...labels) + 1,
    f: operationsOf(faultOf(begin.f)).stop,
    atNanos: begin.atNanos + ms * NANOS_PER_MS,
    value: null,
  };
  return { begin, end };
}
