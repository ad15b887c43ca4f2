/** Records the positions of labels, so that none covers another. Labels must be added roughly from top to bottom. */
export class LabelRoom {
  private taken: { readonly left: number; readonly right: number; readonly baseline: number }[] = [];

  constructor(private readonly height: number) {}

  /** Reserves the room and returns true if it is free. */
  take(left: number, baseline: number, width: number): boolean {
    const right = left + width;
    const isCovered = this.taken.some(
      (other) =>
        Math.abs(other.baseline - baseline) < this.height && left < other.right + 4 && right + 4 > other.left,
    );
    if (isCovered) return false;
    this.taken.push({ left, right, baseline });
    // Labels far above can no longer overlap.
    if (this.taken.length > 400) this.taken = this.taken.slice(-200);
    return true;
  }
}
