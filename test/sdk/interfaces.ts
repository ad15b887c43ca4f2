// Compiled but never run: what the SDK's types accept and refuse.
import { LinKv, Node, type Fields, type Handler, type Json, type Sendable } from 'maelstrom/node';

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

class Register<Value extends Json, Other extends Sendable> {
  constructor(
    private readonly entries: readonly { readonly term: number; readonly value: Value }[],
    private readonly other: Other,
  ) {}
  share(): void {
    node.send('n2', { type: 'share', entries: this.entries, first: this.entries[0], other: this.other });
    void node.rpc<Lock>('n2', { type: 'share', entries: this.entries });
    node.on('shared', async ({ value }: { value: Value }) => ({ value, entries: this.entries }));
  }
}
new Register([{ term: 1, value: 1 }], free).share();
// Bodies of a type that the caller chooses, within the bounds of an interface.
interface Vote {
  readonly type: 'vote';
  readonly term: number;
  readonly held?: Lock;
}
class Replica<Entry extends Lock, Own extends Vote> {
  constructor(private readonly entries: readonly Entry[]) {
    node.on('entry', () => this.entries[0]);
    node.on('entry later', async () => this.entries[0]);
    node.on('own', async (body: Own) => body);
  }
  tell<Sent extends Vote>(to: string, sent: Sent, entry: Entry): void {
    node.send(to, sent);
    node.send(to, { type: 'entry', ...entry });
    void node.rpc<Own, Sent>(to, sent);
    // @ts-expect-error: a Map beside it
    node.send(to, { type: 'entry', entry, seen: new Map([['a', 1]]) });
  }
  answer(entry: Entry): void {
    node.on('answer', (_, message) => node.reply(message, entry));
  }
}
new Replica<Lock, Vote>([free]).tell('n2', { type: 'vote', term: 1 }, free);
class Point {
  constructor(private readonly x: number) {}
  far(): boolean {
    return this.x > 1;
  }
}
const byName: Record<string, Lock> = {};
node.send('n2', { type: 'points', points: [new Point(1)], point: new Point(2), byName });
node.on('any', () => ({ untyped: JSON.parse('1') }));
node.on('two forms', ({ key }: Read) => (key === '' ? {} : { value: 1, maybe: free.until }));
node.on('passed on', async (body) => ({ ...(await node.rpc('n2', { ...body })), more: 1 }));
node.on('later or not', ({ key }: Read): Promise<Lock> | undefined =>
  key === '' ? undefined : kv.read(key),
);
node.on('throws', () => {
  throw new Error('always');
});
node.on('later', (_, message) => {
  node.reply(message, { lock: free });
});
const table = {
  read: (body: Fields) => ({ value: body['key'] }),
  write: async (_: Fields): Promise<void> => {},
};
for (const [type, handler] of Object.entries(table)) node.on(type, handler);
const kept: Handler<Read> = ({ key }) => ({ key });
node.on('kept', kept);

// What JSON would leave out or write as {}, at the field where it stands.
node.on('add', ({ delta }) => ({
  // @ts-expect-error: an await is missing
  value: kv.readOr('sum', delta),
}));
// @ts-expect-error: an await is missing
node.on('add', async ({ delta }) => {
  await kv.write('sum', delta);
  return { value: kv.read('sum') };
});
// @ts-expect-error: a Set
node.on('read', () => ({ messages: new Set([1]) }));
// @ts-expect-error: a Map
node.on('read', () => ({ counts: new Map([['n1', 1]]) }));
// @ts-expect-error: a date
node.on('read', () => ({ at: new Date() }));
// @ts-expect-error: its call is missing
node.on('generate', () => ({ id: Math.random }));
// @ts-expect-error: promises that nothing waits for
node.on('poll', ({ offsets }) => ({ msgs: Object.keys(offsets).map(async (key) => kv.read(key)) }));
// @ts-expect-error: an await is missing
node.send('n2', { type: 'sum', value: kv.read('sum') });
// @ts-expect-error: a Set
void node.rpc('n2', { type: 'seen', seen: new Set([1]) });
// @ts-expect-error: a Set
node.on('later', (_, message) => node.reply(message, { seen: new Set([1]) }));
// @ts-expect-error: a number is no body
node.on('number', () => 1);

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
