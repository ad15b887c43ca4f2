import { ErrorCode, type Json, LinKv, LwwKv, type MicroOperation, Node, RpcError } from 'maelstrom/node';

type List = readonly Json[];
/** For each key the name under which lww-kv keeps its list. */
type Root = Readonly<Record<string, string>>;

const node = new Node();
const roots = new LinKv(node);
const lists = new LwwKv(node);
/** Lists that this node has seen, by their names. They cannot be out of date. */
const known = new Map<string, List>();
let named = 0;

node.on('txn', async ({ txn }) => {
  for (;;) {
    const before = await roots.readOr<Root>('root', {});
    const { after, completed } = await execute(before, txn);
    if (after === before) return { txn: completed };
    try {
      await roots.cas('root', before, after, { createIfNotExists: true });
      return { txn: completed };
    } catch (error) {
      if (!hasLostRace(error)) throw error;
    }
  }
});

async function execute(before: Root, txn: readonly MicroOperation[]) {
  let after = before;
  const completed: Json[] = [];
  for (const [f, key, value] of txn) {
    const list = await load(after[JSON.stringify(key)]);
    if (f === 'append') after = { ...after, [JSON.stringify(key)]: await save([...list, value]) };
    completed.push([f, key, f === 'r' ? list : value]);
  }
  return { after, completed };
}

/** Stores a list under a name that never means another one. */
async function save(list: List): Promise<string> {
  const name = `${node.id}-${++named}`;
  await lists.write(name, list);
  known.set(name, list);
  return name;
}

async function load(name: string | undefined): Promise<List> {
  if (name === undefined) return [];
  let list = known.get(name) ?? null;
  while (list === null) {
    // Not there means not there yet: another replica has it.
    list = await lists.readOr<List | null>(name, null);
    if (list === null) await node.sleep(10);
  }
  known.set(name, list);
  return list;
}

function hasLostRace(error: unknown): boolean {
  return error instanceof RpcError && error.code === ErrorCode.preconditionFailed;
}
