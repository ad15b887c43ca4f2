/** A message of a cluster under test, with its fate. */
import type { Body } from '../node/message.ts';

/** `cut`: lost by a partition; `lost`: lost by the test; `dead`: its addressee was not running. */
export type Fate = 'in flight' | 'delivered' | 'cut' | 'lost' | 'dead';

export interface SentMessage {
  readonly src: string;
  readonly dest: string;
  readonly body: Body;
  /** Milliseconds of virtual time since the cluster began. */
  readonly sentMs: number;
  readonly fate: Fate;
}
