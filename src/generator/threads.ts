/** Assigning threads to generators, and copies of a generator for each thread. */
import { EXHAUSTED, pending, wrapRest } from './generator.ts';
import type { Generator, GeneratorContext } from './generator.ts';
import { any } from './choosing.ts';
import { nothing } from './operations.ts';
import type { Op, Process } from '../history/op.ts';

export function clients(inner: Generator): Generator {
  return within(inner, (context) => {
    const { threads } = context;
    const last = threads.length - 1;
    return threads[last] === 'nemesis' ? context.restrict(0, last) : context;
  });
}

export function nemesis(inner: Generator): Generator {
  return within(inner, (context) => {
    const { threads } = context;
    const last = threads.length - 1;
    return threads[last] === 'nemesis' ? context.restrict(last, last + 1) : context.restrict(0, 0);
  });
}

/** Restricts the generator to the threads at positions [from, to) of those it has. */
export function onThreads(from: number, to: number, inner: Generator): Generator {
  return within(inner, (context) => context.restrict(from, Math.min(to, context.threads.length)));
}

/** Makes the generator draw from the random stream of that name, independently of other generators. */
export function stream(name: string, inner: Generator): Generator {
  return within(inner, (context) => context.stream(name));
}

function within(inner: Generator, view: (context: GeneratorContext) => GeneratorContext): Generator {
  const go = (rest: Generator): Generator => (rest === inner ? generator : within(rest, view));
  const generator: Generator = {
    next(context) {
      const seen = view(context);
      // Without a thread it would wait forever.
      if (seen.threads.length === 0) return EXHAUSTED;
      return wrapRest(inner.next(seen), go);
    },
    update: (context, event) => go(inner.update(view(context), event)),
  };
  return generator;
}

/**
 * Splits the threads: the first `count` for the first generator, the next for the second, and the remaining ones for
 * `others`.
 *
 *     reserve([[5, writes], [10, compareAndSets]], reads)
 */
export function reserve(
  shares: readonly (readonly [count: number, generator: Generator])[],
  others: Generator,
): Generator {
  let from = 0;
  const members: Generator[] = [];
  for (const [count, generator] of shares) {
    members.push(onThreads(from, from + count, generator));
    from += count;
  }
  members.push(onThreads(from, Infinity, others));
  return any(...members);
}

/** Runs a copy of the generator for each thread, which sees only that thread. Exhausted when all copies are. */
export function eachThread(inner: Generator): Generator {
  return copies(inner, new Map(), 0);
}

function copies(start: Generator, current: ReadonlyMap<number, Generator>, turn: number): Generator {
  const generator: Generator = {
    next(context) {
      const size = context.threads.length;
      let changed: Map<number, Generator> | undefined;
      let untilNanos = Infinity;
      let exhausted = 0;
      for (let step = 0; step < size; step++) {
        const at = (turn + step) % size;
        const copy = current.get(at) ?? start;
        if (copy === nothing) {
          exhausted++;
          continue;
        }
        const next = copy.next(context.restrict(at, at + 1));
        const rest = next.kind === 'exhausted' ? nothing : next.rest;
        if (rest !== copy) (changed ??= new Map(current)).set(at, rest);
        switch (next.kind) {
          case 'op':
            return { kind: 'op', op: next.op, rest: copies(start, changed ?? current, (at + 1) % size) };
          case 'pending':
            untilNanos = Math.min(untilNanos, next.untilNanos);
            break;
          case 'exhausted':
            exhausted++;
            break;
        }
      }
      if (exhausted === size) return EXHAUSTED;
      return pending(changed === undefined ? generator : copies(start, changed, turn), untilNanos);
    },
    update(context, event) {
      const at = context.threads.indexOf(context.threadOf(event.process));
      if (at < 0) return generator;
      const copy = current.get(at) ?? start;
      const updated = copy.update(context.restrict(at, at + 1), event);
      return updated === copy ? generator : copies(start, new Map(current).set(at, updated), turn);
    },
  };
  return generator;
}

/**
 * Ends when its threads have had more than `count` different processes, counting all those that its threads had when
 * this generator was asked, whether or not they did anything.
 */
export function processLimit(count: number, inner: Generator): Generator {
  return limitedProcesses(count, inner, new Set(), -1);
}

function limitedProcesses(
  count: number,
  inner: Generator,
  seen: ReadonlySet<Process>,
  replacements: number,
): Generator {
  const generator: Generator = {
    next(context) {
      let known = seen;
      if (context.replacements !== replacements) {
        const now = new Set(seen);
        for (const thread of context.threads) now.add(context.processOf(thread));
        known = now;
      }
      if (known.size > count) return EXHAUSTED;
      return wrapRest(inner.next(context), (rest) =>
        known === seen && rest === inner
          ? generator
          : limitedProcesses(count, rest, known, context.replacements),
      );
    },
    update(context, event) {
      const updated = inner.update(context, event);
      return updated === inner ? generator : limitedProcesses(count, updated, seen, replacements);
    },
  };
  return generator;
}

/**
 * Lets a function decide how to continue after each recorded event, for generators whose operations depend on results.
 *
 *     onUpdate((generator, event) => (event.type === 'ok' ? nothing : generator), repeatedly(tryOnce))
 */
export function onUpdate(
  follow: (inner: Generator, event: Op, context: GeneratorContext) => Generator,
  inner: Generator,
): Generator {
  const go = (rest: Generator): Generator => (rest === inner ? generator : onUpdate(follow, rest));
  const generator: Generator = {
    next: (context) => wrapRest(inner.next(context), go),
    update(context, event) {
      const updated = follow(inner.update(context, event), event, context);
      return go(updated);
    },
  };
  return generator;
}
