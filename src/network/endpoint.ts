/** Where a message can arrive: a node, a service, or a client. */
import type { Packet } from '../world/world.ts';

export type EndpointKind = 'node' | 'service' | 'client';

export interface Endpoint {
  /** Asked before `deliver`: true when it can take no more, and the message is dropped. */
  refuses?(): boolean;
  /**
   * Takes a message. A service or client may send from within this call; a node never does. The body's bytes may be
   * used again after the call: copy what you keep.
   */
  deliver(packet: Packet): void;
}
