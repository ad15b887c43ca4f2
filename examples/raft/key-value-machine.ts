/**
 * The state machine behind the log: a key-value store. It does the same things in the same order on every node, and
 * must therefore depend on nothing but the commands: no clock, no randomness.
 *
 * A command may be in the log twice, because a message was duplicated on its way. So the machine remembers the last
 * request of each client and its outcome, and does not execute a request again (thesis, section 6.3). A client has at
 * most one request in flight. These sessions are part of the state and of every snapshot. The machine keeps those of
 * the most recent clients: the same ones on all nodes, since they depend only on the log.
 */
import { ErrorCode, type Json, stringify } from 'maelstrom/node';
import type { StateMachine } from './snapshot.ts';

/**
 * More than the clients that may have a copy of a request in flight: a late copy from a forgotten client would be
 * executed again.
 */
const MOST_SESSIONS = 1000;

export type Operation =
  | { readonly type: 'read'; readonly key: Json }
  | { readonly type: 'write'; readonly key: Json; readonly value: Json }
  | { readonly type: 'cas'; readonly key: Json; readonly from: Json; readonly to: Json };

export type Command = {
  readonly client: string;
  /** Increases with each request of a client. */
  readonly request: number;
  readonly operation: Operation;
};

/** The body of the reply. */
export type Outcome =
  | { readonly type: 'read_ok'; readonly value: Json }
  | { readonly type: 'write_ok' | 'cas_ok' }
  | { readonly type: 'error'; readonly code: number; readonly text: string };

type Session = { readonly request: number; readonly outcome: Outcome };

/** The entries of the two maps, in order. */
export type Saved = {
  readonly values: readonly (readonly [string, Json])[];
  readonly sessions: readonly (readonly [string, Session])[];
};

export class KeyValueMachine implements StateMachine<Command, Outcome> {
  /** Indexed by key in JSON, as a key may be any value. */
  protected values = new Map<string, Json>();
  /** Ordered by last use, most recent last. */
  private sessions = new Map<string, Session>();

  apply({ client, request, operation }: Command): Outcome {
    const last = this.sessions.get(client);
    if (last !== undefined && request === last.request) return last.outcome;
    if (last !== undefined && request < last.request)
      return error(ErrorCode.abort, 'an old request, come late');
    const outcome = this.execute(operation);
    this.remember(client, { request, outcome });
    return outcome;
  }

  save(): Saved {
    return { values: [...this.values], sessions: [...this.sessions] };
  }

  restore(state: Json): void {
    const { values, sessions } = state as Saved; // made by `save`
    this.values = new Map(values);
    this.sessions = new Map(sessions);
  }

  /** Returns the value of a key as of the last command applied here, or undefined if it has none. */
  valueOf(key: Json): Json | undefined {
    return this.values.get(stringify(key));
  }

  private remember(client: string, session: Session): void {
    this.sessions.delete(client);
    this.sessions.set(client, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > MOST_SESSIONS && oldest !== undefined) this.sessions.delete(oldest);
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
