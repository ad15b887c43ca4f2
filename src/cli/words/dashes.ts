/**
 * Command lines copied from web pages and chats contain typographic dashes: `–-nemesis`, `—rate`, `−5`. Taken
 * literally, they would become arguments of the program, and the option would silently be lost.
 */

/** Hyphens, figure, en and em dashes, bar, minus, and their small and wide forms. */
const DASHES = '\\u2010-\\u2015\\u2212\\ufe58\\ufe63\\uff0d';
const STARTS_WITH_DASH = new RegExp(`^(-*[${DASHES}][-${DASHES}]*)(.*)$`, 's');

export interface PlainDashes {
  readonly words: readonly string[];
  /** One sentence for each word that was changed. */
  readonly notes: readonly string[];
}

/** Replaces dashes at the start of words by `-`, up to the `--` after which words belong to the program. */
export function readDashes(words: readonly string[]): PlainDashes {
  const out: string[] = [];
  const notes: string[] = [];
  for (const [index, word] of words.entries()) {
    const plain = plainWord(word);
    out.push(plain);
    if (plain !== word) notes.push(`${word} was read as ${plain} (it begins with a typographic dash)`);
    if (plain === '--') {
      out.push(...words.slice(index + 1));
      break;
    }
  }
  return { words: out, notes };
}

/** Typographic replacement turns `--` into one long dash, so a lone dash before a long name stands for two. */
function plainWord(word: string): string {
  const match = STARTS_WITH_DASH.exec(word);
  if (match === null) return word;
  const rest = match[2] ?? '';
  const isNumber = /^[\d.]/.test(rest);
  const isShortOption = match[1]?.length === 1 && rest.length === 1;
  return isNumber || isShortOption ? `-${rest}` : `--${rest}`;
}
