/** The kinds of fault that `--nemesis` can name. */
import { didYouMean } from '../protocol/nearest.ts';
import { UserError } from '../protocol/user-error.ts';
import type { FaultKind, Strength } from './fault.ts';
import { duplicateFault, flapFault, lossFault, reorderFault, slowFault } from './faults/link-fault.ts';
import { membershipFault } from './faults/membership-fault.ts';
import { oneWayFault } from './faults/one-way-fault.ts';
import { partitionFault } from './faults/partition-fault.ts';
import { killFault, pauseFault } from './faults/process-fault.ts';
import { skewFault } from './faults/skew-fault.ts';

/** In the order in which faults end at the end of a run: first the network, then clocks, then processes. */
export const FAULT_KINDS: readonly FaultKind[] = [
  partitionFault,
  oneWayFault,
  lossFault,
  duplicateFault,
  reorderFault,
  slowFault,
  flapFault,
  skewFault,
  pauseFault,
  killFault,
  membershipFault,
];

/** Returns undefined for a fault without a strength. */
export const strengthOf = (kind: FaultKind): Strength | undefined =>
  kind.kind === 'lasting' ? kind.strength : undefined;

/**
 * Returns the kinds with those names, each once, in the order above; `own` are the user's, which come last. Throws a
 * UserError for an unknown name.
 */
export function findFaults(names: readonly string[], own: readonly FaultKind[] = []): readonly FaultKind[] {
  const all = [...FAULT_KINDS, ...own];
  const known = all.map((kind) => kind.name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new UserError(
      `unknown fault ${JSON.stringify(stranger)}.${didYouMean(stranger, known)}`,
      `Known faults: ${known.join(', ')}.`,
    );
  }
  return all.filter((kind) => names.includes(kind.name));
}
