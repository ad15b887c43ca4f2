/** Operations as rows of a table: from the columns, and the beginnings of their lines. */
import { present } from '../columns/present.ts';
import type { RunOperations } from './operation-columns.ts';
import { operationLabels } from './operation-window.ts';
import { OUTCOMES } from './outcome.ts';
import type { OperationRow } from './views.ts';

/** In the order of the rows of the history that are asked for. */
export function operationTable(history: RunOperations, rows: readonly number[]): OperationRow[] {
  const { columns, functions } = history;
  const labels = operationLabels(history, rows);
  return rows.map((row, i) => {
    const completed = present(columns.completed.data[row]);
    return {
      index: present(columns.index.data[row]),
      process: present(columns.process.data[row]),
      f: functions[present(columns.f.data[row])] ?? '?',
      outcome: OUTCOMES[present(columns.outcome.data[row])] ?? 'open',
      invoked: present(columns.invoked.data[row]),
      completed: Number.isNaN(completed) ? null : completed,
      preview: labels[i] ?? '',
    };
  });
}
