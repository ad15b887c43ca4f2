/** Carries out branches in this process, one after another. */
import type { Branch, Brancher, BranchResult } from './branch.ts';
import type { Hands } from './explore.ts';

export class OwnHands implements Hands {
  readonly capacity = 1;
  private readonly closing = new AbortController();

  constructor(private readonly brancher: Brancher) {}

  run(branch: Branch): Promise<BranchResult | undefined> {
    return this.brancher.run(branch, this.closing.signal);
  }

  close(): void {
    this.closing.abort();
  }
}
