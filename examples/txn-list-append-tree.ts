/**
 * Transactions over lists, on several nodes: strictly serializable, with a persistent tree in an eventually consistent
 * store.
 *
 * Shows how one small register makes a whole database consistent. The database is a tree of immutable pieces, each
 * under its own name in lww-kv. This store may show a write late, but for a name that is written only once it never
 * shows another value. Only the name of the newest root is in lin-kv. A transaction reads that name, follows it to the
 * lists it needs, writes new pieces for what it changes (the leaf and the branches above it; all others are shared with
 * the tree before), and makes the new root the current one by compare-and-set. A piece that lww-kv does not show yet is
 * requested again: it exists, because it was written before its name was.
 *
 * Why it is right: a root is a snapshot, so a transaction runs in isolation, and it takes effect at the instant of its
 * compare-and-set, or, if it only reads, when it read the root. A compare-and-set without a reply may have taken
 * effect, and a failed one may have failed because of an earlier copy of itself; so each piece says which one it
 * replaces, and the chain back from the current root shows the outcome, as in the history of a git repository.
 *
 * What it costs: two messages for each new piece, and about log(keys) pieces per list; one name for which all writers
 * compete (watch the share of failed compare-and-sets as you raise --rate); and pieces that no root reaches any more
 * are never removed. The gain over txn-list-append-lin-kv.ts: a transaction moves what it touches, not the whole
 * database, and what was read once is cached.
 *
 * To read: Okasaki, "Purely Functional Data Structures"; Bagwell, "Ideal Hash Trees" (2001); the architecture of
 * Datomic. broken/txn-thunk-missing.ts takes "not there yet" for "not there".
 */
import { ErrorCode, type Json, LinKv, LwwKv, type MicroOperation, Node, RpcError } from 'maelstrom/node';

type Txn = readonly MicroOperation[];
type Id = string;
type List = readonly Json[];
/** Indexed by key in JSON, as a key may be any value. */
type Lists = ReadonlyMap<string, List>;
/** A piece of the tree. A root replaces the root before it. */
type Piece = { readonly replaces: Id } & (
  { readonly lists: readonly (readonly [key: string, list: List])[] } | { readonly children: readonly Id[] }
);

const BITS = 3;
const DIGITS = Array.from({ length: 2 ** BITS }, (_, digit) => digit);
/** A leaf with more lists becomes a branch. */
const LEAF_LISTS = 8;
const DEEPEST = 10;
const ATTEMPTS = 20;
/** Maximum pause after the first conflict. */
const PAUSE_MS = 20;
const UNTIL_ANSWERED = { timeoutMs: 500, retries: Infinity };
const PATIENCE = { timeoutMs: 500 };

const node = new Node();
const register = new LinKv(node);
const store = new LwwKv(node);

const EMPTY: Id = 'empty';
/** The content of a name never changes, so what was read once is cached. */
const pieces = new Map<Id, Promise<Piece>>([[EMPTY, Promise.resolve({ replaces: EMPTY, lists: [] })]]);
/** Names are new in each life of the node. */
const life = node.random().toString(36).slice(2, 10);
let made = 0;

function load(id: Id): Promise<Piece> {
  const piece = pieces.get(id) ?? fetch(id);
  pieces.set(id, piece);
  return piece;
}

async function fetch(id: Id): Promise<Piece> {
  for (;;) {
    try {
      return await store.read<Piece>(id, UNTIL_ANSWERED);
    } catch (error) {
      if (!(error instanceof RpcError && error.code === ErrorCode.keyDoesNotExist)) throw error;
      await node.sleep(10); // the replica that was asked does not have it yet
    }
  }
}

/** Names a new piece, and begins to write it. */
function save(piece: Piece, saving: Promise<void>[]): Id {
  const id = `${life}-${made++}`;
  pieces.set(id, Promise.resolve(piece));
  saving.push(store.write(id, piece, UNTIL_ANSWERED));
  return id;
}

/** Returns the index of the child to which a key belongs, at that depth. */
function digitOf(key: string, depth: number): number {
  let hash = 7;
  for (const letter of key) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> (depth * BITS)) % DIGITS.length;
}

async function find(root: Id, key: string): Promise<List | null> {
  let piece = await load(root);
  for (let depth = 0; 'children' in piece; depth++)
    piece = await load(piece.children[digitOf(key, depth)] ?? EMPTY);
  return new Map(piece.lists).get(key) ?? null;
}

/** Returns the name of the root of a tree with these lists replaced. */
async function put(id: Id, lists: Lists, saving: Promise<void>[], depth = 0): Promise<Id> {
  if (lists.size === 0) return id;
  const piece = await load(id);
  const all = 'lists' in piece ? new Map([...piece.lists, ...lists]) : lists;
  if ('lists' in piece && (all.size <= LEAF_LISTS || depth === DEEPEST))
    return save({ replaces: id, lists: [...all] }, saving);
  const before = 'lists' in piece ? DIGITS.map(() => EMPTY) : piece.children;
  const children = before.map((child, digit) => {
    const below = [...all].filter(([key]) => digitOf(key, depth) === digit);
    return put(child, new Map(below), saving, depth + 1);
  });
  return save({ replaces: id, children: await Promise.all(children) }, saving);
}

const currentRoot = (): Promise<Id> => register.readOr('root', EMPTY, UNTIL_ANSWERED);

/** Makes `after` the root if that is still `before`. Resolves with whether it has been the root. */
async function swap(before: Id, after: Id): Promise<boolean> {
  for (;;) {
    try {
      await register.cas('root', before, after, { createIfNotExists: true, ...PATIENCE });
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
    const current = await currentRoot();
    let id = current;
    while (id !== before && id !== after) id = (await load(id)).replaces;
    if (id === after) return true;
    if (current !== before) return false; // and it never will be: no root occurs twice
  }
}

/** Runs transactions one after the other, and makes their writes current by one compare-and-set. */
async function run(txns: readonly Txn[]): Promise<readonly Json[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await currentRoot();
    const written = new Map<string, List>();
    const completed: Json[] = [];
    for (const txn of txns) completed.push(await execute(before, txn, written));
    if (written.size === 0) return completed;
    const saving: Promise<void>[] = [];
    const after = await put(before, written, saving);
    await Promise.all(saving);
    if (await swap(before, after)) return completed;
    await node.sleep(node.random() * PAUSE_MS * attempt);
  }
  throw RpcError.txnConflict(`other transactions came first ${ATTEMPTS} times`);
}

/** Completes a transaction on the tree of that root and the lists written since. */
async function execute(root: Id, txn: Txn, written: Map<string, List>): Promise<Json> {
  const completed: Json[] = [];
  for (const [f, key, element] of txn) {
    const name = JSON.stringify(key);
    const list = written.get(name) ?? (await find(root, name));
    if (f === 'append') written.set(name, [...(list ?? []), element]);
    completed.push([f, key, f === 'r' ? list : element]);
  }
  return completed;
}

/** Transactions that wait for the previous batch to end, and a promise for their results. */
interface Batch {
  readonly txns: Txn[];
  readonly completed: Promise<readonly Json[]>;
}

let waiting: Batch | undefined;
let lastBatch: Promise<unknown> = Promise.resolve();

function openBatch(): Batch {
  const txns: Txn[] = [];
  const completed = lastBatch.then(() => {
    waiting = undefined;
    return run(txns);
  });
  lastBatch = completed.catch(() => {});
  return { txns, completed };
}

node.on('txn', async ({ txn }) => {
  waiting ??= openBatch();
  const at = waiting.txns.push(txn) - 1;
  return { txn: (await waiting.completed)[at] ?? null };
});
