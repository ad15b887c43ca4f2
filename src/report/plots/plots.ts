/** The plots of a report, in the order in which it shows them. Each is written as NAME.svg and NAME.png. */
import type { Picture } from '../svg/svg.ts';
import { latencyQuantiles } from './latency-quantiles.ts';
import { latencyRaw, type PlotData } from './latency-raw.ts';
import { rate } from './rate.ts';

export interface Plot {
  readonly name: string;
  /** In Markdown. */
  readonly about: string;
  readonly draw: (data: PlotData) => Picture;
}

export const PLOTS: readonly Plot[] = [
  {
    name: 'latency-raw',
    about: 'The latency of each operation over the run.',
    draw: latencyRaw,
  },
  {
    name: 'latency-quantiles',
    about: 'Quantiles of latency over the run.',
    draw: latencyQuantiles,
  },
  { name: 'rate', about: 'Operations per second over the run.', draw: rate },
];
