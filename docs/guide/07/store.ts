import { ErrorCode, type Json } from 'maelstrom/node';

export type Operation =
  | { readonly type: 'read'; readonly key: Json }
  | { readonly type: 'write'; readonly key: Json; readonly value: Json }
  | { readonly type: 'cas'; readonly key: Json; readonly from: Json; readonly to: Json };

/** The body of the reply to a client. */
export type Outcome =
  | { readonly type: 'read_ok'; readonly value: Json }
  | { readonly type: 'write_ok' | 'cas_ok' }
  | { readonly type: 'error'; readonly code: number; readonly text: string };

/** A key-value store in memory. What an operation does depends on those before it, and on nothing else. */
export class Store {
  private readonly values = new Map<Json, Json>();

  apply(operation: Operation): Outcome {
    const { key } = operation;
    const value = this.values.get(key);
    if (operation.type === 'write') {
      this.values.set(key, operation.value);
      return { type: 'write_ok' };
    }
    if (value === undefined) return error(ErrorCode.keyDoesNotExist, 'there is no such key');
    if (operation.type === 'read') return { type: 'read_ok', value };
    if (value !== operation.from) return error(ErrorCode.preconditionFailed, 'it has another value');
    this.values.set(key, operation.to);
    return { type: 'cas_ok' };
  }
}

const error = (code: number, text: string): Outcome => ({ type: 'error', code, text });
