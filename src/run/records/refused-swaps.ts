/**
 * Nodes that take a refused compare-and-set for a successful one, as their next message shows:
 *
 *     n1 ── cas 4 to 7 ──> seq-kv      n1 <── error 22 ── seq-kv      n1 ── add_ok ──> c1      the 3 is lost
 *
 * A node that handles several requests at once may acknowledge another one in between, so only nodes count that did
 * this after most of their refusals. Nor does a node count that tries again after its answer, since it sends more
 * requests of that kind than clients asked it for changes:
 *
 *     n1 ── cas 4 to 7 ──> seq-kv      n1 ── add_ok ──> c1      n1 <── error 22 ── seq-kv      n1 ── cas 5 to 8 ──> seq-kv
 *
 * This is a hint for a run that is already invalid.
 */
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../protocol/json.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Packet } from '../../world/world.ts';

const KEY_DOES_NOT_EXIST = 20;
const PRECONDITION_FAILED = 22;

class NodeSwaps {
  readonly asked = new Set<Json>();
  /** The clients whose requests it has not answered yet. */
  readonly open = new Set<string>();
  swaps = 0;
  /** How many changes it acknowledged to clients. */
  changes = 0;
  refused = 0;
  /** How often it acknowledged a request that was open when it was refused, before it asked a service again. */
  acknowledged = 0;
  /** If its last relevant event is a refusal: the clients whose requests were open then. */
  waiting: ReadonlySet<string> = NO_CLIENTS;
}

const NO_CLIENTS: ReadonlySet<string> = new Set();

export class RefusedSwaps {
  private readonly nodes = new Map<string, NodeSwaps>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  sent(packet: Packet): void {
    const to = this.kindOf(packet.dest);
    if (to === 'service') {
      const { type, msg_id: id = null } = bodyOf(packet);
      const node = this.node(packet.src);
      node.waiting = NO_CLIENTS;
      if (type !== 'cas') return;
      node.asked.add(id);
      node.swaps++;
    } else if (to === 'client') {
      const node = this.nodes.get(packet.src);
      if (node === undefined) return;
      node.open.delete(packet.dest);
      const { type } = bodyOf(packet);
      if (type !== 'error' && type !== 'read_ok') node.changes++;
      if (!node.waiting.has(packet.dest)) return;
      node.waiting = NO_CLIENTS;
      if (type !== 'error') node.acknowledged++;
    }
  }

  received(packet: Packet): void {
    const from = this.kindOf(packet.src);
    if (from === 'client') this.node(packet.dest).open.add(packet.src);
    if (from !== 'service') return;
    const node = this.nodes.get(packet.dest);
    if (node === undefined || node.asked.size === 0) return;
    const body = bodyOf(packet);
    if (!node.asked.delete(body['in_reply_to'] ?? null)) return;
    if (body['code'] !== KEY_DOES_NOT_EXIST && body['code'] !== PRECONDITION_FAILED) return;
    node.refused++;
    node.waiting = new Set(node.open);
  }

  /**
   * Returns, indexed by node, how often it acknowledged a request right after a refusal, for nodes that did so after
   * most of them and did not try again.
   */
  result(): ReadonlyMap<string, number> {
    return new Map(
      [...this.nodes].flatMap(([name, { swaps, changes, refused, acknowledged }]): [string, number][] =>
        acknowledged * 2 > refused && (swaps - changes) * 2 < refused ? [[name, acknowledged]] : [],
      ),
    );
  }

  private node(name: string): NodeSwaps {
    const known = this.nodes.get(name);
    if (known !== undefined) return known;
    const node = new NodeSwaps();
    this.nodes.set(name, node);
    return node;
  }
}

function bodyOf({ body }: Packet): JsonObject {
  const parsed = parseJson(body.toString('utf8'));
  return isJsonObject(parsed) ? parsed : {};
}
