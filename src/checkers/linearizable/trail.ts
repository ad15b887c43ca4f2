/**
 * Where the search came by: checkpoints, to go back to from a dead end.
 *
 * The first one is complete: no configuration was left out before it. While the search leaves none out, it moves along.
 */
import type { KeptConfigurations } from './configuration-set.ts';
import type { Expansion } from './expansion.ts';

export interface Checkpoint {
  readonly at: number;
  readonly kept: KeptConfigurations;
  readonly truncated: boolean;
}

/** How much more seldom checkpoints are made while none is likely to be needed. */
const SELDOM = 8;
/** More are not worth their memory where others are missing anyway. */
const KEPT_WHEN_TRUNCATED = 256;

export class Trail {
  private readonly checkpoints: Checkpoint[] = [];

  constructor(private readonly stride: number) {}

  /** Makes a checkpoint before the event `at`, every so often. */
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

  /** The last checkpoint not after `latest`, else the first; those after it are forgotten. */
  goBack(latest: number): Checkpoint {
    const { checkpoints } = this;
    while (checkpoints.length > 1 && (checkpoints.at(-1)?.at ?? 0) > latest) checkpoints.pop();
    const checkpoint = checkpoints.at(-1);
    if (checkpoint === undefined) throw new Error('There is no checkpoint before the first event.');
    return checkpoint;
  }
}
