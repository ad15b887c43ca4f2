/** The most recently used captured positions, within limits of number and size. */
import type { Position } from '../../recording/travel-view.ts';

const MOST = 2_000;
const MOST_CHARACTERS = 64_000_000;

interface Kept {
  readonly position: Position;
  readonly characters: number;
}

export class PositionWindow {
  private readonly kept = new Map<number, Kept>();
  private characters = 0;

  has(event: number): boolean {
    return this.kept.has(event);
  }

  get(event: number): Position | undefined {
    const found = this.kept.get(event);
    if (found === undefined) return undefined;
    this.kept.delete(event);
    this.kept.set(event, found);
    return found.position;
  }

  set(position: Position): void {
    this.drop(position.event);
    const characters = sizeOf(position);
    this.kept.set(position.event, { position, characters });
    this.characters += characters;
    for (const event of this.kept.keys()) {
      if (this.kept.size <= MOST && this.characters <= MOST_CHARACTERS) return;
      if (event === position.event) return;
      this.drop(event);
    }
  }

  clear(): void {
    this.kept.clear();
    this.characters = 0;
  }

  private drop(event: number): void {
    this.characters -= this.kept.get(event)?.characters ?? 0;
    this.kept.delete(event);
  }
}

/** Returns an upper bound of the position's size in characters; states that positions share are counted for each. */
function sizeOf({ nodes, inFlight, message }: Position): number {
  let characters = 1000 + (message?.body.length ?? 0);
  for (const { body } of inFlight.first) characters += 100 + body.length;
  for (const { state, inbox, timers, changes } of nodes) {
    characters += 300 + 100 * timers.first.length + 200 * changes.first.length;
    if (state.kind === 'shown') characters += state.json.length;
    if (state.kind === 'long') characters += state.beginning.length;
    for (const { body } of inbox.first) characters += 100 + body.length;
  }
  return characters;
}
