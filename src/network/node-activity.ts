/**
 * How busy each node has been lately, as the network sees it: with other nodes, and with clients.
 *
 * The decisions of a cluster go through its leader. A leader writes to all others and gets their replies, so it takes
 * part in all of these messages, and any other node only in its share. What a node sends counts even if it is lost,
 * since a leader keeps writing to a node that it does not reach: that distinguishes it from the one follower that it has left.
 * A leader that was cut off only sends, and its count falls behind that of its successor, which gets replies, too.
 *
 *     n1 -> n2 n3 n4 n5 -> n1      n1 has sent 4 messages and received 4, the others 1 and 1
 *     n1 | n2 -> n1 n3 -> n2       n2 has sent 2 and received 1, n3 1 and 1, and n1, cut off, has sent 2
 *
 * Counts decay by half in half a second. This soon forgets a leader that was voted out. After a silence of any length,
 * the counts still have the same ratios as before.
 */
import { NANOS_PER_MS } from '../world/clock.ts';

/** The messages that a node sent and received, weighted by recency. */
export interface NodeActivity {
  readonly node: string;
  /** To other nodes, whether or not they arrived, and from other nodes. */
  readonly withNodes: number;
  /** From it to clients. */
  readonly toClients: number;
}

/** The counts for one node, which the network increments. */
export interface ActivityCount {
  withNodes: number;
  toClients: number;
}

/** Decay is applied in steps, so that counting a message is just an addition. */
const STEP_NANOS = 50 * NANOS_PER_MS;
const STEPS_TO_HALF = 10;

/** The counts of all nodes, which decay together. */
export class ActivityMeter {
  private readonly counts: ActivityCount[] = [];
  private nextStepNanos = STEP_NANOS;

  /** Returns the counts for one more node. */
  add(): ActivityCount {
    const count: ActivityCount = { withNodes: 0, toClients: 0 };
    this.counts.push(count);
    return count;
  }

  /** Decays the counts to the present. Must be called before counts are incremented or read. */
  advance(nowNanos: number): void {
    if (nowNanos >= this.nextStepNanos) this.fade(nowNanos);
  }

  private fade(nowNanos: number): void {
    const steps = 1 + Math.floor((nowNanos - this.nextStepNanos) / STEP_NANOS);
    this.nextStepNanos += steps * STEP_NANOS;
    // A power of 1/2, by a function that rounds the same on every version of V8.
    const weight = Math.exp((-Math.LN2 * steps) / STEPS_TO_HALF);
    for (const count of this.counts) {
      count.withNodes *= weight;
      count.toClients *= weight;
    }
  }
}
