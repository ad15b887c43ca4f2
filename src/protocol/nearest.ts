/** "Did you mean": the nearest of some names to an unknown word. */

/** Returns the name nearest to the word, if it is near enough to be a typo. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length * 0.4)) + 1;
  for (const name of names) {
    const close =
      name.startsWith(word) && word.length >= 2 ? 1 : distance(word.toLowerCase(), name.toLowerCase());
    if (close < bestDistance) {
      best = name;
      bestDistance = close;
    }
  }
  return best;
}

/**
 * Returns ` Did you mean echo?`, for the end of a sentence, or an empty string when no name is near or the word is not
 * a string.
 */
export function didYouMean(word: unknown, names: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, names) : undefined;
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** Edit distance (insert, delete, replace, swap neighbours) between two words, which are short. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
