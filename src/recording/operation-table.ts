/** Operations as rows of a table: from the columns, and the beginnings of their lines. */
import type { RunOperations } from './operation-columns.ts';
import { operationLabels } from './operation-window.ts';
import { OUTCOMES } from './outcome.ts';
import type { OperationRow } from './views.ts';

/** In the order of the rows of the history that are asked for. */
export function operationTable(history: RunOperations, rows: readonly number[]): OperationRow[] {
  const { columns, functions } = history;
  const labels = operationLabels(history, rows);
  return rows.map((row, i) => {
    const completed = columns.completed.data[row] ?? Number.NaN;
    return {
      index: columns.index.data[row] ?? 0,
      process: columns.process.data[row] ?? 0,
      f: functions[columns.f.data[row] ?? 0] ?? '?',
      outcome: OUTCOMES[columns.outcome.data[row] ?? 0] ?? 'open',
      invoked: columns.invoked.data[row] ?? 0,
      completed: Number.isNaN(completed) ? null : completed,
      preview: labels[i] ?? '',
    };
  });
}
