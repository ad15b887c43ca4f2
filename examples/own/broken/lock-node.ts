/**
 * A lock whose tokens protect nothing. Its mistake: each node remembers only the highest token that it has seen itself,
 * so another node still accepts an older one.
 */
import { ErrorCode, LinKv, Node, RpcError } from 'maelstrom/node';

const LEASE_MS = 1000;

const node = new Node();
const store = new LinKv(node);
let highest = 0;

node.on('acquire', async () => {
  const { token } = await store.update('lock', (lock: { token: number; until: number } | undefined) => {
    if (lock !== undefined && Date.now() < lock.until)
      throw new RpcError(ErrorCode.preconditionFailed, 'the lock is held');
    return { token: (lock?.token ?? 0) + 1, until: Date.now() + LEASE_MS };
  });
  return { token };
});

node.on('write', (body: { token: number }) => {
  if (body.token < highest)
    throw new RpcError(ErrorCode.preconditionFailed, `token ${body.token} is older than ${highest}`);
  highest = body.token;
  return {};
});

node.on('release', async (body: { token: number }) => {
  await store.update('lock', (lock: { token: number; until: number } | undefined) => {
    if (lock === undefined || lock.token !== body.token)
      throw new RpcError(ErrorCode.preconditionFailed, `token ${body.token} does not hold the lock`);
    return { ...lock, until: 0 };
  });
  return {};
});
