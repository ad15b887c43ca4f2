/**
 * The faults that every program must survive, whatever its workload: messages that are late, lost or out of order,
 * links that are down, and nodes that pause for a while. A correct program retries lost messages and never takes
 * silence for an answer.
 *
 * The others demand more, and are allowed only by name (`DEMANDING_FAULTS`).
 */
export const USUAL_FAULTS: readonly string[] = [
  'partition',
  'one-way',
  'loss',
  'reorder',
  'slow',
  'flap',
  'pause',
];

/** The faults that not every program must survive, and what a program needs for them. */
export const DEMANDING_FAULTS: ReadonlyMap<string, string> = new Map([
  ['kill', 'everything that was acknowledged on disk'],
  ['duplicate', 'requests that can be told from their copies, also where a node passes them on to a service'],
  ['skew', 'not to rely on clocks'],
  ['membership', 'nodes that join and leave'],
]);
