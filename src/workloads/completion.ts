/**
 * How a node's reply becomes the completion of an operation: the single rule for all clients.
 *
 * A definite error means that the operation did not happen: `fail`. After any other error, or a timeout, the outcome is
 * unknown: `info`. A read has no effect in any case, so every error is a `fail`.
 */
import { errorName } from '../protocol/error-code.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Completion, Invocation, Reply } from './workload.ts';

/** The error of an operation whose reply did not arrive in time. */
export const TIMEOUT = 'net-timeout';

/** The error of an operation of the workload kafka by which a client ends, as clients of real logs do. */
export const CRASHED_ON_PURPOSE = 'crashed on purpose';

export interface CompletionRule {
  /** True for an operation without an effect, such as a read. */
  readonly idempotent: boolean;
  /** Returns the value of the completed operation; by default the invocation's. */
  readonly resultOf?: (body: JsonObject) => Json;
}

/** A write: its outcome is unknown unless the node's error is definite. Keeps the invocation's value. */
export const WRITE: CompletionRule = { idempotent: false };

/** Returns the rule for a read whose value is that field of the reply. */
export const readOf = (field: string): CompletionRule => ({
  idempotent: true,
  resultOf: (body) => body[field] ?? null,
});

export function completionOf(op: Invocation, reply: Reply, rule: CompletionRule): Completion {
  switch (reply.kind) {
    case 'reply':
      return { type: 'ok', value: rule.resultOf === undefined ? op.value : rule.resultOf(reply.body) };
    case 'error': {
      const type = reply.definite || rule.idempotent ? 'fail' : 'info';
      return { type, value: op.value, error: [errorName(reply.code) ?? reply.code, reply.text] };
    }
    case 'timeout':
      return { type: rule.idempotent ? 'fail' : 'info', value: op.value, error: TIMEOUT };
  }
}
