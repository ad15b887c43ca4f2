/**
 * The settings of a test that workloads use: the type of each, and below its valid values and its default, which is
 * upstream's.
 */
import {
  COUNT,
  FLAG,
  FRACTION,
  listOf,
  number,
  TEXT,
  type SettingsOf,
} from '../protocol/settings/setting-shape.ts';

export interface WorkloadSettings {
  readonly nodes: readonly string[];
  /** The number of client threads. */
  readonly concurrency: number;
  readonly topology: string;
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
  /**
   * How txn-rw-register infers the order of a key's versions. wfrKeys is on unless false; the others are off unless
   * true.
   */
  readonly wfrKeys?: boolean;
  readonly sequentialKeys?: boolean;
  readonly linearizableKeys?: boolean;
  /** Whether txn-rw-register searches for an order of all transactions. Default: true. */
  readonly decide?: boolean;
  /** Whether each node is asked for all keys of lin-kv at the end. Default: false, as upstream. */
  readonly finalReads?: boolean;
  /** Whether the writes of a key in lin-kv all have different values, and no client compares and sets. Default: false. */
  readonly distinctWrites?: boolean;
  /** Probability that g-set and broadcast add an element again. Default: 0. */
  readonly repeatElements?: number;
  readonly consistencyModels: readonly string[];
  /**
   * True when protocol warnings are violations, and an element listed twice in a read of a set makes the run invalid.
   */
  readonly strict?: boolean;
}

const SETS = {
  workloads: ['broadcast', 'g-set'],
  hint: 'It says how many adds repeat an element, in -w g-set and -w broadcast.',
} as const;
const KEYS = {
  workloads: ['lin-kv'],
  hint: 'It says what clients of -w lin-kv read and write.',
} as const;
const REGISTERS = {
  workloads: ['txn-rw-register'],
  hint: 'It says from what the order of the versions of registers is inferred, in -w txn-rw-register.',
} as const;

export const WORKLOAD_SETTINGS = {
  nodes: { shape: listOf(TEXT), default: ['n1', 'n2', 'n3', 'n4', 'n5'] },
  concurrency: { shape: number({ min: 1, max: 100_000, integer: true, unit: 'clients' }) },
  // One of TOPOLOGIES, or the name of a topology of the user's.
  topology: { shape: TEXT, default: 'grid' },
  keyCount: { shape: COUNT },
  maxTxnLength: { shape: COUNT, default: 4 },
  maxWritesPerKey: { shape: COUNT, default: 16 },
  wfrKeys: { shape: FLAG, onlyFor: REGISTERS },
  sequentialKeys: { shape: FLAG, onlyFor: REGISTERS },
  linearizableKeys: { shape: FLAG, onlyFor: REGISTERS },
  decide: { shape: FLAG, onlyFor: REGISTERS },
  finalReads: { shape: FLAG, onlyFor: KEYS },
  distinctWrites: { shape: FLAG, onlyFor: KEYS },
  repeatElements: { shape: FRACTION, onlyFor: SETS },
  consistencyModels: { shape: listOf(TEXT), default: ['strict-serializable'] },
  strict: { shape: FLAG, default: false },
} as const satisfies SettingsOf<WorkloadSettings>;
