/**
 * Delta debugging (Zeller and Hildebrandt, 2002): the fewest items of a list with which something still happens, as far as leaving out
 * stretches shows it. In the end not one item can be left out.
 */

/** Given lists that are all shorter, which is the first with which it still happens; undefined when it does with none. */
export type FirstOf<Item> = (lists: readonly (readonly Item[])[]) => Promise<number | undefined>;

/** `items` is known to do. Stretches at the end are left out first. */
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
