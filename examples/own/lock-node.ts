/**
 * A lock with fencing tokens, kept in lin-kv. (Run it with `-w examples/own/lock.ts`.)
 *
 * Shows why a lease needs a token: a holder whose lease has expired may not know it yet. The store of the protected
 * data compares tokens, in the same step as the write.
 */
import { ErrorCode, LinKv, Node, RpcError } from 'maelstrom/node';

const LEASE_MS = 1000;

const node = new Node();
const store = new LinKv(node);

node.on('acquire', async () => {
  const { token } = await store.update('lock', (lock: { token: number; until: number } | undefined) => {
    if (lock !== undefined && Date.now() < lock.until)
      throw new RpcError(ErrorCode.preconditionFailed, 'the lock is held');
    return { token: (lock?.token ?? 0) + 1, until: Date.now() + LEASE_MS };
  });
  return { token };
});

node.on('write', async (body: { token: number }) => {
  await store.update('written', (highest: number | undefined) => {
    if (body.token < (highest ?? 0))
      throw new RpcError(ErrorCode.preconditionFailed, `token ${body.token} is older than ${highest}`);
    return body.token;
  });
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
