/**
 * The names of anomalies, what each says about a system, and its usual causes. Used by titles of findings, sentences of
 * verdicts, the reference pages and `maelstrom help`.
 */
import type { NoOrderType } from '../elle/anomaly-records.ts';
import type { CycleName } from '../elle/cycles/cycle-types.ts';
import {
  LOG_EXAMPLES,
  OTHER_EXAMPLES,
  SET_EXAMPLES,
  TRANSACTION_EXAMPLES,
  type AnomalyExample,
  type LogAnomaly,
  type OtherAnomaly,
  type SetAnomaly,
  type TransactionAnomaly,
} from './anomaly-examples.ts';

export interface AnomalyWords {
  /** A few words: `Dirty write`. */
  readonly title: string;
  /** The impossible observation, as Markdown. */
  readonly meaning: string;
  /** The usual causes, as Markdown. */
  readonly cause: string;
}

export interface GlossaryEntry extends AnomalyWords {
  /** The name used in results. */
  readonly name: string;
  readonly example?: AnomalyExample;
}

export interface GlossaryPart {
  readonly title: string;
  readonly about: string;
  readonly entries: readonly GlossaryEntry[];
}

type CycleBase = 'G0' | 'G1c' | 'G-single-item' | 'G-nonadjacent-item' | 'G2-item';

