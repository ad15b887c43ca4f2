/** Refuses output files that are the history itself, or each other: writing one would destroy the other. */
import { resolve } from 'node:path';
import { statGiven } from '../../harness/settings/stat-given.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { CheckRequest } from './check-options.ts';
import type { HistorySource } from './history-source.ts';

/** Throws a UserError for such a file. */
export function refuseOverwriting(
  { path: history }: HistorySource,
  { out, report, certificate }: CheckRequest,
): void {
  const taken: { readonly what: string; readonly file: string }[] =
    history === undefined ? [] : [{ what: 'the history', file: history }];
  for (const [option, file] of Object.entries({
    '--out': out,
    '--report': report,
    '--certificate': certificate,
  })) {
    if (file === undefined) continue;
    const same = taken.find((other) => isOneFile(file, other.file));
    if (same !== undefined)
      throw new UserError(
        `${option} names the same file as ${same.what}, ${file}, which would be overwritten.`,
        'Name another file.',
      );
    taken.push({ what: option, file });
  }
}

function isOneFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const [left, right] = [statGiven(one), statGiven(other)];
  // A device, such as /dev/stdout, is not overwritten.
  return left?.isFile() === true && left.dev === right?.dev && left.ino === right.ino;
}
