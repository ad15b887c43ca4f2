/** Refuses a word that is not one of the allowed names, with the list and the nearest name. */
import { byCount } from '../../protocol/count-text.ts';
import { didYouMean } from '../../protocol/nearest.ts';
import { UserError } from '../../protocol/user-error.ts';

/** Returns the word if it is one of the names, and otherwise throws a UserError with the list and a suggestion. */
export function oneOf<Name extends string>(
  word: string,
  names: readonly Name[],
  what: { readonly option: string; readonly kind: string },
): Name {
  const known = names.find((name) => name === word);
  if (known !== undefined) return known;
  throw new UserError(
    `${what.option}: there is no ${what.kind} ${JSON.stringify(word)}.${didYouMean(word, names)}`,
    `There ${byCount(names.length, 'is', 'are')}: ${names.join(', ')}.`,
  );
}
