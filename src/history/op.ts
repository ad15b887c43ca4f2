/**
 * An operation, the atom of a history: what a client (or the nemesis) requested, or how the request ended.
 *
 * Every operation appears twice: as `invoke` and as its completion. `ok` means that it happened, `fail` that it certainly
 * did not, and `info` that this is unknown. A process whose operation ended in `info` never invokes again.
 */
import type { Json } from '../protocol/json.ts';

export type OpType = 'invoke' | 'ok' | 'fail' | 'info';

export type Process = number | 'nemesis';

export interface Op {
  /** Position in the history, from 0. */
  readonly index: number;
  /** Nanoseconds since the time at which the first operations could begin. */
  readonly time: number;
  readonly type: OpType;
  readonly process: Process;
  /** The function: `read`, `add`, `txn`, `start-partition`, ... */
  readonly f: string;
  readonly value: Json;
  /** Why it failed or is unknown, if recorded: `[code, text]`, or a word such as `timeout`. */
  readonly error?: Json;
  /** Set on the reads made after the network has healed, which eventual-consistency checkers rely on. */
  readonly final?: boolean;
  /** For a kafka client: `[{keys: [...]}, ...]`, the keys assigned to it or revoked during the operation. */
  readonly 'rebalance-log'?: Json;
}
