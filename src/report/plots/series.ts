/**
 * The series of a plot: one for each function and outcome that occurs. Functions have colours and outcomes have shapes,
 * so that each can be recognised without the other.
 */
import { present } from '../../columns/present.ts';
import { INFO, OPEN, OUTCOMES, type Ending } from '../../recording/operations/outcome.ts';
import type { OperationColumns } from '../../recording/operations/operation-columns.ts';
import { SERIES_COLOURS } from '../svg/picture-style.ts';

export interface Series {
  readonly outcome: Ending;
  readonly name: string;
  /** The CSS class that colours it. */
  readonly colour: string;
}

export const colourOf = (f: number): string => `s${f % SERIES_COLOURS}`;

/**
 * Returns the series that have operations, ordered by function and outcome; and for every operation the number of its
 * series.
 */
export function seriesOf({ count, functions, columns }: OperationColumns): {
  readonly series: readonly Series[];
  readonly of: Uint16Array;
} {
  const kinds = OUTCOMES.length;
  // An operation that never ended is as indefinite as an `info` operation.
  const numberIn = (row: number): number => {
    const ended = columns.outcome.at(row);
    return columns.f.at(row) * kinds + (ended === OPEN ? INFO : ended);
  };
  const used = new Uint8Array(functions.length * kinds + kinds);
  for (let row = 0; row < count; row++) used[numberIn(row)] = 1;
  const numbers = new Uint16Array(used.length);
  const series: Series[] = [];
  for (const [number, isUsed] of used.entries()) {
    if (isUsed === 0) continue;
    const kind = OUTCOMES[number % kinds] ?? 'info';
    const word = kind === 'open' ? 'info' : kind;
    const function_ = Math.floor(number / kinds);
    numbers[number] = series.length;
    series.push({
      outcome: word,
      name: `${functions[function_] ?? '?'} ${word}`,
      colour: colourOf(function_),
    });
  }
  const of = new Uint16Array(count);
  for (let row = 0; row < count; row++) of[row] = present(numbers[numberIn(row)]);
  return { series, of };
}
