/**
 * The three requests of the key-value services, read from a message body, and the effect of each on one key.
 *
 * Shared by lin-kv, seq-kv and lww-kv, which differ only in the state to which a request applies. The texts of errors
 * are upstream's: there are programs that take the current value out of the text of a failed cas.
 */
import { canonicalJson, jsonEquals, type Json, type JsonObject } from '../protocol/json.ts';
import { field, show, unsupported, type ServiceAnswer } from './service.ts';

export type KvRequest =
  | { readonly f: 'read'; readonly key: Json; readonly id: string }
  | { readonly f: 'write'; readonly key: Json; readonly id: string; readonly value: Json }
  | {
      readonly f: 'cas';
      readonly key: Json;
      readonly id: string;
      readonly from: Json;
      readonly to: Json;
      readonly createIfNotExists: boolean;
    };

/** A valid request, or the error reply. */
export type ParsedKvRequest =
  | { readonly kind: 'request'; readonly request: KvRequest }
  | { readonly kind: 'refused'; readonly answer: ServiceAnswer };

/** The effect of a request on the current value. */
export interface KvEffect {
  readonly answer: ServiceAnswer;
  /** The value that it assigns to the key, if it does; `changes` is false when the key already has this value. */
  readonly write: { readonly value: Json; readonly changes: boolean } | undefined;
}

const WRITTEN: ServiceAnswer = { kind: 'ok', type: 'write_ok', fields: {} };
const SWAPPED: ServiceAnswer = { kind: 'ok', type: 'cas_ok', fields: {} };
const NO_SUCH_KEY: ServiceAnswer = { kind: 'error', code: 20, text: 'key does not exist' };

const TYPES = ['read', 'write', 'cas'];

/**
 * Reads a request. Keys are any JSON, compared by value: `id` is the same for equal keys. A missing field is null, as
 * upstream has it: some languages' writers leave out empty fields.
 */
export function parseKvRequest(service: string, type: string, body: JsonObject): ParsedKvRequest {
  const key = field(body, 'key') ?? null;
  const id = canonicalJson(key);
  switch (type) {
    case 'read':
      return accept({ f: 'read', key, id });
    case 'write':
      return accept({ f: 'write', key, id, value: field(body, 'value') ?? null });
    case 'cas':
      return accept({
        f: 'cas',
        key,
        id,
        from: field(body, 'from') ?? null,
        to: field(body, 'to') ?? null,
        createIfNotExists: isTruthy(field(body, 'create_if_not_exists') ?? null),
      });
    default:
      return refuse(unsupported(service, type, TYPES));
  }
}

/** Whether upstream treats a flag as true: everything but false and null, including 0 and an empty string. */
const isTruthy = (flag: Json): boolean => flag !== null && flag !== false;

/** Returns the effect of the request when its key has that value (undefined: no value). */
export function applyKvRequest(request: KvRequest, current: Json | undefined): KvEffect {
  switch (request.f) {
    case 'read':
      if (current === undefined) return { answer: NO_SUCH_KEY, write: undefined };
      return { answer: { kind: 'ok', type: 'read_ok', fields: { value: current } }, write: undefined };
    case 'write':
      return { answer: WRITTEN, write: assign(current, request.value) };
    case 'cas': {
      if (current === undefined) {
        if (!request.createIfNotExists) return { answer: NO_SUCH_KEY, write: undefined };
        return { answer: SWAPPED, write: assign(current, request.to) };
      }
      if (!jsonEquals(current, request.from)) {
        const text = `current value ${show(current)} is not ${show(request.from)}`;
        return { answer: { kind: 'error', code: 22, text }, write: undefined };
      }
      return { answer: SWAPPED, write: assign(current, request.to) };
    }
  }
}

const assign = (current: Json | undefined, value: Json): KvEffect['write'] => ({
  value,
  changes: current === undefined || !jsonEquals(current, value),
});

const accept = (request: KvRequest): ParsedKvRequest => ({ kind: 'request', request });
const refuse = (answer: ServiceAnswer): ParsedKvRequest => ({ kind: 'refused', answer });
