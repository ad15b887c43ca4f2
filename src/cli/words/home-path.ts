/**
 * `--bin=~/x`, `--store '~/x'` and `--bin '$HOME/x'`: a shell puts the home folder in place of `~` only at the beginning of an
 * unquoted word, and replaces no variable in single quotes, so here these would be folders of that name.
 */
import { UserError } from '../../protocol/user-error.ts';

/** Throws a UserError for a path that begins with `~`, or with a variable in it that a shell would have replaced. */
export function refuseTilde(option: string, path: string): void {
  const variable = /^\$(?:HOME|PWD|USER)\b|^\$\{(?:HOME|PWD|USER)\}/.exec(path)?.[0];
  if (variable !== undefined) {
    throw new UserError(
      `${option} is ${path}, in which the shell has left ${variable} as it is: it replaces none in single quotes.`,
      `Write: ${option} "${path}"`,
    );
  }
  if (!/^~(\/|$)/.test(path)) return;
  throw new UserError(
    `${option} is ${path}, in which the shell has left the ~ as it is: it expands one only at the beginning of a word, without quotes.`,
    `Write: ${option} "$HOME${path.slice(1)}"`,
  );
}
