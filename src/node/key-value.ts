/**
 * Clients of the key-value services of every cluster. They have one interface and differ in what a read may return:
 *
 *     lin-kv   always the newest value
 *     seq-kv   one order for all clients, but your reads may lag behind it (never behind your own writes)
 *     lww-kv   the value of any replica; replicas converge, and the last write wins
 *
 * Keys and values are any JSON. All operations reject with an `RpcError`. After an indefinite one, such as a timeout, a
 * write or cas may have happened or may still happen.
 */
import { backOffMs } from './attempts.ts';
import type { Json, Sendable } from './message.ts';
import type { Node, RpcOptions } from './node.ts';
import { ErrorCode, RpcError } from './rpc-error.ts';

export interface CasOptions extends RpcOptions {
  /** Write `to` when the key has no value, instead of failing with error 20. */
  readonly createIfNotExists?: boolean;
}

export interface KeyValue {
  /** Resolves with the value of a key. Rejects with error 20 if it has none. */
  read<Value extends Sendable = Json>(key: Sendable, options?: RpcOptions): Promise<Value>;
  /** Resolves with the value of a key, or `otherwise` if it has none. */
  readOr<Value extends Sendable>(key: Sendable, otherwise: Value, options?: RpcOptions): Promise<Value>;
  write(key: Sendable, value: Sendable, options?: RpcOptions): Promise<void>;
  /**
   * Writes `to` if the value is `from`. Rejects with error 20 if there is no value, with error 22 if it is another one.
   */
  cas(key: Sendable, from: Sendable, to: Sendable, options?: CasOptions): Promise<void>;
  /**
   * Reads the value, calls `change` to compute a new one, and writes that by compare-and-set. Retries when another
   * write came first, after growing pauses. `change` gets undefined if the key has no value yet, and may be called
   * several times. Resolves with the written value. Rejects when the outcome of the write is unknown, because a retry
   * could apply the change twice.
   */
  update<Value extends Sendable = Json>(
    key: Sendable,
    change: (value: Value | undefined) => Value | Promise<Value>,
    options?: RpcOptions,
  ): Promise<Value>;
}

const RACES = { firstMs: 10, mostMs: 500 };

class KeyValueClient implements KeyValue {
  protected constructor(
    private readonly node: Node,
    private readonly service: string,
  ) {}

  async read<Value extends Sendable = Json>(key: Sendable, options?: RpcOptions): Promise<Value> {
    const reply = await this.node.rpc<{ value: Value }>(this.service, { type: 'read', key }, options);
    return reply.value;
  }

  readOr<Value extends Sendable>(key: Sendable, otherwise: Value, options?: RpcOptions): Promise<Value> {
    return this.readIfAny<Value, Value>(key, otherwise, options);
  }

  async write(key: Sendable, value: Sendable, options?: RpcOptions): Promise<void> {
    await this.node.rpc(this.service, { type: 'write', key, value }, options);
  }

  async cas(key: Sendable, from: Sendable, to: Sendable, options: CasOptions = {}): Promise<void> {
    const creation = options.createIfNotExists === true ? { create_if_not_exists: true } : {};
    await this.node.rpc(this.service, { type: 'cas', key, from, to, ...creation }, options);
  }

  async update<Value extends Sendable = Json>(
    key: Sendable,
    change: (value: Value | undefined) => Value | Promise<Value>,
    options: RpcOptions = {},
  ): Promise<Value> {
    // A retried compare-and-set could fail because of its own first write.
    const { retries: _, ...once } = options;
    for (let failures = 0; ; failures++) {
      const before = await this.readIfAny<Value, undefined>(key, undefined, options);
      const after = await change(before);
      try {
        await this.cas(key, before ?? null, after, { ...once, createIfNotExists: before === undefined });
        return after;
      } catch (error) {
        if (!hasLostRace(error)) throw error;
      }
      await this.node.sleep(backOffMs(failures, RACES, this.node.random()), options.signal);
    }
  }

  private async readIfAny<Value extends Sendable, Otherwise>(
    key: Sendable,
    otherwise: Otherwise,
    options?: RpcOptions,
  ): Promise<Value | Otherwise> {
    try {
      return await this.read<Value>(key, options);
    } catch (error) {
      if (error instanceof RpcError && error.code === ErrorCode.keyDoesNotExist) return otherwise;
      throw error;
    }
  }
}

/** True when the value was written or removed after it was read. */
const hasLostRace = (error: unknown): boolean =>
  error instanceof RpcError &&
  (error.code === ErrorCode.preconditionFailed || error.code === ErrorCode.keyDoesNotExist);

/** The linearizable store. */
export class LinKv extends KeyValueClient {
  constructor(node: Node) {
    super(node, 'lin-kv');
  }
}

/** The sequentially consistent store. */
export class SeqKv extends KeyValueClient {
  constructor(node: Node) {
    super(node, 'seq-kv');
  }
}

/** The eventually consistent store, in which the last write wins. */
export class LwwKv extends KeyValueClient {
  constructor(node: Node) {
    super(node, 'lww-kv');
  }
}