const CYCLES: Readonly<Record<CycleBase, AnomalyWords>> = {
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

const ORDERS = {
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

const cycleWords = (base: CycleBase | NoOrderBase, order: keyof typeof ORDERS): AnomalyWords => {
  const { title, meaning, cause } = { ...CYCLES, ...NO_ORDERS }[base];
  const more = ORDERS[order];
  return {
    title: title + more.title,
    meaning: order === '' ? meaning : `${meaning}${more.meaning}`,
    cause: order === '' ? cause : more.cause.trim(),
  };
};

type NoOrderBase = 'no-prefix-order' | 'no-snapshot-order' | 'no-serial-order';

/** What deciding shows if nothing is inferred. */
const NO_ORDERS: Readonly<Record<NoOrderBase, AnomalyWords>> = {
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

const NOT_CYCLES: Readonly<Record<Exclude<TransactionAnomaly, CycleName | NoOrderType>, AnomalyWords>> = {
  'G-update': {
    title: 'Updates without a serial order',
    meaning:
      'A cycle of dependencies in which at most one transaction writes nothing: the transactions that write cannot have run one after the other, or not in an order that the reader could have seen. ' +
      'Update serializability forbids it, and allows cycles of several readers. `check --decide` looks for it.',
    cause: 'When a transaction commits, only its writes are checked for conflicts, not its reads.',
  },
  G1a: {
    title: 'Aborted read',
    meaning: 'A transaction read a write of a transaction that failed, and so never happened.',
    cause:
      'Writes are visible before the transaction commits or aborts, and are not rolled back; or a definite error is sent for a request that took effect.',
  },
  G1b: {
    title: 'Intermediate read',
    meaning:
      'A transaction read a version that another transaction wrote and then overwrote itself: an intermediate state of that transaction.',
    cause: 'Writes become visible one by one, not all at once when the transaction commits.',
  },
  OTV: {
    title: 'An observed transaction vanishes',
    meaning:
      'A transaction read a write of another transaction, and later missed that transaction’s write to another key, or its later write to the same key. Monotonic atomic view (Bailis et al.) forbids it; Plume calls it a non-monotonic read.',
    cause:
      'Each read is answered separately, from the state committed at that moment on that replica: the writes of a transaction do not become visible together.',
  },
  'fractured-read': {
    title: 'A fractured read',
    meaning:
      'A transaction saw one write of another transaction and missed another of its writes, in an earlier or later read. Read atomic forbids it.',
    cause:
      'The keys of a transaction are read one after the other while other transactions commit in between, or from different replicas.',
  },
  'OTV-process': {
    title: 'An observed transaction vanishes against the order of a process',
    meaning:
      'A transaction read a write of another transaction, and later a value that the process of that transaction had overwritten before.',
    cause: 'Writes of one client reach replicas in different orders, key by key.',
  },
  'fractured-read-process': {
    title: 'A process misses what it did before',
    meaning:
      'A transaction missed what its own process had written in an earlier transaction, or saw only part of what another process had written. ' +
      'Read atomic with sessions (Biswas and Enea, AWDIT, Plume) forbids it.',
    cause: 'The next request of a client is answered by a node that has not seen its previous one.',
  },
  'causality-violation': {
    title: 'A causality violation',
    meaning:
      'A transaction saw another transaction and missed a write on which that one depends: something that it had read, directly or through other transactions. Causal consistency forbids it, with or without sessions.',
    cause: 'Writes reach a replica before those that they depend on.',
  },
  'causality-violation-process': {
    title: 'A causality violation against the order of a process',
    meaning:
      'A transaction missed a write on which something that it or its process had seen depends, by any number of steps: reads, and the order in which a process did things. Causal consistency with sessions (Biswas and Enea, AWDIT, Plume) forbids it.',
    cause:
      'Writes reach a replica before earlier ones of the same client; or a client that switches replicas does not carry over what it has seen.',
  },
  'own-write-missed': {
    title: 'A transaction does not see its own write',
    meaning: 'A transaction wrote a key, then read it, and did not read the value that it had just written.',
    cause: 'Reads go to the store, and the transaction’s own writes are kept elsewhere until it ends.',
  },
  internal: {
    title: 'A transaction contradicts itself',
    meaning: 'A read in a transaction differs from what the same transaction had just read or written.',
    cause: 'Reads go to the store and do not take the transaction’s own writes into account.',
  },
  'future-read': {
    title: 'A transaction reads its own later write',
    meaning: 'A transaction read a value that it wrote itself only later.',
    cause: 'All writes of a transaction are applied before its reads are answered.',
  },
  'garbage-read': {
    title: 'A read of a value that was never written',
    meaning:
      'A transaction read a value that no transaction ever wrote. No model allows it, so it is always checked.',
    cause:
      'Values are mixed up, converted (`"1"` for 1), or invented; or an unwritten key is not read as null.',
  },
  'dirty-update': {
    title: 'An update builds on an aborted one',
    meaning:
      'A successful transaction built its version on one that a failed transaction had written. The read that shows it is also an aborted read.',
    cause: 'The writes of a failed transaction stay in the store.',
  },
  'lost-update': {
    title: 'Lost update',
    meaning:
      'Several transactions read the same version of a key and then wrote that key: all updates but one overwrote a version that their transactions had not read. In lists also, with `--decide` and under models that do not forbid this as a cycle: a transaction read a key and then appended to it behind another’s append that it had not read.',
    cause: 'The key is read and then written without a compare-and-set or a lock.',
  },
  'duplicate-elements': {
    title: 'An element is read twice',
    meaning: 'A list contains an element more than once although it was appended once.',
    cause:
      'A retried request is executed twice; or the lists of replicas are concatenated although they share elements.',
  },
  'incompatible-order': {
    title: 'Two reads see different orders',
    meaning:
      'Two reads of a key return lists of which neither is a prefix of the other: they cannot be two states of one list that only grows.',
    cause: 'Two nodes append to separate lists, for example as leaders on both sides of a partition.',
  },
  'cyclic-versions': {
    title: 'The versions of a key have no order',
    meaning:
      'Some versions of a register form a cycle, according to what transactions read and then wrote. Nothing further is inferred from these versions.',
    cause: 'Several copies of a register change independently.',
  },
};

export const LOG_ERRORS: Readonly<Record<LogAnomaly, AnomalyWords>> = {
  'lost-write': {
    title: 'An acknowledged message is lost',
    meaning: 'an acknowledged message was never read, although messages after it in the same log were',
    cause:
      'A node answers before the message is stored; or two nodes give out the same offset, and one message replaces the other.',
  },
  unseen: {
    title: 'Messages that no client polled',
    meaning: 'messages were acknowledged that no client had polled when the run ended',
    cause: 'The last messages of a log are lost, or polls stop before its end.',
  },
  'inconsistent-offsets': {
    title: 'One offset held different messages',
    meaning: 'one offset of a log held different messages',
    cause: 'Two nodes choose the next offset independently.',
  },
  duplicate: {
    title: 'One message at several offsets',
    meaning: 'one message was found at several offsets',
    cause: 'A retried send is stored twice.',
  },
  G1a: {
    title: 'Aborted read',
    meaning: 'a message was read although its send had failed',
    cause: 'A definite error is sent for a message that was stored, or is stored later.',
  },
  'garbage-read': {
    title: 'A read of a message that was never sent',
    meaning: 'a message was read that no client had sent',
    cause: 'Messages or logs are mixed up or converted.',
  },
  'precommitted-read': {
    title: 'An operation reads its own message',
    meaning: 'an operation read a message that it sent itself',
    cause: 'The messages of a transaction are visible before it commits.',
  },
  'int-poll-skip': {
    title: 'A poll skips messages in the middle',
    meaning: 'one poll skipped messages in the middle',
    cause: 'The log is read while earlier messages are still missing from it.',
  },
  'int-nonmonotonic-poll': {
    title: 'A poll goes backwards',
    meaning: 'one poll returned messages out of order',
    cause: 'Messages are returned in order of arrival, not in order of their offsets.',
  },
  'int-send-skip': {
    title: 'Messages of one operation are not adjacent',
    meaning: 'the messages of one operation are not adjacent in the log',
    cause: 'Others send at the same time. This is allowed, and only counted.',
  },
  'int-nonmonotonic-send': {
    title: 'Messages of one operation are reordered',
    meaning: 'one operation sent messages that got decreasing offsets',
    cause: 'The messages of a transaction are stored in arbitrary order.',
  },
  'poll-skip': {
    title: 'A consumer skips messages',
    meaning: "a client's next poll skipped messages",
    cause:
      'A message gets a smaller offset than one that was already polled, or a poll is answered from a different offset than requested.',
  },
  'nonmonotonic-poll': {
    title: 'A consumer goes backwards',
    meaning: "a client's next poll went backwards in the log",
    cause: 'A poll is answered from an earlier offset than requested.',
  },
  'nonmonotonic-send': {
    title: 'A later message gets an earlier offset',
    meaning: "a client's later message got an earlier offset",
    cause: 'Each node assigns offsets from a range of its own.',
  },
};

const SETS: Readonly<Record<SetAnomaly, AnomalyWords>> = {
  lost: {
    title: 'A lost element',
    meaning: 'An element was acknowledged or read, and the latest reads lack it. The run is invalid.',
    cause: 'A message between nodes was lost and not resent; or a node lost acknowledged data in a crash.',
  },
  'never-read': {
    title: 'An element that no read shows',
    meaning:
      'An element was added and no read contains it, but it is not known to be in the set: its add is in doubt, or no read followed it. This is not an error.',
    cause: 'The request failed or was not answered.',
  },
  stale: {
    title: 'A stale element',
    meaning:
      'An element was missing from a read after it was known, and was read later. This is not an error, unless the set must be linearizable; the latencies show how long it was missing.',
    cause: 'An element takes time to reach all nodes.',
  },
  phantom: {
    title: 'An element that was never added',
    meaning: 'A read contains an element that no client tried to add. The run is invalid.',
    cause: 'Elements are mixed up or converted, such as `"1"` for 1.',
  },
  repeated: {
    title: 'An element listed twice',
    meaning: 'A read lists an element more than once. This is a warning, and invalid with `--strict`.',
    cause: 'Elements are kept in a list, and an element that is received twice is appended twice.',
  },
};

const OTHERS: Readonly<Record<OtherAnomaly, AnomalyWords>> = {
  'duplicate-id': {
    title: 'A duplicate id',
    meaning: '`unique-ids`: the same id was returned more than once.',
    cause:
      'Ids come from a counter or a clock without the name of the node; or from too few random bits; or a restarted node starts from the beginning.',
  },
  'impossible-sum': {
    title: 'An impossible sum',
    meaning:
      '`g-counter`, `pn-counter`: a final read is not the sum of all acknowledged additions and some of those in doubt.',
    cause: 'An addition is lost, or is counted twice because its message arrived twice.',
  },
  'not-linearizable': {
    title: 'Not linearizable',
    meaning:
      '`lin-kv`: the operations on a key cannot be ordered, each at one instant between its request and its reply, so that all answers are correct.',
    cause:
      'A read is answered by a node that has missed a write, such as a deposed leader; or an answer is sent before a majority has the write.',
  },
};

const entriesOf = <Name extends string>(
  words: Readonly<Record<Name, AnomalyWords>>,
  examples: Readonly<Record<Name, AnomalyExample>>,
): readonly GlossaryEntry[] =>
  Object.entries<AnomalyWords>(words).map(([name, own]) => ({
    name,
    ...own,
    example: examples[name as Name], // both tables have the same names
  }));

const CYCLE_BASES = [...Object.keys(CYCLES), ...Object.keys(NO_ORDERS)] as readonly (
  CycleBase | NoOrderBase
)[];

const cycleEntries = (order: keyof typeof ORDERS): readonly GlossaryEntry[] =>
  CYCLE_BASES.map((base) => ({
    name: `${base}${order}`,
    ...cycleWords(base, order),
    example: TRANSACTION_EXAMPLES[`${base}${order}`],
  }));

/** Entries for results that found nothing, and for cycles without a name. */
const WITHOUT_EXAMPLE: readonly GlossaryEntry[] = [
  {
    name: 'MODEL-cycle-exists',
    title: 'A cycle without a name',
    meaning:
      'Some transactions form a cycle of relations that the model forbids, but no cycle with a name was found among them: `PL-2-cycle-exists`, for example, shows that read-committed is violated.',
    cause: 'The same as for the cycles above.',
  },
  {
    name: 'empty-transaction-graph',
    title: 'No dependencies',
    meaning: 'No transaction depended on another, so the history proves nothing.',
    cause: 'No transaction succeeded, or no read returned a written value.',
  },
];

export const GLOSSARY: readonly GlossaryPart[] = [
  {
    title: 'Transactions',
    about:
      'For `txn-list-append` and `txn-rw-register`. The order of transactions is inferred from their reads: T1 *ww* T2, T2 overwrote what T1 wrote; T1 *wr* T2, T2 read what T1 wrote; T1 *rw* T2, T1 missed what T2 wrote. A cycle of these relations is an anomaly; its severity depends on the relations that it consists of.',
    entries: [...cycleEntries(''), ...entriesOf(NOT_CYCLES, TRANSACTION_EXAMPLES)],
  },
  {
    title: 'Transactions, and the order of requests',
    about:
      'Cycles that depend on the order in which a process made its requests (*process*), or on real time (*realtime*). Models with `strong-session` in their name forbid the first kind, those with `strong` forbid both.',
    entries: [...cycleEntries('-process'), ...cycleEntries('-realtime'), ...WITHOUT_EXAMPLE],
  },
  {
    title: 'Logs',
    about: 'For `kafka`. Logs are also checked for the cycles above.',
    entries: entriesOf(LOG_ERRORS, LOG_EXAMPLES),
  },
  {
    title: 'Sets',
    about: 'For `broadcast` and `g-set`.',
    entries: entriesOf(SETS, SET_EXAMPLES),
  },
  {
    title: 'Others',
    about: 'For the other workloads. These names are used only here; results do not contain them.',
    entries: entriesOf(OTHERS, OTHER_EXAMPLES),
  },
];

/** If several parts have a name, the first determines its title. */
const TITLES: ReadonlyMap<string, string> = new Map(
  GLOSSARY.toReversed().flatMap(({ entries }) => entries.map(({ name, title }) => [name, title] as const)),
);

/**
 * Returns the title of an anomaly; undefined for a type without one. Titles leave out the order of a cycle, which the
 * type names.
 */
export const titleOfAnomaly = (type: string): string | undefined =>
  TITLES.get(type.replace(/-(realtime|process|exists)$/, ''));
