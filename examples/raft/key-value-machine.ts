/**
 * The state machine behind the log: a key-value store. It does the same things in the same order on every node, and may
 * therefore depend on nothing but the commands: no clock, no randomness.
 *
 * A command may be in the log twice, because a message was doubled on its way. So the machine remembers, for each client,
 * the last request and its outcome, and does nothing a second time (thesis, section 6.3). Clients have one request under way at a time.
 * These sessions are a part of its state, and of every snapshot. It keeps those of the clients that were heard last: the same ones on
 * all nodes, since which these are follows from the log.
 */
import { ErrorCode, type Json, stringify } from 'maelstrom/node';
import type { StateMachine } from './snapshot.ts';

/** More than there are clients with a copy of a request under way: of one that is forgotten a late copy would be carried out again. */
const MOST_SESSIONS = 1000;

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

type Session = { readonly request: number; readonly outcome: Outcome };

/** Entries of the two maps, in their order. */
export type Saved = {
  readonly values: readonly (readonly [string, Json])[];
  readonly sessions: readonly (readonly [string, Session])[];
};

export class KeyValueMachine implements StateMachine<Command, Outcome> {
  /** By keys in JSON: a key may be anything. */
  protected values = new Map<string, Json>();
  /** The one used last comes last. */
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
    const { values, sessions } = state as Saved; // it has been made by `save`
    this.values = new Map(values);
    this.sessions = new Map(sessions);
  }

  /** The value of a key as of the last command applied here; undefined when it has none. */
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
