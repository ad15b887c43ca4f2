/** Tests the service clients against a small in-memory service that speaks the protocol. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from './json.ts';
import { LinKv, LwwKv, SeqKv } from './key-value.ts';
import type { Fields, Json, Message } from './message.ts';
import { Node } from './node.ts';
import { Tso } from './timestamp-oracle.ts';

/** Returns a node whose messages are answered by `serve`, one microtask later. */
function nodeServedBy(serve: (dest: string, body: Message['body']) => Fields): Node {
  let receive: ((line: string) => void) | undefined;
  const node = new Node({
    transport: {
      start: (onLine) => (receive = onLine),
      send: (line) => {
        const { src, dest, body } = parse(line) as unknown as Message;
        if (body.msg_id === undefined) return;
        const reply = { ...serve(dest, body), in_reply_to: body.msg_id };
        queueMicrotask(() => receive?.(stringify({ src: dest, dest: src, body: reply })));
      },
      log: () => {},
      exit: () => {},
    },
  });
  receive?.('{"src":"c0","dest":"n1","body":{"type":"init","node_id":"n1","node_ids":["n1"]}}');
  return node;
}

describe.each([
  { name: 'lin-kv', open: (node: Node) => new LinKv(node) },
  { name: 'seq-kv', open: (node: Node) => new SeqKv(node) },
  { name: 'lww-kv', open: (node: Node) => new LwwKv(node) },
])('a client of $name', ({ name, open }) => {
  const values = new Map<string, Json>();
  const requests: { dest: string; body: Fields }[] = [];
  const store = open(
    nodeServedBy((dest, body) => {
      const { msg_id: _, ...fields } = body;
      requests.push({ dest, body: fields });
      const key = stringify(body.key ?? null);
      const value = values.get(key);
      if (body.type === 'write') {
        values.set(key, body.value ?? null);
        return { type: 'write_ok' };
      }
      if (value === undefined && body.create_if_not_exists !== true) {
        return { type: 'error', code: 20, text: 'not found' };
      }
      if (body.type === 'read') return { type: 'read_ok', value };
      if (value !== undefined && stringify(value) !== stringify(body.from ?? null)) {
        return { type: 'error', code: 22, text: 'it is another' };
      }
      values.set(key, body.to ?? null);
      return { type: 'cas_ok' };
    }),
  );

  beforeEach(() => {
    values.clear();
    requests.length = 0;
  });

  it('reads what was written; keys and values may be any JSON', async () => {
    await store.write(['a', 1], { big: 9007199254740993n });
    expect(await store.read(['a', 1])).toEqual({ big: 9007199254740993n });
    expect(requests).toEqual([
      { dest: name, body: { type: 'write', key: ['a', 1], value: { big: 9007199254740993n } } },
      { dest: name, body: { type: 'read', key: ['a', 1] } },
    ]);
  });

  it('rejects a read of a key without value with error 20, unless a default is given', async () => {
    await expect(store.read('x')).rejects.toMatchObject({ code: 20, definite: true });
    expect(await store.readOr('x', 5)).toBe(5);
    await store.write('x', null);
    expect(await store.readOr<Json>('x', 5)).toBe(null);
  });

  it('compares and sets', async () => {
    await expect(store.cas('x', 0, 1)).rejects.toMatchObject({ code: 20 });
    await store.cas('x', 0, 1, { createIfNotExists: true });
    await expect(store.cas('x', 0, 2)).rejects.toMatchObject({ code: 22 });
    await store.cas('x', 1, 2);
    expect(await store.read('x')).toBe(2);
    expect(requests[1]?.body).toEqual({ type: 'cas', key: 'x', from: 0, to: 1, create_if_not_exists: true });
    expect(requests[3]?.body).toEqual({ type: 'cas', key: 'x', from: 1, to: 2 });
  });

  it('updates a value, and a key without one, by a function', async () => {
    const count = (): Promise<number> => store.update<number>('n', (before = 0) => before + 1);
    expect([await count(), await count()]).toEqual([1, 2]);
    await store.write('nothing', null);
    expect(await store.update('nothing', (before) => [before ?? 'none'])).toEqual(['none']);
    expect(await store.update<readonly Json[]>('nothing', async (before = []) => [...before, 1])).toEqual([
      'none',
      1,
    ]);
  });

  it('updates retry if another write came first, so that none is lost', async () => {
    await Promise.all(Array.from({ length: 5 }, () => store.update<number>('n', (before = 0) => before + 1)));
    expect(await store.read('n')).toBe(5);
    expect(requests.filter(({ body }) => body.type === 'cas').length).toBeGreaterThan(5);
  });

  it('an update is not retried if it may have happened', async () => {
    let tries = 0;
    const lossy = open(
      nodeServedBy((_, body) => {
        if (body.type === 'read') return { type: 'read_ok', value: 1 };
        tries++;
        return { type: 'error', code: 0, text: 'no answer' };
      }),
    );
    await expect(lossy.update('n', () => 2, { retries: 9 })).rejects.toMatchObject({ code: 0 });
    expect(tries).toBe(1);
  });

  it('passes other errors on, whether a read has a default or not', async () => {
    const broken = open(nodeServedBy(() => ({ type: 'error', code: 11, text: 'later' })));
    await expect(broken.readOr('x', 5)).rejects.toMatchObject({ code: 11 });
  });
});

it('a client of lin-tso gets the next timestamp', async () => {
  let next = 0;
  const oracle = new Tso(
    nodeServedBy((dest, body) => {
      expect([dest, body.type]).toEqual(['lin-tso', 'ts']);
      return { type: 'ts_ok', ts: next++ };
    }),
  );
  expect([await oracle.next(), await oracle.next()]).toEqual([0, 1]);
});
