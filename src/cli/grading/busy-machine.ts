/** Whether other programs slow a test down that runs in real time, so that its latencies say little about the program. */
import { availableParallelism, loadavg } from 'node:os';

/** Runnable processes for each processor. A cluster under test seldom has as many itself. */
const BUSY = 2;

/** Returns a sentence if the machine is busy. `load` is the mean number of runnable processes of the last minute. */
export function busyMachine(
  load: number = loadavg()[0] ?? 0,
  processors: number = availableParallelism(),
): string | undefined {
  return load <= BUSY * processors
    ? undefined
    : `The machine is busy: in the last minute ${load.toFixed(1)} processes wanted to run on ${processors} processors, which makes latencies longer. Run the test again alone, or with --simulate if the program can be simulated.`;
}
