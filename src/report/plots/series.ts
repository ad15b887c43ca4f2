/**
 * The series of a plot: one for each function and outcome that occurs. Functions have colours, outcomes have shapes, so that
 * each can be distinguished without the other.
 */
import { present } from '../../columns/present.ts';
import { INFO, OPEN, OUTCOMES, type Ending } from '../../recording/operations/outcome.ts';
import type { OperationColumns } from '../../recording/operations/operation-columns.ts';
import { SERIES_COLOURS } from '../svg/picture-style.ts';

export interface Series {
  readonly outcome: Ending;
  readonly name: string;
  /** The class that colours it. */
  readonly colour: string;
}

export const colourOf = (f: number): string => `s${f % SERIES_COLOURS}`;

/** Series that have operations, by function and outcome; and for every operation the number of its series. */
export function seriesOf({ count, functions, columns }: OperationColumns): {
  readonly series: readonly Series[];
  readonly of: Uint16Array;
} {
  const kinds = OUTCOMES.length;
  // Whether one that never ended has happened is as unknown as with those that ended in doubt.
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
