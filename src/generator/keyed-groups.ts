/**
 * Tests many objects side by side, after Jepsen's `independent/concurrent-generator`: the threads are split into
 * groups; each group works on one key, and takes the next unused key when it is done with its own.
 */
import { EXHAUSTED, pending } from './generator.ts';
import type { Generator } from './generator.ts';

/** A group: the threads at positions [from, to). */
export interface ThreadGroup {
  readonly from: number;
  readonly to: number;
}

/** Runs `make(key)` for keys 0, 1, 2, ... forever, each on one group of threads. */
export function keyedGroups(groups: readonly ThreadGroup[], make: (key: number) => Generator): Generator {
  const onGroups = (members: readonly Generator[], nextKey: number, turn: number): Generator => {
    const generator: Generator = {
      next(context) {
        if (groups.length === 0) return EXHAUSTED;
        let current = members;
        let key = nextKey;
        let untilNanos = Infinity;
        for (let step = 0; step < groups.length; step++) {
          const at = (turn + step) % groups.length;
          const group = groups[at];
          let member = current[at];
          if (group === undefined || member === undefined) continue;
          const view = context.restrict(group.from, group.to);
          let next = member.next(view);
          if (next.kind === 'exhausted') {
            member = make(key++);
            next = member.next(view);
            // A key that is exhausted from the start would make this try keys forever.
            if (next.kind === 'exhausted') return EXHAUSTED;
          }
          current = current.with(at, next.rest);
          if (next.kind === 'op') {
            return {
              kind: 'op',
              op: next.op,
              rest: onGroups(current, key, (at + 1) % groups.length),
            };
          }
          untilNanos = Math.min(untilNanos, next.untilNanos);
        }
        return pending(onGroups(current, key, turn), untilNanos);
      },
      update(context, event) {
        const position = context.threads.indexOf(context.threadOf(event.process));
        const at = groups.findIndex((group) => group.from <= position && position < group.to);
        const group = groups[at];
        const member = members[at];
        if (group === undefined || member === undefined) return generator;
        const updated = member.update(context.restrict(group.from, group.to), event);
        return updated === member ? generator : onGroups(members.with(at, updated), nextKey, turn);
      },
    };
    return generator;
  };
  return onGroups(
    groups.map((_, key) => make(key)),
    groups.length,
    0,
  );
}
