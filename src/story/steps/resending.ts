/** Whether what a message carries is sent to the same node again. */
import type { FollowedValues } from '../selection/values/followed-values.ts';
import type { StoryFacts } from '../facts/story-facts.ts';

interface Followed {
  readonly values: FollowedValues;
  readonly endNanos: number;
}

export class Resending {
  /** By sender and receiver; many lost messages may ask about the same two. */
  private readonly last = new Map<string, number>();

  constructor(
    private readonly facts: StoryFacts,
    private readonly followed: Followed,
  ) {}

  /** Whether a message carries values that the story follows, and is no reply. */
  carries(id: number): boolean {
    const { messages } = this.facts;
    if (messages.requestOf(id) !== undefined) return false;
    return this.followed.values.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id));
  }

  /** Returns the last time at which one node sent another a message that carries them; -Infinity if never. */
  lastNanos(src: string, dest: string): number {
    const pair = JSON.stringify([src, dest]);
    const known = this.last.get(pair);
    if (known !== undefined) return known;
    const found = this.facts.messages.all.findLast(
      (one) =>
        one.src === src &&
        one.dest === dest &&
        one.sentNanos <= this.followed.endNanos &&
        this.carries(one.id),
    );
    const nanos = found?.sentNanos ?? -Infinity;
    this.last.set(pair, nanos);
    return nanos;
  }
}
