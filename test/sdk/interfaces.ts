// Compiled but never run: what the SDK's types accept and refuse.
import { LinKv, Node, type Json } from 'maelstrom/node';

interface Lock {
  readonly owner: string;
  readonly until?: number;
}
interface Read {
  readonly key: string;
}
interface ReadOk {
  type: 'read_ok';
  locks: Lock[];
}

const node = new Node();
const kv = new LinKv(node);
const free: Lock = { owner: '' };

node.on<Read>('read', async ({ key }): Promise<ReadOk> => {
  const lock = await kv.readOr<Lock>(key, free);
  const other: Lock = await kv.readOr('other', free);
  const third = await kv.read<Lock>(key);
  await kv.write(key, lock);
  await kv.cas(key, lock, { ...third, owner: node.id }, { createIfNotExists: true });
  return { type: 'read_ok', locks: [lock, other] };
});
node.on('lock', (body: Read): Lock => ({ owner: body.key }));
node.on('maybe', (body: Read) => (body.key === '' ? undefined : free));
node.on('void', () => {});
node.on('literal', () => ({ value: 1n, list: [1, 'a', null], missing: undefined }));

const ok: ReadOk = { type: 'read_ok', locks: [free] };
node.send('n2', ok);
node.storage.write('lock', free);
node.storage.append('locks', free, free);
const stored: Lock | undefined = node.storage.read<Lock>('lock');
const all: Lock[] = node.storage.readLog<Lock>('locks');
void node.rpc<ReadOk>('n2', ok).then(({ locks }) => locks.length);
const json: Json = { a: [1] };
void kv.write('json', [json, stored ?? null, all]);

// @ts-expect-error: a function is not JSON
void kv.write('f', () => 1);
// @ts-expect-error: a Map is written as {}
void kv.write('m', new Map([['a', 1]]));
// @ts-expect-error: a Set is written as {}
node.on('set', () => new Set([1]));
// @ts-expect-error: a promise that nothing waits for
void kv.write('p', kv.read('x'));
// @ts-expect-error: a message has a type
node.send('n2', free);
// @ts-expect-error: a list is no body
node.on('list', () => [1, 2]);
