/**
 * The examples that exploring is tested on: those in which something must be found, and those in which nothing may be.
 */
import { fileURLToPath } from 'node:url';
import { alphabetOf } from '../../src/explore/alphabet.ts';
import type { Brancher } from '../../src/explore/branch.ts';
import type { Bounds } from '../../src/explore/cells.ts';
import type { DeviationKind } from '../../src/explore/deviations.ts';
import { explore, type Explored, type Hands } from '../../src/explore/explore.ts';
import { exploredSpec } from '../../src/explore/explored-spec.ts';
import { openBrancher } from '../../src/explore/open-brancher.ts';
import { paceOf } from '../../src/explore/pace.ts';
import { loadParts, loadWorkload } from '../../src/harness/own/load-own.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { BROKEN_EXAMPLES, type BrokenExample } from './broken-examples.ts';

export interface ExploredExample extends BrokenExample {
  /** Kinds of deviations; the usual ones by default. */
  readonly kinds?: readonly DeviationKind[];
}

const CRASH: readonly DeviationKind[] = ['crash'];
/** Without duplication, for operations that must not be repeated. */
const ONCE: readonly DeviationKind[] = ['drop', 'delay', 'cut'];
const INVARIANTS = [fileURLToPath(new URL('../../examples/raft/invariants.ts', import.meta.url))];
const READ_COMMITTED = { consistencyModels: ['read-committed'] };

/** A single node has no messages that could be lost. */
export const BROKEN: readonly ExploredExample[] = [
  ...BROKEN_EXAMPLES,
  { workload: 'lin-kv', program: 'broken/raft-truncates.ts', settings: { invariants: INVARIANTS } },
].map((example: BrokenExample) => (example.isAlone === true ? { ...example, kinds: CRASH } : example));

export const RIGHT_TWINS: readonly ExploredExample[] = [
  { workload: 'echo', program: 'echo.ts' },
  { workload: 'unique-ids', program: 'unique-ids.ts' },
  { workload: 'broadcast', program: 'broadcast.ts' },
  { workload: 'g-set', program: 'g-set.ts' },
  { workload: 'g-counter', program: 'g-counter.ts' },
  { workload: 'g-counter', program: 'g-counter-seq-kv.ts', kinds: ONCE },
  { workload: 'pn-counter', program: 'pn-counter.ts' },
  { workload: 'lin-kv', program: 'lin-kv.ts', kinds: ONCE },
  { workload: 'lin-kv', program: 'raft' },
  { workload: 'kafka', program: 'kafka.ts', kinds: CRASH, isAlone: true },
  { workload: 'kafka', program: 'kafka-lin-kv.ts' },
  { workload: 'txn-list-append', program: 'txn-list-append.ts', kinds: CRASH, isAlone: true },
  { workload: 'txn-list-append', program: 'txn-list-append-lin-kv.ts' },
  { workload: 'txn-rw-register', program: 'txn-rw-register.ts', settings: READ_COMMITTED },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register-uncommitted.ts',
    settings: { consistencyModels: ['read-uncommitted'] },
  },
];

const USUAL: readonly DeviationKind[] = ['drop', 'duplicate', 'delay', 'cut'];

export interface ExploredHere {
  /** The folder examples/. */
  readonly examples: string;
  /** For the bundled program. */
  readonly folder: string;
  readonly bounds: Omit<Bounds, 'leastNodes'>;
  readonly signal?: AbortSignal;
  readonly mostExecutions?: number;
}

/** Explores in this process, one branch after another. */
export async function exploredHere(
  { workload, program, settings, kinds = USUAL, isAlone }: ExploredExample,
  { examples, folder, bounds, signal, mostExecutions }: ExploredHere,
): Promise<Explored> {
  const alphabet = alphabetOf({ name: workload });
  if (alphabet === undefined) throw new Error(`no alphabet for ${workload}`);
  const { bin } = await bundleNode(`${examples}/${program}`, 'simulated', folder);
  const base = exploredSpec({ ...settings, workload, bin });
  const ofWorkload = await loadWorkload(base);
  const parts = await loadParts(base);
  const mostNodes = isAlone === true ? 1 : bounds.mostNodes;
  const leastNodes = Math.min(2, mostNodes);
  const pace = await paceOf([leastNodes, mostNodes], { base, workload: ofWorkload, alphabet, parts });
  const branchers = new Map(
    await Promise.all(
      [false, true].map(
        async (isCareful) => [isCareful, await openBrancher({ base, kinds, pace, isCareful })] as const,
      ),
    ),
  );
  return explore({
    ...bounds,
    mostNodes,
    leastNodes,
    alphabet,
    pace,
    open: (isCareful) => {
      const brancher = branchers.get(isCareful);
      if (brancher === undefined) throw new Error('there is one of each');
      return handsHere(brancher);
    },
    ...(signal === undefined ? {} : { signal }),
    ...(mostExecutions === undefined ? {} : { mostExecutions }),
  });
}

/** Carries out branches in this process, one after another. */
function handsHere(brancher: Brancher): Hands {
  const closing = new AbortController();
  return {
    capacity: 1,
    run: (branch) => brancher.run(branch, closing.signal),
    close: () => closing.abort(),
  };
}
