/**
 * `maelstrom/node`: everything a node needs to talk to its cluster, and nothing else.
 *
 *     import { Node } from 'maelstrom/node';
 *
 *     const node = new Node();
 *     node.on('echo', (body) => ({ echo: body.echo ?? null }));
 *
 * It has no dependency, not even on Node's own modules: it takes time, randomness and the three standard streams from
 * globals, so that one program runs as a process in real time and inside the simulator in virtual time.
 */

// The node, and what it exchanges.
export { Node } from './node.ts';
export type { Handler, NodeOptions, RpcOptions } from './node.ts';
export type { MicroOperation, Requests } from './requests.ts';
export type { StateFields } from './state.ts';
export type { Timers } from './timers.ts';
export type { Body, Fields, Json, Message, Sendable, SendableBody, SendableFields } from './message.ts';

// What must hold, said by the program.
export { always, reachable, sometimes, unreachable } from './assertions.ts';

// What survives a restart.
export { Storage } from './storage.ts';
export type { FileSystem, StorageOptions } from './storage.ts';

// Errors, as they travel.
export { ErrorCode, RpcError } from './rpc-error.ts';

// The services every cluster has.
export { LinKv, LwwKv, SeqKv } from './key-value.ts';
export type { CasOptions, KeyValue } from './key-value.ts';
export { Tso } from './timestamp-oracle.ts';

// Numbers of any length, for those who read or write JSON themselves.
export { parse, stringify } from './json.ts';

// For tests: a node that talks to something other than stdin and stdout.
export { StdioTransport } from './transport.ts';
export type { Stdio, Transport } from './transport.ts';
