/**
 * Guards a workload written by the user: an error thrown by its generator or clients ends the run with its text, and
 * what was recorded until then is kept and judged. Workloads of Maelstrom are not guarded; an error thrown by one is a
 * bug of ours, reported with its stack.
 */
import type { Client, ClientLink, Completion, PreparedWorkload, Workload } from '../../workloads/workload.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import { attempt, type Guard, type OnError } from './attempt.ts';
import { endOfFinal, guardedGenerator, refuseSleep } from './guarded-generator.ts';

export type OnThrown = (part: string, error: unknown) => void;

export const isOwnWorkload = (workload: Workload): boolean => WORKLOADS.get(workload.name) !== workload;

export interface GuardOptions {
  readonly onThrown: OnThrown;
  /** The path of its file, if any. */
  readonly file?: string | undefined;
  /** Maximum real time in milliseconds of one call; a call that never returns is terminated. */
  readonly limitMs?: number | undefined;
}

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
    generator: guardedGenerator(
      generator,
      guardOf('what clients do next', 'What clients do next (`next` or `generator`)'),
      (next, context, by) => {
        if (next.kind === 'op') asked++;
        // The time limit of the phase starts with the first operation.
        if (asked === 0) refuseSleep(next, context, by);
      },
    ),
    ...(finalGenerator && {
      finalGenerator: guardedGenerator(
        finalGenerator,
        guardOf('what clients do in the end', 'What clients do in the end'),
        endOfFinal(() => asked),
      ),
    }),
    ...(prepared.setup && {
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
    ...(primaries && {
      primaries: (activity) => {
        let found: readonly string[] = [];
        attempt(() => (found = primaries(activity)), guardOf('primaries', '`primaries`'));
        return found;
      },
    }),
    checker: () => prepared.checker(),
    finalReadsBelongTogether: prepared.finalReadsBelongTogether === true,
    ...(prepared.verdictWithoutFinalReads && {
      verdictWithoutFinalReads: (result) => prepared.verdictWithoutFinalReads?.(result) ?? 'unknown',
    }),
  };
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

function onlyOnce<Value>(done: (value: Value) => void): (value: Value) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    done(value);
  };
}
