/**
 * Guards a workload written by the user: an error thrown by its generator or clients ends the run with its text, and
 * what was recorded until then is kept and judged. Workloads of Maelstrom are not guarded; an error thrown by one is a
 * bug of ours, reported with its stack.
 */
import { EXHAUSTED, type Generator, type GeneratorContext, type Next } from '../../generator/generator.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { functionOf, WrongReturn } from '../../protocol/wrong-return.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { ownWork } from '../../world/own-work.ts';
import type { Client, ClientLink, Completion, PreparedWorkload, Workload } from '../../workloads/workload.ts';
import { WORKLOADS } from '../../workloads/index.ts';

export type OnThrown = (part: string, error: unknown) => void;

export const isOwnWorkload = (workload: Workload): boolean => WORKLOADS.get(workload.name) !== workload;

export interface GuardOptions {
  readonly onThrown: OnThrown;
  /** The path of its file, if any. */
  readonly file?: string | undefined;
  /** Maximum real time in milliseconds of one call; a call that never returns is terminated. */
  readonly limitMs?: number | undefined;
}

/** Guards the calls of one part of the workload. */
interface Guard {
  /** Subject of the message about a call that never returns. */
  readonly what: string;
  readonly limitMs: number | undefined;
  readonly onError: OnError;
  /** Called with each answer of a generator; throws a WrongReturn if the answer is not allowed. */
  readonly watchNext?: (next: Next, context: GeneratorContext, by: unknown) => void;
}

/** Bounds for the generator of the final reads, whose phase has no time limit so that reads can complete. */
const FINAL = { operations: 10_000, timesThoseBefore: 10, seconds: 600 };

export function guarded(
  prepared: PreparedWorkload,
  workload: Workload,
  { onThrown, file = `the workload ${workload.name}`, limitMs }: GuardOptions,
): PreparedWorkload {
  if (!isOwnWorkload(workload)) return prepared;
  const { generator, finalGenerator, primaries } = prepared;
  const { name } = workload;
  const guardOf = (part: string, said: string): Guard => ({
    what: `${said} of ${file}`,
    limitMs,
    onError: (error) => onThrown(`${name}: ${part}`, error),
  });
  let asked = 0;
  return {
    ...prepared,
    client: (link) => guardedClient(link, prepared, guardOf('a client', 'A client')),
    generator: guardedGenerator(generator, {
      ...guardOf('what clients do next', 'What clients do next (`next` or `generator`)'),
      watchNext: (next, context, by) => {
        if (next.kind === 'op') asked++;
        // The time limit of the phase starts with the first operation.
        if (asked === 0) refuseSleep(next, context, by);
      },
    }),
    ...(finalGenerator === undefined
      ? {}
      : {
          finalGenerator: guardedGenerator(finalGenerator, {
            ...guardOf('what clients do in the end', 'What clients do in the end'),
            watchNext: endOfFinal(() => asked),
          }),
        }),
    ...(prepared.setup === undefined
      ? {}
      : {
          setup: (link, done) => {
            const once = onlyOnce(done);
            const guard = guardOf('setup', 'The setup');
            const failing: Guard = {
              ...guard,
              onError: (error) => {
                guard.onError(error);
                once(undefined);
              },
            };
            attempt(() => prepared.setup?.(guardedLink(link, failing), once), failing);
          },
        }),
    ...(primaries === undefined
      ? {}
      : {
          primaries: (activity) => {
            let found: readonly string[] = [];
            attempt(() => (found = primaries(activity)), guardOf('primaries', '`primaries`'));
            return found;
          },
        }),
    checker: () => prepared.checker(),
    ...(prepared.finalReadsBelongTogether === undefined
      ? {}
      : { finalReadsBelongTogether: prepared.finalReadsBelongTogether }),
    ...(prepared.verdictWithoutFinalReads === undefined
      ? {}
      : { verdictWithoutFinalReads: (result) => prepared.verdictWithoutFinalReads?.(result) ?? 'unknown' }),
  };
}

type OnError = (error: unknown) => void;

/** Throws if the final reads would never end. */
function endOfFinal(askedBefore: () => number): NonNullable<Guard['watchNext']> {
  let asked = 0;
  let beganNanos: number | undefined;
  return (next, context, by) => {
    const { timeNanos } = context;
    beganNanos ??= timeNanos;
    if (next.kind === 'exhausted') return;
    const seconds = (timeNanos - beganNanos) / NANOS_PER_SECOND;
    const most = FINAL.operations + FINAL.timesThoseBefore * askedBefore();
    if (asked >= most || seconds > FINAL.seconds)
      throw new WrongReturn(
        `it does not end: it has run for ${Math.floor(seconds)} s with ${asked} operations; expected at most ${FINAL.seconds} s and ${most} operations. Its \`next\` must eventually return { kind: 'exhausted' }`,
        by,
      );
    if (next.kind === 'op') asked++;
    refuseSleep(next, context, by);
  };
}

