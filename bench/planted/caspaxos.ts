/**
 * A linearizable key-value store by CASPaxos (Rystsov 2018): each key is a register of its own, agreed on by single
 * rounds of Paxos. Any node proposes; there is no leader and no log.
 */
import { type Json, Node, RpcError } from 'maelstrom/node';

type Ballot = readonly [round: number, node: string];
type Accepted = { readonly ballot: Ballot; readonly value: Json };
type Operation = { readonly key: Json; readonly value?: Json; readonly from?: Json; readonly to?: Json };

const PATIENCE_MS = 300;
const ATTEMPTS = 6;
const NEVER: Ballot = [0, ''];

const node = new Node();
const promised = new Map<string, Ballot>();
const accepted = new Map<string, Accepted>();
const busy = new Map<string, Promise<unknown>>();
let lastRound = 0;

const isLess = (a: Ballot, b: Ballot): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
const nameOf = (key: Json): string => JSON.stringify(key);

function prepare(name: string, ballot: Ballot): Accepted | null {
  lastRound = Math.max(lastRound, ballot[0]);
  if (!isLess(promised.get(name) ?? NEVER, ballot)) throw RpcError.abort('a higher ballot was promised');
  promised.set(name, ballot);
  return accepted.get(name) ?? null;
}

function accept(name: string, ballot: Ballot, value: Json): void {
  if (isLess(ballot, promised.get(name) ?? NEVER)) throw RpcError.abort('a higher ballot was promised');
  promised.set(name, ballot);
  accepted.set(name, { ballot, value });
}

node.on('prepare', ({ name, ballot }: { name: string; ballot: Ballot }) => ({
  accepted: prepare(name, ballot),
}));
node.on('accept', ({ name, ballot, value }: { name: string; ballot: Ballot; value: Json }) => {
  accept(name, ballot, value);
  return {};
});

/** Resolves with the answers of a majority; rejects when it can no longer come about. */
function majority<T>(here: () => T, ask: (peer: string) => Promise<T>): Promise<readonly T[]> {
  const needed = Math.floor(node.nodeIds.length / 2) + 1;
  const asked = node.nodeIds.map(async (name) => (name === node.id ? here() : await ask(name)));
  return new Promise((resolve, reject) => {
    const answers: T[] = [];
    let refused = 0;
    for (const one of asked) {
      one.then(
        (answer) => {
          answers.push(answer);
          if (answers.length === needed) resolve([...answers]);
        },
        () => {
          if (++refused > node.nodeIds.length - needed) reject(new Error('no majority'));
        },
      );
    }
  });
}

const isUnsure = Symbol('unsure');

/** One round: reads the register, and writes `next` of it. Throws `isUnsure` if it may have been written. */
async function round(name: string, next: (value: Json) => Json): Promise<Json> {
  const ballot: Ballot = [++lastRound, node.id];
  const states = await majority(
    () => prepare(name, ballot),
    async (peer) =>
      (
        await node.rpc<{ accepted: Accepted | null }>(
          peer,
          { type: 'prepare', name, ballot },
          { timeoutMs: PATIENCE_MS },
        )
      ).accepted,
  );
  let latest: Accepted = { ballot: NEVER, value: null };
  for (const state of states) if (state !== null && isLess(latest.ballot, state.ballot)) latest = state;
  const value = next(latest.value);
  try {
    await majority(
      () => accept(name, ballot, value),
      async (peer) =>
        void (await node.rpc(peer, { type: 'accept', name, ballot, value }, { timeoutMs: PATIENCE_MS })),
    );
  } catch {
    throw isUnsure;
  }
  return latest.value;
}

/** `mayRepeat` if doing it twice does no harm. */
async function change(key: Json, next: (value: Json) => Json, mayRepeat: boolean): Promise<Json> {
  const name = nameOf(key);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = busy.get(name);
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(() => round(name, next));
    busy.set(name, mine);
    try {
      return await mine;
    } catch (error) {
      if (error instanceof RpcError) throw error;
      if (error === isUnsure && !mayRepeat) throw RpcError.timeout('may have been written');
    }
    await new Promise<void>((resume) => node.after(PATIENCE_MS * node.random(), resume));
  }
  if (mayRepeat) throw RpcError.timeout('no majority');
  throw RpcError.temporarilyUnavailable('no majority');
}

node.on('read', async ({ key }: Operation) => {
  const value = await change(key, (now) => now, true);
  if (value === null) throw RpcError.keyDoesNotExist('no value');
  return { value };
});
node.on('write', async ({ key, value = null }: Operation) => {
  await change(key, () => value, false);
  return {};
});
node.on('cas', async ({ key, from, to = null }: Operation) => {
  const check = (now: Json): Json => {
    if (now === null) throw RpcError.keyDoesNotExist('no value');
    if (now !== from) throw RpcError.preconditionFailed('it is another');
    return to;
  };
  await change(key, check, false);
  return {};
});
