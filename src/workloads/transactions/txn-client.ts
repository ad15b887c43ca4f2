/**
 * The client of both transactional workloads: sends a transaction and accepts the completed one if its micro-operations
 * match. A reply with other micro-operations is a protocol violation and proves nothing about the state.
 */
import { shownJson } from '../../protocol/json/shown-json.ts';
import { jsonEquals, type Json } from '../../protocol/json.ts';
import type { RpcDefinition } from '../../protocol/rpc/rpc.ts';
import { completionOf } from '../completion.ts';
import type { Client, ClientLink } from '../workload.ts';

export function txnClient(link: ClientLink, rpc: RpcDefinition): Client {
  return {
    invoke(op, done) {
      // The generator makes every value a list of [f, key, value].
      const asked = op.value as readonly (readonly [string, Json, Json])[];
      const idempotent = asked.every(([f]) => f === 'r');
      link.rpc(rpc, link.node, { txn: op.value }, (reply) => {
        if (reply.kind === 'reply') {
          const problem = structureProblem(asked, reply.body['txn'] ?? null);
          if (problem !== undefined) {
            link.violation(`${link.node} answered a transaction with another: ${problem}`, reply.body);
            done({
              type: idempotent ? 'fail' : 'info',
              value: op.value,
              error: ['wrong-structure', problem],
            });
            return;
          }
        }
        done(completionOf(op, reply, { idempotent, resultOf: (body) => body['txn'] ?? null }));
      });
    },
  };
}

/**
 * Returns how the completed transaction differs from the requested one, or undefined when only reads have been filled
 * in.
 */
function structureProblem(
  asked: readonly (readonly [string, Json, Json])[],
  answered: Json,
): string | undefined {
  if (!Array.isArray(answered))
    return `its \`txn\` is ${shownJson(answered)}; expected an array of micro-operations.`;
  if (answered.length !== asked.length)
    return `its number of micro-operations is ${answered.length}; expected ${asked.length}, that of the request.`;
  for (const [at, want] of asked.entries()) {
    // Array.isArray narrows to any[]; the elements are Json.
    const got = answered[at] as Json;
    const fits =
      Array.isArray(got) &&
      got.length === 3 &&
      got[0] === want[0] &&
      jsonEquals(got[1], want[1]) &&
      (want[0] === 'r' || jsonEquals(got[2], want[2]));
    if (!fits) return `micro-operation ${at + 1} came back as ${shownJson(got)}; expected ${expected(want)}.`;
  }
  return undefined;
}

const expected = (want: readonly [string, Json, Json]): string =>
  want[0] === 'r' ? `["r", ${shownJson(want[1])}, <what was read>]` : shownJson(want);
