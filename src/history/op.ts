/**
 * An operation, the atom of a history: what a client (or the nemesis) asked for, or how that ended.
 *
 * Every operation appears twice: once as `invoke`, once as its completion. `ok` means it happened, `fail` that it
 * certainly did not, `info` that this is unknown. A process whose operation ended in `info` never invokes again.
 */
import type { Json } from '../protocol/json.ts';

export type OpType = 'invoke' | 'ok' | 'fail' | 'info';

export type Process = number | 'nemesis';

export interface Op {
  /** Position in the history, from 0. */
  readonly index: number;
  /** Nanoseconds since the first operations could begin. */
  readonly time: number;
  readonly type: OpType;
  readonly process: Process;
  /** What was done: `read`, `add`, `txn`, `start-partition`, ... */
  readonly f: string;
  readonly value: Json;
  /** Why it failed or is unknown, where that is known: `[code, text]`, or a word such as `timeout`. */
  readonly error?: Json;
  /** Set on the reads made after the network has healed, which eventual-consistency checkers rely on. */
  readonly final?: boolean;
  /** Of a kafka client: `[{keys: [...]}, ...]`, the keys that were given to it or taken from it meanwhile. */
  readonly 'rebalance-log'?: Json;
}
