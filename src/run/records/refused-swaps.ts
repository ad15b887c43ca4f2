/**
 * Nodes that take a refused compare-and-set for a successful one, as their next message shows:
 *
 *     n1 ── cas 4 to 7 ──> seq-kv      n1 <── error 22 ── seq-kv      n1 ── add_ok ──> c1      the 3 is lost
 *
 * A node that handles several requests at once may acknowledge another one in between, so only nodes count that did
 * this after most of their refusals. This is a hint for a run that is already invalid.
 */
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../protocol/json.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Packet } from '../../world/world.ts';

const KEY_DOES_NOT_EXIST = 20;
const PRECONDITION_FAILED = 22;

class NodeSwaps {
  readonly asked = new Set<Json>();
  refused = 0;
  acknowledged = 0;
  /** True when its last relevant event is a refusal. */
  wasRefused = false;
}

export class RefusedSwaps {
  private readonly nodes = new Map<string, NodeSwaps>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  sent(packet: Packet): void {
    const to = this.kindOf(packet.dest);
    if (to === 'service') {
      const { type, msg_id: id = null } = bodyOf(packet);
      const node = this.nodes.get(packet.src) ?? new NodeSwaps();
      this.nodes.set(packet.src, node);
      node.wasRefused = false;
      if (type === 'cas') node.asked.add(id);
    } else if (to === 'client') {
      const node = this.nodes.get(packet.src);
      if (node?.wasRefused !== true) return;
      node.wasRefused = false;
      if (bodyOf(packet)['type'] !== 'error') node.acknowledged++;
    }
  }

  received(packet: Packet): void {
    if (this.kindOf(packet.src) !== 'service') return;
    const node = this.nodes.get(packet.dest);
    if (node === undefined || node.asked.size === 0) return;
    const body = bodyOf(packet);
    if (!node.asked.delete(body['in_reply_to'] ?? null)) return;
    if (body['code'] !== KEY_DOES_NOT_EXIST && body['code'] !== PRECONDITION_FAILED) return;
    node.refused++;
    node.wasRefused = true;
  }

  /**
   * Returns, indexed by node, how often it acknowledged a request right after a refusal, for nodes that did so after
   * most of them.
   */
  result(): ReadonlyMap<string, number> {
    return new Map(
      [...this.nodes].flatMap(([name, { refused, acknowledged }]): [string, number][] =>
        acknowledged * 2 > refused ? [[name, acknowledged]] : [],
      ),
    );
  }
}

function bodyOf({ body }: Packet): JsonObject {
  const parsed = parseJson(body.toString('utf8'));
  return isJsonObject(parsed) ? parsed : {};
}
