/** Counts in words, for every sentence that has one: `1 operation`, `2 operations`. */

/** The number with its noun; `plural` is needed only where it is not the noun with an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** One of two forms of a word, by a count that stands elsewhere: `was` or `were`. */
export const byCount = (count: number, one: string, more: string): string => (count === 1 ? one : more);
