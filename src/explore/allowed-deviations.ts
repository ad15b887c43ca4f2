/**
 * A bounded cache of the deviations that each run allows. The cells of one scope deviate from the same runs, one cell for each
 * reach, and making a run again takes milliseconds.
 *
 * When it is full, entries are evicted without regard to their last use: each cell goes through its runs in the same order, so the
 * entry used last is the one needed last.
 */
import type { Deviation } from './deviations.ts';

/** In deviations; about 30 MB. */
const MOST_HELD = 100_000;
/** Step between evicted entries: a large prime, so that evictions visit all entries. */
const STEP = 7919;

interface Kept {
  readonly key: string;
  readonly allowed: readonly Deviation[];
}

export class AllowedDeviations {
  private readonly kept: Kept[] = [];
  private readonly places = new Map<string, number>();
  private held = 0;
  private turn = 0;

  constructor(private readonly mostHeld = MOST_HELD) {}

  get(key: string): readonly Deviation[] | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.kept[place]?.allowed;
  }

  /** Adds the deviations of a run; does nothing if the run is known or has too many. */
  add(key: string, allowed: readonly Deviation[]): void {
    if (weightOf(allowed) > this.mostHeld || this.places.has(key)) return;
    while (this.held + weightOf(allowed) > this.mostHeld) this.dropOne();
    this.places.set(key, this.kept.length);
    this.kept.push({ key, allowed });
    this.held += weightOf(allowed);
  }

  private dropOne(): void {
    this.turn += STEP;
    const place = this.turn % this.kept.length;
    const dropped = this.kept[place];
    const last = this.kept.pop();
    if (dropped === undefined || last === undefined) return;
    this.places.delete(dropped.key);
    this.held -= weightOf(dropped.allowed);
    if (dropped === last) return;
    this.kept[place] = last;
    this.places.set(last.key, place);
  }
}

/** Counts 1 for the key, so that a run without deviations has a weight too. */
const weightOf = (allowed: readonly Deviation[]): number => allowed.length + 1;
