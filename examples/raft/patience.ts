/**
 * How long a node waits for a leader before it stands for election, and how it knows that there is one.
 *
 *     heard a leader |--- patience, the same for all ---|--- plus up to as much again, random ---| campaign
 *                     no other leader can be elected     so that nodes do not all stand at once
 */
import type { Node } from 'maelstrom/node';

export class Patience {
  private cancel = (): void => {};
  private isFresh = false;

  constructor(
    private readonly node: Node,
    private readonly patienceMs: number,
    private readonly campaign: () => void,
  ) {}

  /** Whether it has heard from a leader so recently that no other can be elected. */
  get hearsLeader(): boolean {
    return this.isFresh;
  }

  /** Restarts the wait. */
  begin(hearsLeader: boolean): void {
    this.cancel();
    this.isFresh = hearsLeader;
    this.cancel = this.node.after(this.patienceMs, () => {
      this.isFresh = false;
      this.cancel = this.node.after(this.patienceMs * this.node.random(), this.campaign);
    });
  }

  end(): void {
    this.cancel();
  }
}
