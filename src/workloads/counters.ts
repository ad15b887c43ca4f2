/**
 * g-counter and pn-counter: a counter to which every node can add, and on whose value all agree in the end. They differ
 * only in whether deltas may be negative.
 */
import {
  explainPnCounter,
  pnCounterEvidence,
  pnCounterFigure,
  PnCounterChecker,
  type PnCounterResult,
} from '../checkers/counters/pn-counter.ts';
import { repeatedly } from '../generator/operations.ts';
import {
  addDeltaRpc,
  gCounterRpcs,
  incrementRpc,
  pnCounterRpcs,
  readCounterRpc,
} from '../protocol/rpcs/counter.ts';
import type { RpcDefinition } from '../protocol/rpc/rpc.ts';
import { finalReads, growOnlyClient, withReads } from './grow-only.ts';
import { withInteger, withoutValue } from './operation-form.ts';
import type { PreparedWorkload, GuidedWorkload } from './workload.ts';

interface Deltas {
  readonly add: RpcDefinition;
  readonly least: number;
  readonly greatest: number;
}

const prepare = ({ add, least, greatest }: Deltas): PreparedWorkload<PnCounterResult> => ({
  client: (link) =>
    growOnlyClient(link, {
      write: add,
      fieldsOf: (delta) => ({ delta }),
      read: readCounterRpc,
      readField: 'value',
    }),
  generator: withReads(
    repeatedly((random) => ({ f: 'add', value: least + random.int(greatest - least + 1) })),
  ),
  finalGenerator: finalReads,
  checker: () => new PnCounterChecker(),
});

export const gCounter: GuidedWorkload<PnCounterResult> = {
  name: 'g-counter',
  about:
    'A grow-only counter. Clients add non-negative integers and read the value. In the end, every node must return the sum of all acknowledged deltas, plus any subset of those whose outcome is unknown.',
  rpcs: gCounterRpcs,
  operations: [withInteger('add', 0), withoutValue('read')],
  prepare: () => prepare({ add: incrementRpc, least: 0, greatest: 4 }),
  explain: explainPnCounter,
  figure: pnCounterFigure,
  evidence: pnCounterEvidence,
  guide: {
    requests:
      'Clients send `add` with deltas from 0 to 4, and `read`, in random order. At the end, after `--recovery-time`, each client reads once more.',
    checked:
      'Each final read is the sum of all acknowledged deltas, plus any subset of those in doubt. Earlier reads are not checked.',
    options: ['--rate', '--nemesis', '--recovery-time'],
  },
};

export const pnCounter: GuidedWorkload<PnCounterResult> = {
  name: 'pn-counter',
  about:
    'A counter that goes up and down: like g-counter, but deltas may be negative. In the end, every node must return the sum of all acknowledged deltas, plus any subset of those whose outcome is unknown.',
  rpcs: pnCounterRpcs,
  operations: [withInteger('add', -Infinity), withoutValue('read')],
  prepare: () => prepare({ add: addDeltaRpc, least: -5, greatest: 4 }),
  explain: explainPnCounter,
  figure: pnCounterFigure,
  evidence: pnCounterEvidence,
  guide: {
    requests:
      'Clients send `add` with deltas from -5 to 4, and `read`, in random order. At the end, after `--recovery-time`, each client reads once more.',
    checked:
      'Each final read is the sum of all acknowledged deltas, plus any subset of those in doubt. Earlier reads are not checked.',
    options: ['--rate', '--nemesis', '--recovery-time'],
  },
};
