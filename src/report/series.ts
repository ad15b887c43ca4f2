/**
 * The series of a plot: one for each function and outcome that occurs. Functions have colours, outcomes have shapes, so
 * that neither needs the other to be told apart.
 */
import { OUTCOMES, type OperationColumns, type Outcome } from './operation-columns.ts';
import { SERIES_COLOURS } from './picture-style.ts';

export interface Series {
  readonly f: number;
  readonly outcome: Outcome;
  readonly name: string;
  /** The class that colours it. */
  readonly colour: string;
}

export const colourOf = (f: number): string => `s${f % SERIES_COLOURS}`;

/** Series that have operations, by function and outcome; and for every operation the number of its series. */
export function seriesOf(columns: OperationColumns): {
  readonly series: readonly Series[];
  readonly of: Uint16Array;
} {
  const { count, f, outcome, functions } = columns;
  const kinds = OUTCOMES.length;
  const used = new Uint8Array(functions.length * kinds + kinds);
  for (let row = 0; row < count; row++) used[(f[row] ?? 0) * kinds + (outcome[row] ?? 0)] = 1;
  const numbers = new Uint16Array(used.length);
  const series: Series[] = [];
  for (const [number, isUsed] of used.entries()) {
    if (isUsed === 0) continue;
    const word = OUTCOMES[number % kinds] ?? 'info';
    const function_ = Math.floor(number / kinds);
    numbers[number] = series.length;
    series.push({
      f: function_,
      outcome: word,
      name: `${functions[function_] ?? '?'} ${word}`,
      colour: colourOf(function_),
    });
  }
  const of = new Uint16Array(count);
  for (let row = 0; row < count; row++) of[row] = numbers[(f[row] ?? 0) * kinds + (outcome[row] ?? 0)] ?? 0;
  return { series, of };
}
