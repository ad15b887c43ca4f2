/**
 * The faults that every program must survive, whatever its workload: messages that are late, lost or out of order, links that are
 * down, and nodes that stand still for a while. A correct program of any workload retries what is lost, and never takes silence for
 * an answer.
 *
 * The others ask for more, and are allowed only by name:
 *
 *     duplicate     needs requests that can be distinguished from their copies; a node that passes requests on to a service needs that, too
 *     skew          needs a program that trusts no clock
 *     kill          needs state that is kept on a disk
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
