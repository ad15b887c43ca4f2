/** Counts in words, for sentences: `1 operation`, `2 operations`. */

/** Returns the number with its noun; `plural` is needed only for irregular plurals. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Returns one of two forms of a word, by a count that is elsewhere in the sentence: `was` or `were`. */
export const byCount = (count: number, one: string, more: string): string => (count === 1 ? one : more);
