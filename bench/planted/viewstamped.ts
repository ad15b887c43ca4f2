/**
 * A linearizable key-value store by Viewstamped Replication (Liskov and Cowling 2012), in memory: the primary of a view
 * is the node whose turn it is, and a new view begins with the log of the latest normal view among a majority.
 */
import { type Json, Node, RpcError } from 'maelstrom/node';

type Operation = {
  readonly type: string;
  readonly key: Json;
  readonly value?: Json;
  readonly from?: Json;
  readonly to?: Json;
};
type Outcome = { readonly value?: Json; readonly code?: number };
type Prepare = { view: number; from: number; entries: Operation[]; commit: number };
type DoViewChange = { view: number; log: Operation[]; lastNormal: number; commit: number };

const PATIENCE_MS = 150;
const HEARTBEAT_MS = 40;

const node = new Node();
const store = new Map<string, Json>();
let log: Operation[] = [];
let view = 0;
let lastNormal = 0;
let isNormal = true;
let commit = 0;
let applied = 0;
const matched = new Map<string, number>();
const changes = new Map<string, DoViewChange>();
const waiting = new Map<number, { resolve: (outcome: Outcome) => void; reject: (error: RpcError) => void }>();
let stop = (): void => {};

const primaryOf = (some: number): string => node.nodeIds[some % node.nodeIds.length] ?? '';
const isPrimary = (): boolean => isNormal && primaryOf(view) === node.id;
const quorum = (): number => Math.floor(node.nodeIds.length / 2) + 1;

function wait(): void {
  stop();
  stop = node.after(PATIENCE_MS * (1 + node.random()), () => changeTo(view + 1));
}

function sayState(): void {
  node.state({ role: isPrimary() ? 'primary' : isNormal ? 'backup' : 'changing', view });
}

function apply({ type, key, value = null, from, to = null }: Operation): Outcome {
  const name = JSON.stringify(key);
  const now = store.get(name);
  if (type === 'write') {
    store.set(name, value);
    return {};
  }
  if (now === undefined) return { code: 20 };
  if (type === 'read') return { value: now };
  if (now !== from) return { code: 22 };
  store.set(name, to);
  return {};
}

function applyUpTo(index: number): void {
  commit = Math.max(commit, Math.min(index, log.length));
  while (applied < commit) {
    const operation = log[applied];
    if (operation === undefined) return;
    const outcome = apply(operation);
    applied++;
    waiting.get(applied)?.resolve(outcome);
    waiting.delete(applied);
  }
}

function giveUp(): void {
  for (const { reject } of waiting.values()) reject(RpcError.timeout('the view changed'));
  waiting.clear();
}

function replicate(): void {
  for (const peer of node.peers) {
    const from = matched.get(peer) ?? 0;
    node.send(peer, { type: 'prepare', view, from, entries: log.slice(from), commit });
  }
}

function count(): void {
  const places = node.nodeIds.map((name) => (name === node.id ? log.length : (matched.get(name) ?? 0)));
  applyUpTo(places.toSorted((a, b) => b - a)[quorum() - 1] ?? 0);
}

/** Leaves the current view for a later one. */
function changeTo(next: number): void {
  view = next;
  isNormal = false;
  giveUp();
  changes.clear();
  wait();
  sayState();
  for (const peer of node.peers) node.send(peer, { type: 'start_view_change', view });
  const mine: DoViewChange = { view, log, lastNormal, commit };
  if (primaryOf(view) === node.id) take(node.id, mine);
  else node.send(primaryOf(view), { type: 'do_view_change', ...mine });
}

function take(from: string, change: DoViewChange): void {
  if (isNormal || change.view !== view) return;
  changes.set(from, change);
  if (changes.size < quorum()) return;
  const all = [...changes.values()];
  const best = all.reduce((a, b) => (isLater(b, a) ? b : a));
  log = [...best.log];
  isNormal = true;
  lastNormal = view;
  stop();
  matched.clear();
  sayState();
  applyUpTo(Math.max(...all.map((one) => one.commit)));
  replicate();
  count();
}

const isLater = (a: DoViewChange, b: DoViewChange): boolean =>
  a.lastNormal > b.lastNormal || (a.lastNormal === b.lastNormal && a.log.length > b.log.length);

node.on('start_view_change', ({ view: next }: { view: number }) => {
  if (next > view) changeTo(next);
});
node.on('do_view_change', (body: DoViewChange, { src }) => {
  if (body.view > view) changeTo(body.view);
  take(src, body);
});
node.on('prepare', ({ view: theirs, from, entries, commit: theirCommit }: Prepare, { src }) => {
  if (theirs < view) return;
  if (theirs > view || !isNormal) {
    // The log of an earlier view may contradict this one.
    if (from > 0) return;
    view = theirs;
    isNormal = true;
    lastNormal = view;
    giveUp();
    log = [];
    sayState();
  }
  wait();
  if (from > log.length) return;
  if (from + entries.length > log.length) log = [...log.slice(0, from), ...entries];
  applyUpTo(Math.min(theirCommit, from + entries.length));
  node.send(src, { type: 'prepare_ok', view, length: from + entries.length });
});
node.on('prepare_ok', ({ view: theirs, length }: { view: number; length: number }, { src }) => {
  if (theirs !== view || !isPrimary()) return;
  matched.set(src, Math.max(matched.get(src) ?? 0, length));
  count();
});

function propose(operation: Operation): Promise<Outcome> {
  if (!isPrimary()) throw RpcError.temporarilyUnavailable('not the primary');
  log.push(operation);
  const place = log.length;
  const outcome = new Promise<Outcome>((resolve, reject) => waiting.set(place, { resolve, reject }));
  replicate();
  count();
  return outcome;
}

node.on('forward', async ({ operation }: { operation: Operation }) => ({
  outcome: await propose(operation),
}));

async function execute(operation: Operation): Promise<Outcome> {
  if (isPrimary()) return await propose(operation);
  const primary = primaryOf(view);
  if (!isNormal || primary === node.id) throw RpcError.temporarilyUnavailable('no primary');
  const { outcome } = await node.rpc<{ outcome: Outcome }>(
    primary,
    { type: 'forward', operation },
    { timeoutMs: 900 },
  );
  return outcome;
}

for (const type of ['read', 'write', 'cas']) {
  node.on(type, async ({ key, value, from, to }: Operation) => {
    const outcome = await execute(JSON.parse(JSON.stringify({ type, key, value, from, to })) as Operation);
    if (outcome.code === 20) throw RpcError.keyDoesNotExist('no value');
    if (outcome.code === 22) throw RpcError.preconditionFailed('it is another');
    return type === 'read' ? { value: outcome.value ?? null } : {};
  });
}
node.every(HEARTBEAT_MS, () => {
  if (isPrimary()) replicate();
});
node.onInit(() => {
  sayState();
  if (!isPrimary()) wait();
});
