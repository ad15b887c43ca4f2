/**
 * The operations that begin and end each fault in histories. The nemesis creates its operations with these names, and
 * plots and the viewer find faults by them.
 *
 *     fault          begins with       ends with
 *     NAME           start-NAME        stop-NAME      every fault without its own row
 *     pause          pause             resume         \ upstream's names
 *     kill           kill              start          /
 *     membership     add-member, remove-member        not undone
 */

export interface FaultOperations {
  readonly start: string;
  readonly stop: string;
}

const OWN_NAMES: ReadonlyMap<string, FaultOperations> = new Map([
  ['pause', { start: 'pause', stop: 'resume' }],
  ['kill', { start: 'kill', stop: 'start' }],
]);

const START = 'start-';

export function operationsOf(fault: string): FaultOperations {
  return OWN_NAMES.get(fault) ?? { start: `${START}${fault}`, stop: `stop-${fault}` };
}

/**
 * Returns the name of the fault that an operation begins, even a fault unknown here, or undefined for any other
 * operation.
 */
export function faultBegunBy(f: string): string | undefined {
  if (f.startsWith(START)) return f.slice(START.length);
  return OWN_NAMES.get(f)?.start === f ? f : undefined;
}

/** Returns the name of the fault that an operation of the nemesis begins, ends or is. */
export function faultOf(f: string): string {
  if (f === ADD_MEMBER || f === REMOVE_MEMBER) return MEMBERSHIP;
  const [own] = [...OWN_NAMES].find(([, { start, stop }]) => f === start || f === stop) ?? [];
  return own ?? f.slice(f.indexOf('-') + 1);
}

/** The fault that changes the members of the cluster, and its operations. */
export const MEMBERSHIP = 'membership';
export const ADD_MEMBER = 'add-member';
export const REMOVE_MEMBER = 'remove-member';
