/**
 * The consistency models: what each promises, which weaker ones it implies, and what it forbids by itself.
 *
 * They are those of Adya's thesis, of Bailis et al. ("Highly Available Transactions") and of Cerone et al.; implications follow
 * Elle.
 */
import type { WeakName } from './anomaly-implications.ts';

/** Canonical name -> common names. Results print the first one. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'PL-1': ['read-uncommitted'],
  'PL-2': ['read-committed'],
  'PL-2+': ['consistent-view'],
  'PL-2.99': ['repeatable-read'],
  'PL-2L': ['monotonic-view'],
  'PL-3': ['serializable', 'conflict-serializable'],
  'PL-3U': ['update-serializable'],
  'PL-CS': ['cursor-stability'],
  'PL-FCV': ['forward-consistent-view'],
  'PL-MSR': ['monotonic-snapshot-read'],
  'PL-SI': ['snapshot-isolation'],
  'PL-SS': ['strong-serializable', 'strict-serializable'],
  'strong-PL-1': ['strong-read-uncommitted'],
  'strong-PL-2': ['strong-read-committed'],
  'strong-session-PL-1': ['strong-session-read-uncommitted'],
  'strong-session-PL-2': ['strong-session-read-committed'],
  'read-committed-biswas': ['strong-session-monotonic-atomic-view'],
  'read-atomic-biswas': ['strong-session-read-atomic'],
  'prefix-biswas': ['strong-session-prefix'],
  'causal-biswas': ['strong-session-causal', 'transactional-causal-consistency'],
};

export interface Model {
  /** What it promises, as Markdown, in a sentence or two. */
  readonly about: string;
  /** Directly weaker models. */
  readonly implies?: readonly string[];
  /** Anomalies it forbids beyond those of the models it implies. */
  readonly forbids?: readonly string[];
  /** Further anomalies, unknown to Elle, that are searched for when the model is asked for by name. */
  readonly decides?: readonly WeakName[];
  /** The same, but searched for only with `--decide`: otherwise the model is judged as in Elle. */
  readonly underDecide?: readonly WeakName[];
  /** For a model that no anomaly searched for could refute: the nearest refutable model that demands no less. */
  readonly askFor?: string;
  /** True for models that Elle lacks. Results name them only if an anomaly of their kind was found. */
  readonly isOurs?: true;
}

