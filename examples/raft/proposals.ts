/** What a leader has written into its log, and the callers that wait for the outcomes. */
import { RpcError } from 'maelstrom/node';

interface Proposal<Outcome> {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: RpcError) => void;
}

export class Proposals<Outcome> {
  private readonly waiting = new Map<number, Proposal<Outcome>>();

  /** Resolves when the entry at that index has been applied by this leader. */
  outcomeOf(index: number): Promise<Outcome> {
    return new Promise((resolve, reject) => this.waiting.set(index, { resolve, reject }));
  }

  applied(index: number, outcome: Outcome): void {
    this.waiting.get(index)?.resolve(outcome);
    this.waiting.delete(index);
  }

  /** Rejects all waiting proposals: their entries are in some logs, and the next leader may have them or not. */
  giveUp(): void {
    for (const { reject } of this.waiting.values()) reject(RpcError.timeout('voted out while waiting'));
    this.waiting.clear();
  }
}
