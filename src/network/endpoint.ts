/** Where a message can arrive: a node, a service, or a client. */
import type { Packet } from '../world/world.ts';

export type EndpointKind = 'node' | 'service' | 'client';

export interface Endpoint {
  /** Asked before `deliver`: true when it can take no more, so the message is dropped. */
  refuses?(): boolean;
  /**
   * Takes a message. A service or client may send from within this call; a node never does. The body's bytes may be
   * reused after the call, so they must be copied to be kept.
   */
  deliver(packet: Packet): void;
}
