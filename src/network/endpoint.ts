/** Where a message can arrive: a node, a service, or a client. */
import type { Packet } from '../world/world.ts';

export type EndpointKind = 'node' | 'service' | 'client';

export interface Endpoint {
  /** Takes a message. A service or client may send from within this call; a node never does. */
  deliver(packet: Packet): void;
}
