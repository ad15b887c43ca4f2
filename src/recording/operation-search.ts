/** Finds operations by what one types, in the same field as for messages (message-search.ts); a term names what it is about. */
import type { RunOperations } from './operation-columns.ts';
import { OUTCOMES } from './outcome.ts';

/** `f:read outcome:fail process:3`; other terms are about messages. Undefined when all operations are to be shown. */
export function operationFilter(
  { columns, functions }: RunOperations,
  query: string,
): ((row: number) => boolean) | undefined {
  const terms = [...query.matchAll(/(?:^|\s)(f|outcome|process):(\S+)/g)];
  if (terms.length === 0) return undefined;
  const tests = terms.map(([, kind, value]) => {
    if (kind === 'f') return (row: number) => functions[columns.f.data[row] ?? 0] === value;
    if (kind === 'process') return (row: number) => columns.process.data[row] === Number(value);
    return (row: number) => OUTCOMES[columns.outcome.data[row] ?? 0] === value;
  });
  return (row) => tests.every((test) => test(row));
}