export const MODELS: Readonly<Record<string, Model>> = {
  'PL-1': {
    about:
      'Writes of transactions are not interleaved: of any two transactions, one wrote before the other at every key. Reads may see anything.',
    forbids: ['G0', 'duplicate-elements', 'cyclic-versions', 'garbage-read', 'PL-1-cycle-exists'],
  },
  'PL-2': {
    about:
      'Reads see only writes of committed transactions, and only each transaction’s last write of a key.',
    implies: ['PL-1'],
    forbids: ['G1', 'PL-2-cycle-exists'],
  },
  'PL-CS': {
    about:
      'Read committed, and no update of a key is lost between a transaction’s read and its write of that key.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-cursor', 'lost-update'],
  },
  'PL-2L': {
    about: 'Read committed, and what a transaction sees only grows during the transaction.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-monotonic'],
  },
  'PL-MSR': {
    about:
      'Read committed, and each read of a transaction sees a snapshot that is not older than that of its previous read.',
    implies: ['PL-2'],
    forbids: ['G1', 'G-MSR'],
  },
  'PL-2+': {
    about:
      'A transaction sees all effects of each transaction that it depends on, and nothing that contradicts them: there is no read skew.',
    implies: ['PL-CS', 'PL-2L'],
    forbids: ['G1', 'G-single'],
  },
  'PL-FCV': {
    about: 'Consistent view, from one state that may be later than the transaction’s beginning.',
    implies: ['PL-2+'],
    forbids: ['G1', 'G-SIb'],
  },
  'PL-2.99': {
    about:
      'As if transactions ran one after the other, as long as they name the keys that they read: only predicate reads may see phantoms.',
    implies: ['PL-CS', 'monotonic-atomic-view'],
    forbids: ['G1', 'G2-item', 'lost-update', 'no-serial-order', 'PL-2.99-cycle-exists'],
  },
  'PL-SI': {
    about:
      'A transaction reads from one snapshot, and commits only if no other transaction has written the same keys since. Write skew is possible.',
    implies: ['PL-FCV', 'monotonic-atomic-view', 'PL-MSR', 'parallel-snapshot-isolation', 'prefix'],
    forbids: ['internal', 'G1', 'G-SI', 'G-nonadjacent', 'no-snapshot-order', 'PL-SI-cycle-exists'],
  },
  'PL-3U': {
    about:
      'Transactions that write run one after the other. Each read-only transaction sees such an order, possibly a different one.',
    implies: ['PL-FCV'],
    forbids: ['G1', 'G-update'],
  },
  'PL-3': {
    about: 'As if all transactions ran one after the other, in some order.',
    implies: ['PL-2.99', 'PL-3U', 'PL-SI', 'view-serializable'],
    forbids: ['internal', 'G1', 'G2', 'predicate-read-miss', 'no-serial-order', 'PL-3-cycle-exists'],
  },
  'PL-SS': {
    about:
      'As if all transactions ran one after the other, in an order that agrees with real time. This is the default.',
    implies: [
      'PL-3',
      'PL-SI',
      'linearizable',
      'session-serializable',
      'strong-session-serializable',
      'strong-snapshot-isolation',
    ],
    forbids: ['G1', 'G1c-realtime', 'G2-realtime', 'no-serial-order-realtime', 'PL-SS-cycle-exists'],
  },
  'monotonic-atomic-view': {
    about:
      'Once a transaction has seen one effect of another transaction, it sees all of that transaction’s effects.',
    implies: ['PL-2'],
    decides: ['OTV'],
  },
  'read-atomic': {
    about: 'A transaction sees all effects of another transaction, or none.',
    implies: ['monotonic-atomic-view'],
    forbids: ['internal', 'G1a', 'future-read'],
    decides: ['fractured-read'],
  },
  'causal-cerone': {
    about: 'Read atomic, and a transaction that sees another transaction also sees those that it depends on.',
    implies: ['read-atomic'],
    forbids: ['internal', 'G1a'],
    underDecide: ['causality-violation'],
  },
  prefix: {
    about: 'Causal, and all transactions are seen in one order: each transaction sees a prefix of it.',
    implies: ['causal-cerone'],
    forbids: ['internal', 'G1a', 'no-prefix-order'],
  },
  'update-atomic': {
    about: 'Read atomic, and no update is lost.',
    implies: ['read-atomic'],
    forbids: ['lost-update'],
  },
  'parallel-snapshot-isolation': {
    about: 'Snapshot isolation, except that sites may see independent transactions in different orders.',
    implies: ['causal-cerone', 'update-atomic'],
    forbids: ['internal', 'G1a'],
  },
  'strong-session-PL-1': {
    about: 'Read uncommitted, in an order that agrees with the order of each process.',
    implies: ['PL-1'],
    forbids: ['G0-process', 'strong-session-PL-1-cycle-exists'],
  },
  'strong-session-PL-2': {
    about: 'Read committed, in an order that agrees with the order of each process.',
    implies: ['PL-2', 'strong-session-PL-1'],
    forbids: ['G1c-process', 'strong-session-PL-2-cycle-exists'],
  },
  'strong-PL-1': {
    about: 'Read uncommitted, in an order that agrees with real time.',
    implies: ['strong-session-PL-1'],
    forbids: ['G0-realtime', 'strong-PL-1-cycle-exists'],
  },
  'strong-PL-2': {
    about: 'Read committed, in an order that agrees with real time.',
    implies: ['strong-session-PL-2', 'strong-PL-1'],
    forbids: ['G1c-realtime', 'strong-PL-2-cycle-exists'],
  },
  'prefix-biswas': {
    about: 'Prefix, and each process sees everything that it did and saw before.',
    implies: ['prefix', 'strong-session-PL-2', 'causal-biswas'],
    forbids: ['internal', 'no-prefix-order-process'],
    isOurs: true,
  },
  'strong-prefix': {
    about: 'Prefix in which a transaction sees every transaction that completed before it began.',
    implies: ['prefix-biswas', 'strong-PL-2'],
    forbids: ['internal', 'no-prefix-order-realtime'],
    isOurs: true,
  },
  'strong-session-snapshot-isolation': {
    about: 'Snapshot isolation, and each process sees everything that it did and saw before.',
    implies: ['PL-SI', 'prefix-biswas'],
    forbids: [
      'internal',
      'G1-process',
      'G-nonadjacent-process',
      'no-snapshot-order-process',
      'strong-session-snapshot-isolation-cycle-exists',
    ],
  },
  'strong-snapshot-isolation': {
    about: 'Snapshot isolation in which a transaction sees every transaction that completed before it began.',
    implies: ['strong-session-snapshot-isolation', 'strong-prefix'],
    forbids: [
      'internal',
      'G1-realtime',
      'G-nonadjacent-realtime',
      'no-snapshot-order-realtime',
      'strong-snapshot-isolation-cycle-exists',
    ],
  },
  'strong-session-serializable': {
    about: 'Serializable, in an order that agrees with the order of each process.',
    implies: ['PL-3', 'strong-session-snapshot-isolation'],
    forbids: [
      'G1-process',
      'G2-process',
      'no-serial-order-process',
      'strong-session-serializable-cycle-exists',
    ],
  },
  'read-committed-biswas': {
    isOurs: true,
    about:
      'Monotonic atomic view, in an order of commits that agrees with the order of each process. This is what Biswas and Enea, AWDIT and Plume call read committed.',
    implies: ['monotonic-atomic-view', 'strong-session-PL-2'],
    decides: ['own-write-missed', 'OTV-process'],
  },
  'read-atomic-biswas': {
    isOurs: true,
    about:
      'Read atomic, and a transaction sees everything that its process did before. This is what Biswas and Enea, AWDIT and Plume call read atomic.',
    implies: ['read-atomic', 'read-committed-biswas'],
    decides: ['fractured-read-process'],
  },
  'causal-biswas': {
    isOurs: true,
    about:
      'Read atomic, and a transaction that sees another transaction also sees those that it depends on, and the earlier ones of its process. This is what Biswas and Enea, AWDIT and Plume call (transactional) causal consistency.',
    implies: ['causal-cerone', 'read-atomic-biswas', 'causal'],
    decides: ['causality-violation-process'],
  },
  linearizable: {
    askFor: 'PL-SS',
    about: 'Each operation on an object happens at one instant between its request and its reply.',
    implies: ['sequential'],
  },
  sequential: {
    askFor: 'strong-session-serializable',
    about: 'All operations happen in one order that agrees with the order of each process.',
    implies: ['causal'],
  },
  causal: {
    askFor: 'causal-biswas',
    about: 'All processes see operations that may depend on each other in the same order.',
    implies: ['writes-follow-reads', 'PRAM'],
  },
  PRAM: {
    askFor: 'causal-biswas',
    about: 'All processes see the writes of a process in its order.',
    implies: ['monotonic-reads', 'monotonic-writes', 'read-your-writes'],
  },
  'session-serializable': {
    askFor: 'strong-session-serializable',
    about: 'One-copy serializable, and in an order that agrees with that of each session.',
    implies: ['1SR'],
  },
  'view-serializable': {
    askFor: 'PL-3',
    about: 'As if transactions ran one after the other, considering only what reads see.',
  },
  '1SR': {
    askFor: 'PL-3',
    about:
      'One-copy serializable: as if there were one copy of the data, and transactions ran one after the other.',
  },
  'monotonic-reads': {
    askFor: 'causal-biswas',
    about: 'A process never stops seeing what it has seen.',
  },
  'monotonic-writes': {
    askFor: 'causal-biswas',
    about: 'Writes of a process are seen in their order.',
  },
  'read-your-writes': {
    askFor: 'causal-biswas',
    about: 'A process sees its own writes.',
  },
  'writes-follow-reads': {
    askFor: 'causal-biswas',
    about: 'A process that sees a write also sees what the writing process had seen before.',
  },
};
