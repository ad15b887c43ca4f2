/** How busy the machine's processors are: a cluster that gets no turn on them comes to nothing, whatever its program does. */
import { cpus } from 'node:os';

/** Time that all processors together have spent since the machine started, in ms. */
export interface ProcessorTimes {
  readonly idle: number;
  readonly all: number;
}

export function processorTimes(): ProcessorTimes {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    for (const time of Object.values(times)) all += time;
  }
  return { idle, all };
}

/** The share of the time between in which processors worked, for whatever program; 0 where nothing is known. */
export function busyShare(before: ProcessorTimes, after: ProcessorTimes): number {
  const all = after.all - before.all;
  return all > 0 ? 1 - (after.idle - before.idle) / all : 0;
}
