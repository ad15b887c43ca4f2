/**
 * The services of a cluster under test: lin-kv, seq-kv, lww-kv and lin-tso. Here all of them are linearizable, which
 * each of them may be; the stale reads and lost writes that seq-kv and lww-kv allow occur in runs of `maelstrom test`.
 */
import { stringify } from '../node/json.ts';
import type { Body, Fields, Json } from '../node/message.ts';
import { ErrorCode } from '../node/rpc-error.ts';

export const SERVICES = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'] as const;

export class Services {
  private readonly stores = new Map<string, Map<string, Json>>();
  private timestamp = 0;

  /** Returns the reply, without `in_reply_to`. */
  answer(service: string, body: Body): Fields {
    if (service === 'lin-tso')
      return body.type === 'ts' ? { type: 'ts_ok', ts: this.timestamp++ } : notSupported(service, body.type);
    const store = this.stores.get(service) ?? new Map<string, Json>();
    this.stores.set(service, store);
    const key = stringify(body['key'] ?? null);
    const value = store.get(key);
    switch (body.type) {
      case 'read':
        return value === undefined ? noSuchKey : { type: 'read_ok', value };
      case 'write':
        store.set(key, body['value'] ?? null);
        return { type: 'write_ok' };
      case 'cas': {
        if (value === undefined && body['create_if_not_exists'] !== true) return noSuchKey;
        const from = body['from'] ?? null;
        if (value !== undefined && stringify(value) !== stringify(from))
          return error(
            ErrorCode.preconditionFailed,
            `expected ${stringify(from)}, but had ${stringify(value)}`,
          );
        store.set(key, body['to'] ?? null);
        return { type: 'cas_ok' };
      }
      default:
        return notSupported(service, body.type);
    }
  }
}

const error = (code: number, text: string): Fields => ({ type: 'error', code, text });
const noSuchKey = error(ErrorCode.keyDoesNotExist, 'key does not exist');
const notSupported = (service: string, type: string): Fields =>
  error(ErrorCode.notSupported, `${service} does not know ${type}`);
