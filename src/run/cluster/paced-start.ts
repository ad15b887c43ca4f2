/**
 * Starts many items a few at a time: a machine that starts fifty processes at once starts none of them in time.
 *
 *     atOnce = 8:   8 begin; each one that has ended makes room for the next; after every second 8 more begin regardless,
 *                   since some may wait for others that have not begun.
 */
import { NANOS_PER_SECOND, type Clock, type Scheduled } from '../../world/clock.ts';

export interface PacedStart<T> {
  readonly clock: Clock;
  readonly atOnce: number;
  /** Starts an item. Must call `ended` exactly once, synchronously or later. */
  readonly begin: (item: T, ended: () => void) => void;
  /** True when the items not yet begun are to be skipped. */
  readonly isOver: () => boolean;
}

/** Starts the items; calls `done` when each one that began has ended. */
export function startPaced<T>(items: readonly T[], paced: PacedStart<T>, done: () => void): void {
  const { clock, atOnce, begin, isOver } = paced;
  let next = 0;
  let running = 0;
  let ended = false;
  let beat: Scheduled | undefined;
  const finishIfOver = (): void => {
    if (ended || running > 0 || (next < items.length && !isOver())) return;
    ended = true;
    beat?.cancel();
    done();
  };
  const beginSome = (count: number): void => {
    for (let left = count; left > 0 && next < items.length && !isOver(); left--) {
      const item = items[next++];
      if (item === undefined) continue;
      running++;
      begin(item, () => {
        running--;
        beginSome(1);
        finishIfOver();
      });
    }
  };
  const onBeat = (): void => {
    beginSome(atOnce);
    if (next < items.length && !isOver()) beat = clock.schedule(clock.nowNanos() + NANOS_PER_SECOND, onBeat);
  };
  // Counted as running until all of the first batch have begun, so that one that ends at once does not end everything.
  running++;
  onBeat();
  running--;
  finishIfOver();
}
