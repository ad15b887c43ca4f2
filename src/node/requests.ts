/**
 * What clients request of nodes, by message type (docs/workloads.md), so that a handler knows the fields of its request
 * without declaring them. Where two workloads share a type, the fields of both are listed: `read` has a key in lin-kv
 * only.
 *
 * A program can add its own messages:
 *
 *     declare module 'maelstrom/node' {
 *       interface Requests {
 *         gossip: { readonly values: readonly number[] };
 *       }
 *     }
 */
import type { Json } from './message.ts';

export interface Requests {
  // echo
  readonly echo: { readonly echo: Json };
  // unique-ids
  readonly generate: object;
  // broadcast
  readonly topology: { readonly topology: Readonly<Record<string, readonly string[]>> };
  readonly broadcast: { readonly message: Json };
  // g-set has elements, g-counter and pn-counter have deltas
  readonly add: { readonly element: Json; readonly delta: number };
  // lin-kv; `read` also exists in broadcast, g-set and the counters
  readonly read: { readonly key: Json };
  readonly write: { readonly key: Json; readonly value: Json };
  readonly cas: {
    readonly key: Json;
    readonly from: Json;
    readonly to: Json;
    readonly create_if_not_exists?: boolean;
  };
  // kafka
  readonly send: { readonly key: string; readonly msg: Json };
  readonly poll: { readonly offsets: Readonly<Record<string, number>> };
  readonly commit_offsets: { readonly offsets: Readonly<Record<string, number>> };
  readonly list_committed_offsets: { readonly keys: readonly string[] };
  // txn-list-append and txn-rw-register
  readonly txn: { readonly txn: readonly MicroOperation[] };
  // the fault `membership`
  readonly add_member: { readonly node: string; readonly node_id: string };
  readonly remove_member: { readonly node: string; readonly node_id: string };
}

/**
 * A step of a transaction: a read, whose value is null in the request, an append to a list, or a write of a register.
 */
export type MicroOperation =
  | readonly [f: 'r', key: Json, value: Json]
  | readonly [f: 'append', key: Json, value: Json]
  | readonly [f: 'w', key: Json, value: Json];
