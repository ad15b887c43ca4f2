/** The kinds of fault that `--nemesis` can name. */
import { UserError } from '../protocol/user-error.ts';
import type { FaultKind } from './fault-package.ts';
import { partitionFault } from './partition-fault.ts';

export const FAULT_KINDS: readonly FaultKind[] = [partitionFault];

/** The kinds of those names, each once, in the order given. Throws a UserError for a name that is none. */
export function findFaults(names: readonly string[]): readonly FaultKind[] {
  return [...new Set(names)].map((name) => {
    const kind = FAULT_KINDS.find((candidate) => candidate.name === name);
    if (kind !== undefined) return kind;
    const known = FAULT_KINDS.map((candidate) => candidate.name).join(', ');
    throw new UserError(`there is no fault called ${JSON.stringify(name)}`, `Known faults: ${known}.`);
  });
}
