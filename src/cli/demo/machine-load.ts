/** How busy the machine's CPUs are: a cluster that gets no CPU time answers nothing, whatever its program does. */
import { cpus } from 'node:os';

/** Total time of all CPUs since the machine started, in ms. */
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

/** Returns the share of CPU time between the two in which CPUs worked, for any program; 0 if unknown. */
export function busyShare(before: ProcessorTimes, after: ProcessorTimes): number {
  const all = after.all - before.all;
  return all > 0 ? 1 - (after.idle - before.idle) / all : 0;
}
