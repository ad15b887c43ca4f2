/**
 * How a node's reply becomes the completion of an operation: the one rule for all clients.
 *
 * A definite error means that the operation did not happen: `fail`. After any other error, or none in time, the outcome is unknown:
 * `info`. A read has no effect either way, so for it nothing is in doubt and every error is a `fail`.
 */
import { errorName } from '../protocol/error-code.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Completion, Invocation, Reply } from './workload.ts';

export interface CompletionRule {
  /** Whether the operation has no effect, as a read has none. */
  readonly idempotent: boolean;
  /** What the operation's value becomes when the node answered; the invocation's when left out. */
  readonly resultOf?: (body: JsonObject) => Json;
}

/** A write: in doubt unless the node says something definite; keeps the invocation's value. */
export const WRITE: CompletionRule = { idempotent: false };

/** A read that yields that field of the reply. */
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
      return { type: rule.idempotent ? 'fail' : 'info', value: op.value, error: 'net-timeout' };
  }
}
