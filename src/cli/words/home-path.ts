/**
 * `--bin=~/x` and `--store '~/x'`: a shell puts the home folder in place of `~` only at the beginning of an unquoted word, so
 * here it would be a folder of that name.
 */
import { UserError } from '../../protocol/user-error.ts';

/** Throws a UserError for a path that begins with `~`. */
export function refuseTilde(option: string, path: string): void {
  if (!/^~(\/|$)/.test(path)) return;
  throw new UserError(
    `${option} is ${path}, in which the shell has left the ~ as it is: it expands one only at the beginning of a word, without quotes.`,
    `Write: ${option} "$HOME${path.slice(1)}"`,
  );
}
