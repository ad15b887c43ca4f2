/** A store whose first node decides: the others forward writes to it by rpc, and answer reads from their own copy. */
import { ErrorCode, Node, RpcError, type Json } from 'maelstrom/node';

const node = new Node();
const values = new Map<string, Json>();
const primary = (): string => node.nodeIds[0] ?? '';

async function write(key: Json, value: Json): Promise<void> {
  if (node.id !== primary()) await node.rpc(primary(), { type: 'forward', key, value }, { timeoutMs: 500 });
  values.set(JSON.stringify(key), value);
}

node.on<{ key: Json; value: Json }>('write', async ({ key, value }) => {
  await write(key, value);
  return {};
});

node.on<{ key: Json; value: Json }>('forward', ({ key, value }) => {
  values.set(JSON.stringify(key), value);
  return {};
});

node.on<{ key: Json }>('read', ({ key }) => {
  const value = values.get(JSON.stringify(key));
  if (value === undefined) throw new RpcError(ErrorCode.keyDoesNotExist, 'no such key');
  return { value };
});

node.on<{ key: Json; from: Json; to: Json }>('cas', async ({ key, from, to }) => {
  if (values.get(JSON.stringify(key)) !== from) throw new RpcError(ErrorCode.preconditionFailed, 'another');
  await write(key, to);
  return {};
});
