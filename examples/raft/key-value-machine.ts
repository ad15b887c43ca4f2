/**
 * The state machine behind the log: a key-value store. It does the same things in the same order on every node, and may
 * therefore depend on nothing but the commands: no clock, no randomness.
 *
 * A command may be in the log twice, because a message was doubled on its way. So the machine remembers, for each client,
 * the last request and its outcome, and does nothing a second time. (Clients have one request under way at a time.)
 */
import { ErrorCode, type Json, stringify } from 'maelstrom/node';

export type Operation =
  | { readonly type: 'read'; readonly key: Json }
  | { readonly type: 'write'; readonly key: Json; readonly value: Json }
  | { readonly type: 'cas'; readonly key: Json; readonly from: Json; readonly to: Json };

export type Command = {
  readonly client: string;
  /** Ascends with each request of a client. */
  readonly request: number;
  readonly operation: Operation;
};

/** The body of the reply. */
export type Outcome =
  | { readonly type: 'read_ok'; readonly value: Json }
  | { readonly type: 'write_ok' | 'cas_ok' }
  | { readonly type: 'error'; readonly code: number; readonly text: string };

export class KeyValueMachine {
  /** By keys in JSON: a key may be anything. */
  private readonly values = new Map<string, Json>();
  private readonly sessions = new Map<string, { readonly request: number; readonly outcome: Outcome }>();

  apply({ client, request, operation }: Command): Outcome {
    const last = this.sessions.get(client);
    if (last !== undefined && request === last.request) return last.outcome;
    if (last !== undefined && request < last.request)
      return error(ErrorCode.abort, 'an old request, come late');
    const outcome = this.execute(operation);
    this.sessions.set(client, { request, outcome });
    return outcome;
  }

  /** The value of a key as of the last command applied here; undefined when it has none. */
  valueOf(key: Json): Json | undefined {
    return this.values.get(stringify(key));
  }

  private execute(operation: Operation): Outcome {
    const name = stringify(operation.key);
    const value = this.values.get(name);
    if (operation.type === 'write') {
      this.values.set(name, operation.value);
      return { type: 'write_ok' };
    }
    if (value === undefined) return error(ErrorCode.keyDoesNotExist, `${name} has no value`);
    if (operation.type === 'read') return { type: 'read_ok', value };
    if (stringify(value) !== stringify(operation.from)) {
      return error(ErrorCode.preconditionFailed, `${name} is ${stringify(value)}`);
    }
    this.values.set(name, operation.to);
    return { type: 'cas_ok' };
  }
}

const error = (code: number, text: string): Outcome => ({ type: 'error', code, text });
