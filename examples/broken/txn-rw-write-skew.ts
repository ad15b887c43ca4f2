/**
 * BROKEN on purpose, if serializability is required: one node with snapshot isolation. A transaction reads the state as
 * of its beginning, takes a while, and is aborted if another one has meanwhile written what it writes.
 *
 * The mistake: data that it has only read may have been written meanwhile, too. Two transactions may each read what the
 * other one writes, and both commit as if they had run alone (write skew).
 *
 *     T1  read x -> 1, write y 2          begins before T2 ends, and sees nothing of it
 *     T2  read y -> 1, write x 2          likewise
 *
 * A read of a register shows one value, not the order of the writes before it, so inference from reads alone passes
 * many runs of this program. The run in examples/README.md is valid with `--no-decide`. Deciding tries both orders of
 * the writes that no read orders, and finds a contradiction in each: `no-serial-order`. Under `snapshot-isolation` the
 * run is valid.
 */
import { type Json, Node, RpcError, ErrorCode } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['w', key: Json, value: Json];
interface Register {
  readonly value: Json;
  /** The number of writes so far. */
  readonly version: number;
}

const WORK_MS = 30;

const node = new Node();
/** Indexed by key in JSON, as a key may be any value. */
const registers = new Map<string, Register>();

node.on('txn', async ({ txn }: { txn: MicroOp[] }) => {
  const snapshot = new Map(registers);
  await node.sleep(WORK_MS);
  const writes = new Map<string, Json>();
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    if (f === 'w') writes.set(name, value);
    return [f, key, f === 'r' ? (writes.get(name) ?? snapshot.get(name)?.value ?? null) : value];
  });
  for (const name of writes.keys()) {
    if (versionOf(registers, name) !== versionOf(snapshot, name))
      throw new RpcError(ErrorCode.txnConflict, 'another transaction has written it meanwhile');
  }
  for (const [name, value] of writes) registers.set(name, { value, version: versionOf(registers, name) + 1 });
  return { txn: completed };
});

const versionOf = (among: ReadonlyMap<string, Register>, name: string): number =>
  among.get(name)?.version ?? 0;
