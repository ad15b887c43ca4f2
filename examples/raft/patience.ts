/**
 * How long a node waits for a leader before it stands for election, and how it knows that there is one.
 *
 *     heard a leader |--- patience, the same for all ---|--- and as much again at most, drawn ---| campaign
 *                     another leader cannot be due       so that nodes do not all stand at once
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

  /** Whether a leader has been heard so lately that no other can be due. */
  get hearsLeader(): boolean {
    return this.isFresh;
  }

  /** Begins to wait anew. */
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