/**
 * Throws if nothing could ever wake the generator: it waits for an event, but no operation is in flight that could
 * cause one.
 */
function refuseSleep(next: Next, { freeCount, threads }: GeneratorContext, by: unknown): void {
  if (next.kind !== 'pending' || next.untilNanos !== Infinity || freeCount !== threads.length) return;
  throw new WrongReturn(
    "`next` returned { kind: 'pending' } without a time while no operation was in flight, so that nothing could ever wake it; expected an operation, untilNanos, or { kind: 'exhausted' }",
    by,
  );
}

/** After an error the operation ends as `info`, since its effect is unknown. */
function guardedClient(link: ClientLink, prepared: PreparedWorkload, guard: Guard): Client {
  let failed: OnError = guard.onError;
  const failing: Guard = { ...guard, onError: (error) => failed(error) };
  let client: Client | undefined;
  return {
    invoke(op, done) {
      const once = onlyOnce<Completion>((completion) => done(checkedCompletion(completion)));
      failed = (error) => {
        guard.onError(error);
        once({ type: 'info', value: op.value, error: ['client-threw', String(error)] });
      };
      attempt(() => {
        client ??= prepared.client(guardedLink(link, failing));
        client.invoke(op, (completion) => once(completion));
      }, failing);
    },
  };
}

/** Validates a completion from the user's client, which may be any value. */
function checkedCompletion(completion: Completion): Completion {
  const { type, value = null, error }: Partial<Completion> = Object(completion);
  if (type !== 'ok' && type !== 'fail' && type !== 'info')
    throw new TypeError(
      `a client completed its operation with the type ${JSON.stringify(type)}; expected ok, fail or info`,
    );
  return error === undefined ? { type, value } : { type, value, error };
}

const guardedLink = (link: ClientLink, guard: Guard): ClientLink => ({
  name: link.name,
  node: link.node,
  nodes: link.nodes,
  rpc: (definition, dest, fields, done, timeoutMs) =>
    link.rpc(definition, dest, fields, (reply) => attempt(() => done(reply), guard), timeoutMs),
  violation: (message, body, kind) => link.violation(message, body, kind),
});

/** A generator that throws is exhausted from then on. */
function guardedGenerator(inner: Generator, guard: Guard): Generator {
  const generator: Generator = {
    next(context): Next {
      let next: Next = EXHAUSTED;
      attempt(() => {
        const by = functionOf(inner, 'next');
        const wanted = checkedNext(inner.next(context), by);
        guard.watchNext?.(wanted, context, by);
        next = wanted;
      }, guard);
      if (next.kind === 'exhausted') return next;
      return { ...next, rest: next.rest === inner ? generator : guardedGenerator(next.rest, guard) };
    },
    update(context, event) {
      let updated = inner;
      attempt(
        () => (updated = checkedGenerator(inner.update(context, event), functionOf(inner, 'update'))),
        guard,
      );
      return updated === inner ? generator : guardedGenerator(updated, guard);
    },
  };
  return generator;
}

/** Validates the return value of a hand-written generator, since all later steps trust it. */
function checkedNext(next: Next, by: unknown): Next {
  const { kind, rest, op, untilNanos }: Readonly<Record<string, unknown>> = Object(next);
  if (kind === 'exhausted') return next;
  if (kind !== 'op' && !(kind === 'pending' && Number(untilNanos) >= 0))
    throw new WrongReturn(
      `\`next\` of a generator returned ${shown(next)}; expected { kind: 'op', op, rest }, { kind: 'pending', untilNanos: a number, rest } or { kind: 'exhausted' }`,
      by,
    );
  checkedGenerator(rest as Generator, by);
  if (kind === 'pending') return next;
  const { f, process, timeNanos }: { f?: unknown; process?: unknown; timeNanos?: unknown } = Object(op);
  if (typeof f === 'string' && process !== undefined && typeof timeNanos === 'number' && timeNanos >= 0)
    return next;
  throw new WrongReturn(
    `\`next\` of a generator returned the operation ${shown(op)}; expected { f: a string, value, process, timeNanos: a number }`,
    by,
  );
}

function checkedGenerator(generator: Generator, by: unknown): Generator {
  const { next, update }: Partial<Generator> = Object(generator);
  if (typeof next === 'function' && typeof update === 'function') return generator;
  throw new WrongReturn(
    `the rest of a generator is ${shown(generator)}; expected a generator, with next and update`,
    by,
  );
}

const shown = (value: unknown): string =>
  value instanceof Promise ? 'a promise' : shownText(JSON.stringify(value) ?? typeof value, 200);

function onlyOnce<Value>(done: (value: Value) => void): (value: Value) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    done(value);
  };
}

function attempt(work: () => void, { what, limitMs, onError }: Guard): void {
  try {
    ownWork(what, work, limitMs);
  } catch (error) {
    onError(error);
  }
}
