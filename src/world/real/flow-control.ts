/**
 * Back-pressure: stops reading from a node that sends faster than its receiver reads.
 *
 *     n1 --- flood ---> n2            n2's backlog exceeds 8 MiB: n1's stdout is not read until half of it is gone
 *
 * That alone could deadlock two nodes that flood each other and read only after they have written. So a node that has
 * taken nothing for a second (or is paused by a nemesis) no longer holds senders back. Its backlog grows up to the
 * limit at which messages to it are dropped, which is recorded (`NodePort`). Nothing waits forever, and memory is
 * bounded either way.
 */

export const HOLD_ABOVE_BYTES = 8 * 1024 * 1024;
const RELEASE_BELOW_BYTES = HOLD_ABOVE_BYTES / 2;
const STALLED_AFTER_MS = 1000;

/** A node as a sender, whose output can be held back. Calls come in pairs, and may nest. */
export interface Source {
  holdBack(): void;
  letGo(): void;
}

/** A node as a receiver. */
export interface Sink {
  readonly backlogBytes: number;
  /** Bytes it has taken so far. */
  readonly takenBytes: number;
}

interface Congestion {
  readonly sources: Set<Source>;
  takenBytes: number;
  readonly timer: NodeJS.Timeout;
}

export class FlowControl {
  /** The node whose output is being handled. */
  reading: Source | undefined;
  private readonly congested = new Map<Sink, Congestion>();
  /** Nodes that took nothing for too long, with what they had taken by then. */
  private readonly stalled = new Map<Sink, number>();

  /** Called when the backlog exceeds the limit: the node that is being read has to wait. */
  overfull(sink: Sink): void {
    const source = this.reading;
    if (source === undefined || this.stalled.get(sink) === sink.takenBytes) return;
    this.stalled.delete(sink);
    let congestion = this.congested.get(sink);
    if (congestion === undefined) {
      const timer = setInterval(() => this.lookAt(sink), STALLED_AFTER_MS);
      congestion = { sources: new Set(), takenBytes: sink.takenBytes, timer };
      this.congested.set(sink, congestion);
    }
    if (congestion.sources.has(source)) return;
    congestion.sources.add(source);
    source.holdBack();
  }

  /** Called when some of the backlog was taken. */
  taken(sink: Sink): void {
    if (sink.backlogBytes < RELEASE_BELOW_BYTES) this.release(sink);
  }

  /** Called when it takes nothing for a while, or never again: no sender waits for it. */
  stall(sink: Sink): void {
    this.stalled.set(sink, sink.takenBytes);
    this.release(sink);
  }

  /** Called when the node is gone. */
  forget(sink: Sink): void {
    this.release(sink);
    this.stalled.delete(sink);
  }

  private lookAt(sink: Sink): void {
    const congestion = this.congested.get(sink);
    if (congestion === undefined) return;
    if (congestion.takenBytes === sink.takenBytes) this.stall(sink);
    else congestion.takenBytes = sink.takenBytes;
  }

  private release(sink: Sink): void {
    const congestion = this.congested.get(sink);
    if (congestion === undefined) return;
    this.congested.delete(sink);
    clearInterval(congestion.timer);
    for (const source of congestion.sources) source.letGo();
  }
}
