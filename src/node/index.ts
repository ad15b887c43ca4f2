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

// The node, and what it sends and receives.
export { Node } from './node.ts';
export type { AbortSignalLike, Handler, NodeOptions, RpcOptions } from './node.ts';
export type { MicroOperation, Requests } from './requests.ts';
export type { StateFields } from './state.ts';
export type { Timers } from './timers.ts';
export type { Body, Fields, Json, Message, Sendable, SendableBody, SendableFields } from './message.ts';

// Assertions of the program.
export { always, reachable, sometimes, unreachable } from './assertions.ts';

// Data that survives a restart.
export { Storage } from './storage.ts';
export type { FileSystem, StorageOptions } from './storage.ts';

// Errors in replies.
export { ErrorCode, RpcError } from './rpc-error.ts';

// The services of every cluster.
export { LinKv, LwwKv, SeqKv } from './key-value.ts';
export type { CasOptions, KeyValue } from './key-value.ts';
export { Tso } from './timestamp-oracle.ts';

// Integers of any length, for programs that read or write JSON themselves.
export { parse, stringify } from './json.ts';

// For tests: a node that uses something other than stdin and stdout.
export { StdioTransport } from './transport.ts';
export type { Stdio, Transport } from './transport.ts';
