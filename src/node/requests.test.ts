/**
 * The typed fields of requests in handlers. Most of this is checked by the compiler: a line marked as an error must be
 * one.
 */
import { expect, it } from 'vitest';
import type { RequestOf } from '../protocol/rpc/rpc.ts';
import { broadcastRpc, topologyRpc } from '../protocol/rpcs/broadcast.ts';
import { addDeltaRpc } from '../protocol/rpcs/counter.ts';
import { echoRpc } from '../protocol/rpcs/echo.ts';
import { addElementRpc } from '../protocol/rpcs/g-set.ts';
import { commitOffsetsRpc, listCommittedOffsetsRpc, pollRpc, sendRpc } from '../protocol/rpcs/kafka.ts';
import { kvCasRpc, kvReadRpc, kvWriteRpc } from '../protocol/rpcs/kv.ts';
import { addMemberRpc, removeMemberRpc } from '../protocol/rpcs/membership.ts';
import { listAppendTxnRpc } from '../protocol/rpcs/txn-list-append.ts';
import { generateRpc } from '../protocol/rpcs/unique-ids.ts';
import type { Json } from './message.ts';
import { Node } from './node.ts';
import type { Requests } from './requests.ts';

const quiet = { start: () => {}, send: () => {}, log: () => {}, exit: () => {} };
const newNode = (): Node => new Node({ transport: quiet, firstMsgId: 1 });

/** The definitions of clients' requests, whose fields each request must have. */
const ASKED = {
  echo: echoRpc,
  generate: generateRpc,
  topology: topologyRpc,
  broadcast: broadcastRpc,
  write: kvWriteRpc,
  read: kvReadRpc,
  cas: kvCasRpc,
  send: sendRpc,
  poll: pollRpc,
  commit_offsets: commitOffsetsRpc,
  list_committed_offsets: listCommittedOffsetsRpc,
  txn: listAppendTxnRpc,
  add_member: addMemberRpc,
  remove_member: removeMemberRpc,
} as const;

it('every type of request is known, by its name on the wire', () => {
  const known: readonly (keyof Requests)[] = [...(Object.keys(ASKED) as (keyof typeof ASKED)[]), 'add'];
  expect(known).toContain(addElementRpc.type);
  expect(known).toContain(addDeltaRpc.type);
  for (const [type, rpc] of Object.entries(ASKED)) expect(rpc.type).toBe(type);
});

it('a request has the fields that clients send, and no others', () => {
  type Asked = typeof ASKED;
  // For each type, the fields that are declared but not sent, or sent but not declared. The cas of services has one
  // more; `generate` has none.
  type Unlike = {
    [Type in Exclude<keyof Asked, 'generate'>]:
      | Exclude<keyof Requests[Type], keyof RequestOf<Asked[Type]> | 'create_if_not_exists'>
      | Exclude<keyof RequestOf<Asked[Type]>, keyof Requests[Type]>;
  }[Exclude<keyof Asked, 'generate'>];
  type UnlikeAdd = Exclude<
    keyof Requests['add'],
    keyof RequestOf<typeof addElementRpc> | keyof RequestOf<typeof addDeltaRpc>
  >;
  const unlike: { readonly all: readonly Unlike[]; readonly add: readonly UnlikeAdd[] } = {
    all: [],
    add: [],
  };
  // @ts-expect-error -- there is none, so nothing can be in the list
  const wrong: typeof unlike = { all: ['message'], add: [] };
  // @ts-expect-error -- the same
  const wrongAdd: typeof unlike = { all: [], add: ['element'] };
  expect([unlike.all, wrong.all, wrongAdd.add]).toEqual([[], ['message'], ['element']]);
});

it('a handler knows the fields of its request, and a misspelt one does not compile', () => {
  const node = newNode();
  node.on('broadcast', (body) => {
    const value: Json = body.message;
    // @ts-expect-error -- misspelt
    void body.mesage;
    return value === null ? undefined : {};
  });
  node.on('topology', ({ topology }, { src }) => {
    const neighbours: readonly string[] | undefined = topology[src];
    void neighbours;
    return {};
  });
  node.on('txn', ({ txn }) => ({ txn: txn.map(([f, key, value]) => [f, key, f === 'r' ? null : value]) }));
  node.on('send', ({ key, msg }) => ({ offset: key.length + String(msg).length }));
  // @ts-expect-error -- an offset is a number
  node.on('poll', ({ offsets }) => ({ msgs: offsets['k']?.length ?? null }));
  expect(() => node.on('broadcast', () => ({}))).toThrow('There is a handler for "broadcast" already.');
});

it('a program may declare more fields, and any fields of its own messages', () => {
  interface Gossip {
    readonly values: readonly number[];
  }
  newNode()
    .on('broadcast', (body: { message: number }) => ({ twice: 2 * body.message }))
    .on('gossip', (body: Gossip) => ({ count: body.values.length }))
    .on<Gossip>('other', ({ values }) => ({ count: values.length }))
    .on('unknown', ({ whatever }) => ({ whatever }));
});
