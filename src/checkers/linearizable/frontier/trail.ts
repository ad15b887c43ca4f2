/**
 * Checkpoints of the search, to return to from a dead end.
 *
 * The first one is complete: no configuration was left out before it. It moves along while the search leaves none out.
 */
import type { KeptConfigurations } from './configuration-set.ts';
import type { Expansion } from './expansion.ts';

export interface Checkpoint {
  readonly at: number;
  readonly kept: KeptConfigurations;
  readonly truncated: boolean;
}

/** Factor by which checkpoints are rarer while none is likely to be needed. */
const SELDOM = 8;
/** Maximum size of an incomplete checkpoint. More would not be worth the memory. */
const KEPT_WHEN_TRUNCATED = 256;

export class Trail {
  private readonly checkpoints: Checkpoint[] = [];

  constructor(private readonly stride: number) {}

  /** Makes a checkpoint before the event `at` if one is due. */
  pass(at: number, expansion: Expansion): void {
    if (at % this.stride !== 0) return;
    const { truncated } = expansion;
    if (!truncated && at % (SELDOM * this.stride) !== 0) return;
    const last = this.checkpoints.at(-1);
    if (last !== undefined && last.at >= at) return;
    if (!truncated) this.checkpoints.length = 0;
    this.checkpoints.push({
      at,
      kept: expansion.keep(truncated ? KEPT_WHEN_TRUNCATED : Infinity),
      truncated,
    });
  }

  /** Returns the last checkpoint not after `latest`, or else the first. Forgets those after it. */
  goBack(latest: number): Checkpoint {
    const { checkpoints } = this;
    while (checkpoints.length > 1 && (checkpoints.at(-1)?.at ?? 0) > latest) checkpoints.pop();
    const checkpoint = checkpoints.at(-1);
    if (checkpoint === undefined) throw new Error('There is no checkpoint before the first event.');
    return checkpoint;
  }
}
