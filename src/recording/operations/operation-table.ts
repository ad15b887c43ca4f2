/** Operations as rows of a table, from the columns and the beginnings of their lines. */
import type { RunOperations } from './operation-columns.ts';
import { operationLabels } from './operation-window.ts';
import { OUTCOMES } from './outcome.ts';
import type { OperationRow } from '../views.ts';

export function operationTable(history: RunOperations, rows: readonly number[]): OperationRow[] {
  const { columns, functions } = history;
  const labels = operationLabels(history, rows);
  return rows.map((row, i) => {
    const completed = columns.completed.at(row);
    return {
      index: columns.index.at(row),
      process: columns.process.at(row),
      f: functions[columns.f.at(row)] ?? '?',
      outcome: OUTCOMES[columns.outcome.at(row)] ?? 'open',
      invoked: columns.invoked.at(row),
      completed: Number.isNaN(completed) ? null : completed,
      preview: labels[i] ?? '',
    };
  });
}
