/** What clients and the nemesis of a run do in each phase: drawn by the workload, or as the given course says. */
import { prefer } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { sleep, stagger, timeLimit } from '../generator/pacing.ts';
import { resumable } from '../generator/resumable.ts';
import { scripted } from '../generator/scripted.ts';
import { clients, stream } from '../generator/threads.ts';
import type { PreparedWorkload } from '../workloads/workload.ts';
import type { TestSpec } from './test-spec.ts';

/** What clients do until the final reads. */
export function workGenerator({ course, livenessSeconds }: TestSpec, prepared: PreparedWorkload): Generator {
  const work = course === undefined ? prepared.generator : scripted(course.ops);
  return livenessSeconds === undefined ? work : resumable(work);
}

/**
 * Requests at the configured rate (none at rate 0) with the nemesis alongside, for the configured time. The nemesis
 * comes first among operations due at one instant, so that a run along a given course has the same order.
 */
export function mainGenerator(
  { rate, timeLimitSeconds, course }: TestSpec,
  work: Generator,
  nemesis: Generator,
): Generator {
  if (course !== undefined) {
    // It lasts as long as the run that the course was taken from, even if little of that is left.
    return timeLimit(timeLimitSeconds, prefer(nemesis, clients(work), sleep(timeLimitSeconds)));
  }
  const paced = rate > 0 ? stagger(1 / rate, work) : sleep(timeLimitSeconds);
  return timeLimit(timeLimitSeconds, prefer(nemesis, clients(stream('workload', paced))));
}

/** Requests for the time in which progress is demanded. */
export function livenessGenerator(
  { livenessSeconds: seconds = 0, rate, course }: TestSpec,
  work: Generator,
): Generator {
  const paced = rate > 0 ? stagger(1 / rate, work) : sleep(seconds);
  // The sleep keeps time advancing, since a given course may have no operations left.
  const asked = prefer(clients(stream('workload', course === undefined ? paced : work)), sleep(seconds));
  return timeLimit(seconds, asked);
}

/** The final reads; undefined if there are none. */
export function finalGenerator({ course }: TestSpec, prepared: PreparedWorkload): Generator | undefined {
  const final =
    course === undefined
      ? prepared.finalGenerator
      : course.finalOps.length === 0
        ? undefined
        : scripted(course.finalOps);
  return final && clients(stream('final', final));
}
