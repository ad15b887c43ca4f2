/** The plots of a report, in the order in which it shows them. Each is written as NAME.svg and NAME.png. */
import type { Picture } from '../svg/svg.ts';
import { latencyQuantiles } from './latency-quantiles.ts';
import { latencyRaw, type PlotData } from './latency-raw.ts';
import { rate } from './rate.ts';

export interface Plot {
  readonly name: string;
  readonly draw: (data: PlotData) => Picture;
}

export const PLOTS: readonly Plot[] = [
  { name: 'latency-raw', draw: latencyRaw },
  { name: 'latency-quantiles', draw: latencyQuantiles },
  { name: 'rate', draw: rate },
];
