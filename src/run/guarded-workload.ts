/**
 * A workload that is the user's, whose mistakes are theirs: what its generator or clients throw ends the run with its words, and
 * what was recorded until then is kept and judged. Those that come with Maelstrom are not guarded; what they throw is a
 * mistake of ours, and shows its stack.
 */
import { EXHAUSTED, type Generator, type Next } from '../generator/generator.ts';
import type { Client, ClientLink, Completion, PreparedWorkload, Workload } from '../workloads/workload.ts';
import { WORKLOADS } from '../workloads/index.ts';

export type OnThrown = (part: string, error: unknown) => void;

export const isOwnWorkload = (workload: Workload): boolean => WORKLOADS.get(workload.name) !== workload;

export function guarded(
  prepared: PreparedWorkload,
  workload: Workload,
  onThrown: OnThrown,
): PreparedWorkload {
  if (!isOwnWorkload(workload)) return prepared;
  const { generator, finalGenerator, primaries } = prepared;
  const { name } = workload;
  return {
    ...prepared,
    client: (link) => guardedClient(link, prepared, (error) => onThrown(`${name}: a client`, error)),
    generator: guardedGenerator(generator, (error) => onThrown(`${name}: what clients do next`, error)),
    ...(finalGenerator === undefined
      ? {}
      : {
          finalGenerator: guardedGenerator(finalGenerator, (error) =>
            onThrown(`${name}: what clients do in the end`, error),
          ),
        }),
    ...(prepared.setup === undefined
      ? {}
      : {
          setup: (link, done) => {
            const once = onlyOnce(done);
            const failed = (error: unknown): void => {
              onThrown(`${name}: setup`, error);
              once(undefined);
            };
            attempt(() => prepared.setup?.(guardedLink(link, failed), once), failed);
          },
        }),
    ...(primaries === undefined
      ? {}
      : {
          primaries: (activity) => {
            let found: readonly string[] = [];
            attempt(
              () => (found = primaries(activity)),
              (error) => onThrown(`${name}: primaries`, error),
            );
            return found;
          },
        }),
    checker: () => prepared.checker(),
    ...(prepared.verdictWithoutFinalReads === undefined
      ? {}
      : { verdictWithoutFinalReads: (result) => prepared.verdictWithoutFinalReads?.(result) ?? 'unknown' }),
  };
}

type OnError = (error: unknown) => void;

/** Its operation then ends in doubt: what it had done is not known. */
function guardedClient(link: ClientLink, prepared: PreparedWorkload, onError: OnError): Client {
  let failed: OnError = onError;
  let client: Client | undefined;
  return {
    invoke(op, done) {
      const once = onlyOnce<Completion>((completion) => done(checkedCompletion(completion)));
      failed = (error) => {
        onError(error);
        once({ type: 'info', value: op.value, error: ['client-threw', String(error)] });
      };
      attempt(() => {
        client ??= prepared.client(guardedLink(link, (error) => failed(error)));
        client.invoke(op, (completion) => once(completion));
      }, failed);
    },
  };
}

/** What a client of the user's calls a completion may be anything. */
function checkedCompletion(completion: Completion): Completion {
  const { type, value = null, error }: Partial<Completion> = Object(completion);
  if (type !== 'ok' && type !== 'fail' && type !== 'info')
    throw new TypeError(
      `a client completed its operation with the type ${JSON.stringify(type)}; expected ok, fail or info`,
    );
  return error === undefined ? { type, value } : { type, value, error };
}

const guardedLink = (link: ClientLink, onError: OnError): ClientLink => ({
  name: link.name,
  node: link.node,
  nodes: link.nodes,
  rpc: (definition, dest, fields, done, timeoutMs) =>
    link.rpc(definition, dest, fields, (reply) => attempt(() => done(reply), onError), timeoutMs),
  violation: (message, body) => link.violation(message, body),
});

/** It is exhausted from then on. */
function guardedGenerator(inner: Generator, onError: OnError): Generator {
  const generator: Generator = {
    next(context): Next {
      let next: Next = EXHAUSTED;
      attempt(() => (next = inner.next(context)), onError);
      if (next.kind === 'exhausted') return next;
      return { ...next, rest: next.rest === inner ? generator : guardedGenerator(next.rest, onError) };
    },
    update(context, event) {
      let updated = inner;
      attempt(() => (updated = inner.update(context, event)), onError);
      return updated === inner ? generator : guardedGenerator(updated, onError);
    },
  };
  return generator;
}

function onlyOnce<Value>(done: (value: Value) => void): (value: Value) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    done(value);
  };
}

function attempt(work: () => void, onError: OnError): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}
