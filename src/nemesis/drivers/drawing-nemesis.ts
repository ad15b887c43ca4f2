/**
 * What the random nemesis and the one that replays it share: faults in the form for the random driver, each with its
 * operations.
 */
import type { Nemesis } from '../nemesis.ts';
import type { RandomFault } from './random-fault.ts';

export function drawingNemesis(
  faults: readonly RandomFault[],
  generators: Pick<Nemesis, 'generator' | 'finalGenerator'>,
): Nemesis {
  return {
    ...generators,
    invoke(op, done) {
      const owner = faults.find(({ operations }) => operations.includes(op.f));
      if (owner === undefined) throw new Error(`no fault knows the operation ${op.f}`);
      owner.invoke(op, done);
    },
    activeFaults: () => faults.flatMap((fault) => fault.words() ?? []),
  };
}
