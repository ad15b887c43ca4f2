/** One of several: side by side, mixed, and in turn. */
import { EXHAUSTED, pending, wrapRest } from './generator.ts';
import type { Generator, GeneratorContext, Next } from './generator.ts';
import { nothing } from './operations.ts';

/**
 * Side by side: whichever has an operation. When several may have one at once, which is asked first is drawn at random, and
 * only as many are asked as it takes. Exhausted when all are.
 */
export function any(...generators: readonly Generator[]): Generator {
  // A stream of its own, so that being asked in vain does not shift what the members draw.
  return sideBySide(generators, (context, size) => context.stream('any').random.int(size));
}

/** Side by side, as `any`; when several may have an operation at once, the first of them is asked first. */
export function prefer(...generators: readonly Generator[]): Generator {
  return sideBySide(generators, () => 0);
}

/** Says which of that many is asked first. */
type Starting = (context: GeneratorContext, size: number) => number;

function sideBySide(members: readonly Generator[], starting: Starting): Generator {
  const [first] = members;
  if (first === undefined) return nothing;
  if (members.length === 1) return first;
  const go = (rest: readonly Generator[]): Generator =>
    rest === members ? generator : sideBySide(rest, starting);
  const generator: Generator = {
    next: (context) => askAll(members, context, { starting, go }),
    update: (context, event) => go(updateAll(members, context, event)),
  };
  return generator;
}

function askAll(
  members: readonly Generator[],
  context: GeneratorContext,
  { starting, go }: { readonly starting: Starting; readonly go: (rest: readonly Generator[]) => Generator },
): Next {
  if (context.freeCount === 0) return pending(go(members));
  const size = members.length;
  const start = starting(context, size);
  let rest = members;
  let untilNanos = Infinity;
  let exhausted = 0;
  for (let step = 0; step < size; step++) {
    const at = (start + step) % size;
    const member = members[at];
    if (member === undefined) continue;
    const next = member.next(context);
    switch (next.kind) {
      case 'op':
        return {
          kind: 'op',
          op: next.op,
          rest: go(withoutExhausted(replaced(rest, at, next.rest), exhausted)),
        };
      case 'pending':
        untilNanos = Math.min(untilNanos, next.untilNanos);
        rest = replaced(rest, at, next.rest);
        break;
      case 'exhausted':
        exhausted++;
        rest = replaced(rest, at, nothing);
        break;
    }
  }
  if (exhausted === size) return EXHAUSTED;
  return pending(go(withoutExhausted(rest, exhausted)), untilNanos);
}

const withoutExhausted = (members: readonly Generator[], exhausted: number): readonly Generator[] =>
  exhausted === 0 ? members : members.filter((member) => member !== nothing);

/**
 * One of them at random (all equally likely) for each operation. While the chosen one has nothing, the mix has nothing.
 * Exhausted members leave. Members see no events.
 */
export function mix(...generators: readonly Generator[]): Generator {
  return mixOf(generators, undefined);
}

function mixOf(members: readonly Generator[], held: number | undefined): Generator {
  const generator: Generator = {
    next(context) {
      if (context.freeCount === 0) return pending(generator);
      let remaining = members;
      let at = held;
      for (;;) {
        if (remaining.length === 0) return EXHAUSTED;
        at ??= context.random.int(remaining.length);
        const member = remaining[at];
        if (member === undefined) return EXHAUSTED;
        const chosen = at;
        const next = member.next(context);
        if (next.kind !== 'exhausted') {
          const others = remaining;
          const kept = next.kind === 'op' ? undefined : chosen;
          return wrapRest(next, (rest) => mixOf(replaced(others, chosen, rest), kept));
        }
        remaining = remaining.filter((_, position) => position !== chosen);
        at = undefined;
      }
    },
    update: () => generator,
  };
  return generator;
}

/** Alternates: one operation of the first, one of the second, and so on; ends when the one whose turn it is ends. */
export function flipFlop(...generators: readonly Generator[]): Generator {
  return flipFlopFrom(generators, 0);
}

function flipFlopFrom(members: readonly Generator[], turn: number): Generator {
  const go = (rest: readonly Generator[]): Generator =>
    rest === members ? generator : flipFlopFrom(rest, turn);
  const generator: Generator = {
    next(context) {
      const member = members[turn];
      if (member === undefined) return EXHAUSTED;
      const next = member.next(context);
      const after = next.kind === 'op' ? (turn + 1) % members.length : turn;
      return wrapRest(next, (rest) =>
        rest === member && after === turn ? generator : flipFlopFrom(replaced(members, turn, rest), after),
      );
    },
    update: (context, event) => go(updateAll(members, context, event)),
  };
  return generator;
}

/** The same array when the member did not change, which spares most copies. */
function replaced(members: readonly Generator[], at: number, member: Generator): readonly Generator[] {
  if (members[at] === member) return members;
  const copy = members.slice();
  copy[at] = member;
  return copy;
}

function updateAll(
  members: readonly Generator[],
  context: GeneratorContext,
  event: Parameters<Generator['update']>[1],
): readonly Generator[] {
  let rest = members;
  members.forEach((member, at) => {
    rest = replaced(rest, at, member.update(context, event));
  });
  return rest;
}
