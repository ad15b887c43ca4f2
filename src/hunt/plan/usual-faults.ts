/**
 * The faults that every program must survive, whatever its workload: messages that are late, lost or out of order,
 * links that are down, and nodes that pause for a while. A correct program retries lost messages and never takes
 * silence for an answer.
 *
 * The others demand more, and are allowed only by name:
 *
 *     duplicate     needs requests that can be distinguished from their copies, also where a node passes them on to a service
 *     skew          needs a program that trusts no clock
 *     kill          needs state on disk
 *     membership    needs nodes that join and leave
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
