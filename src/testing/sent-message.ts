/** A message of a cluster under test, and what became of it. */
import type { Body } from '../node/message.ts';

/** `cut`: by a partition; `lost`: by what the test loses; `dead`: its addressee did not run. */
export type Fate = 'in flight' | 'delivered' | 'cut' | 'lost' | 'dead';

export interface SentMessage {
  readonly src: string;
  readonly dest: string;
  readonly body: Body;
  /** In ms of virtual time since the cluster began. */
  readonly sentMs: number;
  readonly fate: Fate;
}
