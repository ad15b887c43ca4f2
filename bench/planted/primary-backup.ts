/**
 * A linearizable key-value store by primary and backups. Who they are is in lin-kv, under a number that grows. The
 * primary copies its state to all backups before it answers; a backup that does not reply is taken out, and one that
 * no longer hears the primary takes over.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type Configuration = {
  readonly epoch: number;
  readonly primary: string;
  readonly members: readonly string[];
};
type State = { readonly seq: number; readonly values: { readonly [key: string]: Json } };
type Operation = {
  readonly type: string;
  readonly key: Json;
  readonly value?: Json;
  readonly from?: Json;
  readonly to?: Json;
};
type Outcome = { readonly value?: Json; readonly code?: number };

const PATIENCE_MS = 150;
const BEAT_MS = 50;

const node = new Node();
const service = new LinKv(node);
let config: Configuration = { epoch: 0, primary: '', members: [] };
let state: State = { seq: 0, values: {} };
/** The configuration in which the state was written. */
let stateEpoch = 0;
let heardMs = 0;
let turn: Promise<unknown> = Promise.resolve();
let isTaking = false;

const isPrimary = (): boolean => config.primary === node.id;
const timeout = { timeoutMs: PATIENCE_MS };

function adopt(next: Configuration): void {
  if (next.epoch <= config.epoch) return;
  config = next;
  heardMs = node.now();
  node.state({ role: isPrimary() ? 'primary' : 'backup', epoch: config.epoch });
}

async function latest(): Promise<Configuration> {
  return await service.read<Configuration>('config', { timeoutMs: 500 });
}

/** Replaces the configuration, unless it has been replaced already. */
async function reconfigure(next: Configuration): Promise<boolean> {
  const before = config;
  for (;;) {
    try {
      await service.cas('config', before, next, { timeoutMs: 500 });
      adopt(next);
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
    try {
      const now = await latest();
      adopt(now);
      // Otherwise the cas may be on its way, and take effect later.
      if (now.epoch > before.epoch) return JSON.stringify(now) === JSON.stringify(next);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
  }
}

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const mine = turn.catch(() => undefined).then(task);
  turn = mine;
  return mine;
}

async function copyTo(peer: string, epoch: number): Promise<boolean> {
  try {
    await node.rpc(peer, { type: 'install', epoch, state }, timeout);
    return true;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** Gives the current state to all backups; those that do not reply leave. */
async function copyToAll(): Promise<void> {
  for (;;) {
    const { epoch, members } = config;
    if (!isPrimary()) throw RpcError.timeout('no longer the primary');
    const asked = members.filter((name) => name !== node.id);
    const copied = await Promise.all(asked.map((peer) => copyTo(peer, epoch)));
    if (config.epoch !== epoch) continue;
    if (copied.every(Boolean)) return;
    const others = members.filter((name) => name === node.id || copied[asked.indexOf(name)] === true);
    await reconfigure({ epoch: epoch + 1, primary: node.id, members: others });
  }
}

function carriedOut({ type, key, value = null, from, to = null }: Operation): Outcome {
  const name = JSON.stringify(key);
  const now = state.values[name];
  const set = (other: Json): Outcome => {
    state = { seq: state.seq + 1, values: { ...state.values, [name]: other } };
    return {};
  };
  if (type === 'write') return set(value);
  if (now === undefined) return { code: 20 };
  if (type === 'read') return { value: now };
  return now === from ? set(to) : { code: 22 };
}

function carryOut(operation: Operation): Promise<Outcome> {
  return inTurn(async () => {
    if (!isPrimary()) throw RpcError.temporarilyUnavailable('not the primary');
    const outcome = carriedOut(operation);
    stateEpoch = config.epoch;
    await copyToAll();
    return outcome;
  });
}

node.on('install', ({ epoch, state: theirs }: { epoch: number; state: State }) => {
  if (epoch < config.epoch) throw RpcError.abort('an old primary');
  if (isPrimary()) throw RpcError.abort('this is the primary');
  if (epoch > stateEpoch || theirs.seq >= state.seq) state = theirs;
  stateEpoch = Math.max(stateEpoch, epoch);
  heardMs = node.now();
  return {};
});
node.on('beat', ({ config: theirs }: { config: Configuration }) => {
  adopt(theirs);
  if (theirs.epoch === config.epoch) heardMs = node.now();
});
node.on('join', async (_body, { src }) => {
  await inTurn(async () => {
    const { epoch, members } = config;
    if (!isPrimary() || members.includes(src)) return;
    if (!(await copyTo(src, epoch))) return;
    await reconfigure({ epoch: epoch + 1, primary: node.id, members: [...members, src] });
  });
  return {};
});
node.on('forward', async ({ operation }: { operation: Operation }) => ({
  outcome: await carryOut(operation),
}));

async function execute(operation: Operation): Promise<Outcome> {
  if (isPrimary()) return await carryOut(operation);
  if (config.primary === '') throw RpcError.temporarilyUnavailable('no primary');
  const asked = node.rpc<{ outcome: Outcome }>(
    config.primary,
    { type: 'forward', operation },
    { timeoutMs: 900 },
  );
  return (await asked).outcome;
}

for (const type of ['read', 'write', 'cas']) {
  node.on(type, async ({ key, value, from, to }: Operation) => {
    const outcome = await execute(JSON.parse(JSON.stringify({ type, key, value, from, to })) as Operation);
    if (outcome.code === 20) throw RpcError.keyDoesNotExist('no value');
    if (outcome.code === 22) throw RpcError.preconditionFailed('it is another');
    return type === 'read' ? { value: outcome.value ?? null } : {};
  });
}

async function takeOver(): Promise<void> {
  const now = await latest();
  adopt(now);
  if (now.primary === node.id) return;
  if (!now.members.includes(node.id)) {
    await node.rpc(now.primary, { type: 'join' }, { timeoutMs: 500 });
    return;
  }
  if (now.epoch !== config.epoch || node.now() - heardMs < PATIENCE_MS) return;
  await reconfigure({ epoch: now.epoch + 1, primary: node.id, members: now.members });
}

node.every(BEAT_MS, async () => {
  if (isPrimary()) {
    for (const peer of node.peers) node.send(peer, { type: 'beat', config });
  }
  const isQuiet = node.now() - heardMs > PATIENCE_MS * (1 + node.random());
  const isOut = config.epoch > 0 && !config.members.includes(node.id);
  if (isTaking || isPrimary() || !(isQuiet || isOut)) return;
  isTaking = true;
  try {
    await takeOver();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  } finally {
    isTaking = false;
  }
});
node.onInit(async () => {
  heardMs = node.now();
  if (node.nodeIds[0] !== node.id) return;
  const first: Configuration = { epoch: 1, primary: node.id, members: [...node.nodeIds] };
  try {
    await service.cas('config', null, first, { createIfNotExists: true, timeoutMs: 1000 });
    adopt(first);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
});
