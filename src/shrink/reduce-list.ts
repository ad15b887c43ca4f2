/**
 * Delta debugging (Zeller and Hildebrandt, 2002): reduces a list that reproduces a failure by removing ranges. The
 * result is 1-minimal: no single item can be removed from it.
 */

/** Returns the index of the first of these shorter lists that still reproduces the failure, or undefined if none does. */
export type FirstOf<Item> = (lists: readonly (readonly Item[])[]) => Promise<number | undefined>;

/** Requires that `items` reproduces the failure. Tries removing ranges at the end first. */
export async function reduceList<Item>(
  items: readonly Item[],
  firstOf: FirstOf<Item>,
): Promise<readonly Item[]> {
  let kept = items;
  if (kept.length > 0 && (await firstOf([[]])) === 0) return [];
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 1;) {
    const without = withoutStretches(kept, size);
    const found = await firstOf(without);
    if (found === undefined) {
      if (size === 1) break;
      size = Math.ceil(size / 2);
      continue;
    }
    kept = without[found] ?? kept;
    size = Math.min(size, Math.ceil(kept.length / 2));
  }
  return kept;
}

function withoutStretches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const lists: (readonly Item[])[] = [];
  for (let end = items.length; end > 0; end -= size)
    lists.push([...items.slice(0, Math.max(0, end - size)), ...items.slice(end)]);
  return lists;
}
