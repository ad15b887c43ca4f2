/** Fewer operations, faults and exceptions, by delta debugging. */
import {
  allOps,
  faultSpans,
  type ClientOp,
  withCourse,
  withFaultSpans,
  withOps,
  type Coursed,
} from '../course-edits.ts';
import type { Thread } from '../../generator/generator.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { reduceList, reduceScattered } from '../reduce-list.ts';
import { firstOr, type Pass } from './pass.ts';

/** Leaves out everything after some point: half of the operations at first, then smaller fractions. */
export const shorterPrefix: Pass = {
  name: 'leaving out the end',
  async reduce(best, trials) {
    let current = best;
    // What leads up to the failure ends with it.
    if ((await trials.run(best)).failedNanos !== undefined) return best;
    for (let share = 0.5; share < 1 && current.course.ops.length > 8; share = (1 + share) / 2) {
      const { ops } = current.course;
      const kept = ops.slice(0, Math.ceil(ops.length * share));
      if (kept.length === ops.length) break;
      const endNanos = kept.at(-1)?.atNanos ?? 0;
      const spans = faultSpans(current).filter(({ begin }) => begin.atNanos <= endNanos);
      const shorter = withCourse(current, { ops: kept });
      const candidate = shorter.course.faults === undefined ? shorter : withFaultSpans(shorter, spans);
      const timeLimitSeconds = Math.min(current.timeLimitSeconds, endNanos / NANOS_PER_SECOND + 0.001);
      const found = await firstOr(current, [{ ...candidate, timeLimitSeconds }, candidate], trials);
      if (found !== current) share = 0;
      current = found;
    }
    return current;
  },
};

/** Leaves out all operations of a thread at once. */
export const fewerThreads: Pass = {
  name: 'leaving out clients',
  async reduce(best, trials) {
    const threads = [...new Set(allOps(best).map(({ op }) => op.thread))];
    if (threads.length < 2) return best;
    const of = (kept: readonly unknown[]): Coursed =>
      withOps(
        best,
        allOps(best).filter(({ op }) => kept.includes(op.thread)),
      );
    const kept = await reduceList(threads, (lists) => trials.firstOf(lists.map(of)));
    return kept.length === threads.length ? best : of(kept);
  },
};

export const fewerOps: Pass = {
  name: 'leaving out operations',
  async reduce(best, trials) {
    const all = allOps(best);
    const fixed = all.filter(({ isFinal }) => isFinal && trials.needsFinalOps);
    const free = all.filter((op) => !fixed.includes(op));
    const of = (list: readonly ClientOp[]): Coursed => withOps(best, [...list, ...fixed]);
    const kept = await reduceList(free, (lists) => trials.firstOf(lists.map(of)));
    return kept.length === free.length ? best : of(kept);
  },
};

/** Equal final operations of one client are capped at the number of main operations plus this. */
const SPARE_FINAL_OPS = 2;

/**
 * When the final operations must stay because the failure is that something never arrived, caps the equal final
 * operations that a client repeats. The cap is what a correct program needs if each of them shows at least one more
 * element.
 */
export const fewerFinalOps: Pass = {
  name: 'leaving out repeated final operations',
  async reduce(best, trials) {
    if (!trials.needsFinalOps) return best;
    const { ops, finalOps } = best.course;
    const most = ops.length + SPARE_FINAL_OPS;
    const lasts = new Map<number | string, { readonly what: string; readonly times: number }>();
    const kept = finalOps.filter(({ thread, f, value }) => {
      const what = JSON.stringify([f, value]);
      const last = lasts.get(thread);
      const times = last?.what === what ? last.times + 1 : 1;
      lasts.set(thread, { what, times });
      return times <= most;
    });
    return kept.length === finalOps.length
      ? best
      : firstOr(best, [withCourse(best, { finalOps: kept })], trials);
  },
};

/**
 * Likewise one client that looks is enough, if it was answered: what it does not find, the others have not found either. One that was not
 * answered would find nothing of a right program.
 */
export const fewerFinalThreads: Pass = {
  name: 'leaving final operations to one client',
  async reduce(best, trials) {
    const { finalOps } = best.course;
    const threads = [...new Set(finalOps.map(({ thread }) => thread))];
    if (!trials.needsFinalOps || threads.length < 2) return best;
    const looked = await trials.look(best);
    if (looked === undefined) return best;
    const { history } = looked;
    const isAnswered = (thread: Thread): boolean => {
      const count = finalOps.filter((op) => op.thread === thread).length;
      const ends = history.filter(
        ({ process, type }) =>
          process !== 'nemesis' && process % best.concurrency === thread && type !== 'invoke',
      );
      return ends.slice(-count).every(({ f, type }) => f === 'crash' || type === 'ok');
    };
    const of = (thread: Thread): Coursed =>
      withCourse(best, { finalOps: finalOps.filter((op) => op.thread === thread) });
    return firstOr(best, threads.filter(isAnswered).map(of), trials);
  },
};

export const fewerFaults: Pass = {
  name: 'leaving out faults',
  async reduce(best, trials) {
    const { faultScript } = best;
    if (faultScript !== undefined) {
      const kept = await reduceList(faultScript, (lists) =>
        trials.firstOf(lists.map((list): Coursed => ({ ...best, faultScript: list }))),
      );
      return kept.length === faultScript.length ? best : { ...best, faultScript: kept };
    }
    const spans = faultSpans(best);
    const kept = await reduceList(spans, (lists) =>
      trials.firstOf(lists.map((list) => withFaultSpans(best, list))),
    );
    return kept.length === spans.length ? best : withFaultSpans(best, kept);
  },
};

export const fewerExceptions: Pass = {
  name: 'leaving out exceptions for messages',
  async reduce(best, trials) {
    const { messages } = best.course;
    const kept = await reduceScattered(messages, (lists) =>
      trials.firstOf(lists.map((list) => withCourse(best, { messages: list }))),
    );
    return kept.length === messages.length ? best : withCourse(best, { messages: kept });
  },
};
