/** Choosing one of several generators: side by side, mixed, and alternating. */
import { EXHAUSTED, pending, wrapRest } from './generator.ts';
import type { Generator, GeneratorContext, Next } from './generator.ts';
import { nothing } from './operations.ts';

/**
 * Runs generators side by side: takes an operation of any that has one. When several may have one, the order in which
 * they are asked is random, and no more are asked than needed. Exhausted when all are.
 */
export function any(...generators: readonly Generator[]): Generator {
  // A separate stream, so that asking in vain does not shift the random values of the members.
  return sideBySide(generators, (context, size) => context.stream('any').random.int(size));
}

/** Runs generators side by side, as `any`; when several may have an operation, the earlier ones are asked first. */
export function prefer(...generators: readonly Generator[]): Generator {
  return sideBySide(generators, () => 0);
}

/** Returns the index of the generator to ask first. */
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
 * Takes each operation from a random member, all equally likely. While the chosen member has nothing, the mix has
 * nothing. Exhausted members are removed. Members see no events.
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

/** Alternates: one operation of the first, one of the second, and so on. Ends when the member whose turn it is ends. */
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

/** Returns the same array when the member did not change, which avoids most copies. */
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
