/** Reads lists such as `partition,kill`. */
import { oneOf } from '../../harness/settings/one-of.ts';
import { isFileWord } from '../../harness/own/own-file-words.ts';

/**
 * Returns each name once; with `orFile`, paths are returned as they are, and `none` is ignored. Throws a UserError for
 * a name that is not in `names`.
 */
export function readNames(
  text: string,
  names: readonly string[],
  what: { readonly option: string; readonly kind: string; readonly orFile?: boolean },
): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const given = words.filter((word) => word !== '' && word !== 'none');
  for (const word of given) if (what.orFile !== true || !isFileWord(word)) oneOf(word, names, what);
  return [...new Set(given)];
}
