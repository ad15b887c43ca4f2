/**
 * How busy each node has been lately, as the network sees it: with other nodes, and with clients.
 *
 * What a cluster decides goes through its leader. A leader writes to all others and is answered by them, so of all
 * messages between nodes it takes part in each, and any other node only in its share. Counted is what arrives: a leader
 * that was cut off calls into the void, and its count falls behind that of its successor, which is answered.
 *
 *     n1 -> n2 n3 n4 n5 -> n1      n1 has taken part in 8 messages, the others in 2 each
 *
 * Counts lose half their weight in half a second. That soon forgets a leader that was voted out; and after a silence of any
 * length the counts still compare as they did when it began.
 */
import { NANOS_PER_MS } from '../world/clock.ts';

/** Messages a node took part in, the older the less they weigh. */
export interface NodeActivity {
  readonly node: string;
  /** Between it and other nodes, in both directions. */
  readonly withNodes: number;
  /** From it to clients. */
  readonly toClients: number;
}

/** What is counted for one node; the network adds to it. */
export interface ActivityCount {
  withNodes: number;
  toClients: number;
}

/** Weights are changed in steps, so that counting a message is no more than an addition. */
const STEP_NANOS = 50 * NANOS_PER_MS;
const STEPS_TO_HALF = 10;

/** All nodes' counts, which fade together. */
export class ActivityMeter {
  private readonly counts: ActivityCount[] = [];
  private nextStepNanos = STEP_NANOS;

  /** A count for one more node. */
  add(): ActivityCount {
    const count: ActivityCount = { withNodes: 0, toClients: 0 };
    this.counts.push(count);
    return count;
  }

  /** Lets the counts fade up to now; to be called before anything is added, or read. */
  advance(nowNanos: number): void {
    if (nowNanos >= this.nextStepNanos) this.fade(nowNanos);
  }

  private fade(nowNanos: number): void {
    const steps = 1 + Math.floor((nowNanos - this.nextStepNanos) / STEP_NANOS);
    this.nextStepNanos += steps * STEP_NANOS;
    // A power of 1/2, by a function that rounds alike on every version of V8.
    const weight = Math.exp((-Math.LN2 * steps) / STEPS_TO_HALF);
    for (const count of this.counts) {
      count.withNodes *= weight;
      count.toClients *= weight;
    }
  }
}
