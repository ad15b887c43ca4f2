/** Words for cycles of transactions, and for transactions of which no order exists: plain, of a process, and in real time. */
import type { AnomalyWords } from './anomaly-words.ts';

export type CycleBase = 'G0' | 'G1c' | 'G-single-item' | 'G-nonadjacent-item' | 'G2-item';

export const CYCLE_WORDS: Readonly<Record<CycleBase, AnomalyWords>> = {
  G0: {
    title: 'Dirty write',
    meaning:
      'A cycle of write dependencies only: one transaction wrote before the other at one key, and after it at another. Their writes are interleaved.',
    cause:
      'The writes of a transaction are applied one by one, interleaved with those of another; or replicas apply writes in different orders.',
  },
  G1c: {
    title: 'Circular information flow',
    meaning:
      'A cycle of write and read dependencies: each transaction saw what the other wrote, so each must have come first.',
    cause: 'Reads see writes of transactions that have not committed yet.',
  },
  'G-single-item': {
    title: 'A transaction misses a write that it should have seen',
    meaning:
      'Also called read skew. A cycle with exactly one read that missed a later write. A transaction saw one effect of another transaction and missed another of its effects: its reads do not come from a single point in time.',
    cause:
      'The keys of a transaction are read one after the other, from a state that changes meanwhile; or from different replicas.',
  },
  'G-nonadjacent-item': {
    title: 'Transactions miss each other’s writes',
    meaning:
      'Also called long fork. A cycle with several reads that missed a later write, no two of them next to each other. Two transactions saw two independent ' +
      'writes in opposite orders.',
    cause: 'Writes reach replicas in different orders, and each read is answered by one replica.',
  },
  'G2-item': {
    title: 'Write skew',
    meaning:
      'A cycle with two reads next to each other that missed a later write. Each transaction read what the other was about to change, and neither saw the change. Snapshot isolation allows it; serializability does not.',
    cause: 'When a transaction commits, only its writes are checked for conflicts, not its reads.',
  },
};

export const ORDERS = {
  '': { title: '', meaning: '', cause: '' },
  '-process': {
    title: ' against the order of a process',
    meaning:
      ' The cycle depends on the order in which one process made its requests: if each process’s requests could be reordered, there would be no cycle.',
    cause: ' The next request of a client is answered by a node that has not seen its previous one.',
  },
  '-realtime': {
    title: ' against real time',
    meaning:
      ' The cycle depends on real time: one of the transactions completed before another began. Serializability alone allows it; strict serializability does not.',
    cause:
      ' A reply is sent before its effect is visible everywhere; or a read is answered from an old state.',
  },
} as const;

export const cycleWords = (base: CycleBase | NoOrderBase, order: keyof typeof ORDERS): AnomalyWords => {
  const { title, meaning, cause } = { ...CYCLE_WORDS, ...NO_ORDER_WORDS }[base];
  const more = ORDERS[order];
  return {
    title: title + more.title,
    meaning: order === '' ? meaning : `${meaning}${more.meaning}`,
    cause: order === '' ? cause : more.cause.trim(),
  };
};

export type NoOrderBase = 'no-prefix-order' | 'no-snapshot-order' | 'no-serial-order';

/** What deciding shows if nothing is inferred. */
export const NO_ORDER_WORDS: Readonly<Record<NoOrderBase, AnomalyWords>> = {
  'no-prefix-order': {
    title: 'No order of snapshots and writes',
    meaning:
      'For every possible order of the writes of each key there is a cycle: the transactions cannot each have read from one snapshot, even if others may have written the same keys since. A long fork is one: two transactions see two independent writes in opposite orders. `check --decide` finds it.',
    cause:
      'Nodes apply writes in different orders, and each answers reads from what it has; or a snapshot is put together from several nodes.',
  },
  'no-snapshot-order': {
    title: 'No order of snapshots and commits',
    meaning:
      'For every possible order of the writes of each key there is a cycle: the transactions cannot each have read from one snapshot and committed only if no other transaction had written the same keys since. `check --decide` finds it.',
    cause: 'The same as for the cycles above, if the history does not show which write came first.',
  },
  'no-serial-order': {
    title: 'No order of transactions',
    meaning:
      'For every possible order of the writes of each key there is a cycle: the transactions cannot have run one after the other. `check --decide` finds it.',
    cause: 'The same as for the cycles above, if the history does not show which write came first.',
  },
};
