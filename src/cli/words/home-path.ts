/**
 * A shell replaces `~` only at the beginning of an unquoted word, and variables not within single quotes, so
 * `--bin=~/x`, `--store '~/x'` and `--bin '$HOME/x'` would name folders literally called that.
 */
import { UserError } from '../../protocol/user-error.ts';

/** Throws a UserError for a path that begins with `~` or with a variable that the shell should have replaced. */
export function refuseTilde(option: string, path: string): void {
  const variable = /^\$(?:HOME|PWD|USER)\b|^\$\{(?:HOME|PWD|USER)\}/.exec(path)?.[0];
  if (variable !== undefined) {
    throw new UserError(
      `${option} is ${path}, but the shell has not expanded ${variable}: it expands none in single quotes.`,
      `Write: ${option} "${path}"`,
    );
  }
  if (!/^~(\/|$)/.test(path)) return;
  throw new UserError(
    `${option} is ${path}, but the shell has not expanded the ~: it does so only at the beginning of a word, without quotes.`,
    `Write: ${option} "$HOME${path.slice(1)}"`,
  );
}
