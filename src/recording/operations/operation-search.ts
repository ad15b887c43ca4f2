/**
 * Finds operations by a query, in the same field as for messages (message-search.ts); these terms are about operations:
 *
 *     f:read   outcome:fail   process:3
 *     value:5                              that value, anywhere in what was written or read
 *     "some text"                          within the function, the value or the error
 *
 * Terms with other names are about messages.
 */
import { searchLines, textPattern, type LineSearch } from '../files/line-search.ts';
import { parseQuery, valuePattern } from '../messages/message-search.ts';
import type { RunOperations } from './operation-columns.ts';
import { OUTCOMES } from './outcome.ts';

export type KeepRow = (row: number) => boolean;

/** Returns undefined if all operations match. Rejects if `signal` is aborted. */
export async function searchOperations(
  history: RunOperations,
  query: string,
  signal: AbortSignal,
): Promise<KeepRow | undefined> {
  const { columns, functions } = history;
  const tests: KeepRow[] = [];
  for (const term of parseQuery(query)) {
    const { value } = term;
    if (term.kind === 'text')
      tests.push(await rowsWith(history, { pattern: textPattern(value), mark: '"f":' }, signal));
    else if (term.kind !== 'field') continue;
    else if (term.field === 'f') tests.push((row) => functions[columns.f.at(row)] === value);
    else if (term.field === 'process') tests.push((row) => columns.process.at(row) === Number(value));
    else if (term.field === 'value')
      tests.push(await rowsWith(history, { pattern: valuePattern(value), mark: ',"value"' }, signal));
    else if (term.field === 'outcome')
      tests.push((row) => OUTCOMES[columns.outcome.at(row)] === value.toLowerCase());
  }
  return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
}

async function rowsWith(
  history: RunOperations,
  looked: Pick<LineSearch, 'pattern' | 'mark'>,
  signal: AbortSignal,
): Promise<KeepRow> {
  const rows = new Set<number>();
  const search = { ...looked, start: '{"index":' };
  const add = (index: number): void => {
    const row = history.rowOf(index);
    if (row !== undefined) rows.add(row);
  };
  await searchLines(history.file, search, add, signal);
  return (row) => rows.has(row);
}
