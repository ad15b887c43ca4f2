/**
 * Delta debugging (Zeller and Hildebrandt, 2002): reduces a list that reproduces a failure by removing ranges. The
 * result is 1-minimal: no single item can be removed from it.
 */

/** Returns the index of the first of these shorter lists that still reproduces the failure, or undefined if none does. */
export type FirstOf<Item> = (lists: readonly (readonly Item[])[]) => Promise<number | undefined>;

/** So few are tried one by one. */
const FEW = 12;

/**
 * For a long list of which a few scattered items are needed, such as the delays of all messages. Searches the shortest
 * beginning that, with the needed items found so far, still reproduces the failure: its last item is needed as well.
 * That takes a few runs for each needed item, where removing ranges would run into one of them nearly every time.
 *
 *     1 2 3 4 5 6 7 8      3 and 7 are needed
 *     1 2 3 4 5 6 7        the shortest beginning: 7 is needed
 *     1 2 3 + 7            the shortest beginning with 7: 3 is needed
 *     3 7
 */
export async function reduceScattered<Item>(
  items: readonly Item[],
  firstOf: FirstOf<Item>,
): Promise<readonly Item[]> {
  if (items.length <= FEW) return reduceList(items, firstOf);
  let needed: readonly Item[] = [];
  let rest = items;
  while (rest.length > 0 && (await firstOf([needed])) === undefined) {
    const end = await shortestBeginning(rest, needed, firstOf);
    needed = [...rest.slice(end - 1, end), ...needed];
    rest = rest.slice(0, end - 1);
  }
  // An item that was needed with the others before it need not be needed without them.
  return reduceList(needed, firstOf);
}

async function shortestBeginning<Item>(
  rest: readonly Item[],
  needed: readonly Item[],
  firstOf: FirstOf<Item>,
): Promise<number> {
  let [tooShort, enough] = [0, rest.length];
  while (enough - tooShort > 1) {
    // Two at once, since two processes try them.
    const third = (enough - tooShort) / 3;
    const lengths = [Math.ceil(tooShort + third), Math.floor(enough - third)].filter(
      (length, at, all) => length > tooShort && length < enough && length !== all[at - 1],
    );
    const found = await firstOf(lengths.map((length) => [...rest.slice(0, length), ...needed]));
    if (found !== 0) tooShort = lengths[(found ?? lengths.length) - 1] ?? tooShort;
    if (found !== undefined) enough = lengths[found] ?? enough;
  }
  return enough;
}

/**
 * Requires that `items` reproduces the failure. Tries removing ranges at the end first. After a removal it goes on with
 * the range before it: those behind it were needed a moment ago, and are tried again last.
 */
export async function reduceList<Item>(
  items: readonly Item[],
  firstOf: FirstOf<Item>,
): Promise<readonly Item[]> {
  let kept = items;
  if (kept.length > 0 && (await firstOf([[]])) === 0) return [];
  let cursor = kept.length;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 1;) {
    const stretches = stretchesFrom(cursor, kept.length, size);
    const all = kept;
    const found = await firstOf(stretches.map(([from, end]) => [...all.slice(0, from), ...all.slice(end)]));
    const [from, end] = stretches[found ?? -1] ?? [0, 0];
    if (found === undefined) {
      if (size === 1) break;
      size = Math.ceil(size / 2);
      cursor = kept.length;
      continue;
    }
    kept = [...kept.slice(0, from), ...kept.slice(end)];
    cursor = from;
    size = Math.min(size, Math.ceil(kept.length / 2));
  }
  return kept;
}

type Stretch = readonly [from: number, end: number];

/** Returns stretches that cover the whole list: from the cursor backwards, then from the end back to the cursor. */
function stretchesFrom(cursor: number, length: number, size: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let end = cursor; end > 0; end -= size) stretches.push([Math.max(0, end - size), end]);
  for (let end = length; end > cursor; end -= size) stretches.push([Math.max(cursor, end - size), end]);
  return stretches;
}
