/**
 * The names of anomalies, what each says about a system, and its usual causes. Used by titles of findings, sentences of
 * verdicts, the reference pages and `maelstrom help`.
 */
import type { NoOrderType } from '../elle/anomaly-records.ts';
import type { CycleName } from '../elle/cycle-types.ts';
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
      'A cycle of write dependencies alone: one transaction wrote before the other at one key, and after it at another. Their writes ' +
      'are interleaved.',
    cause:
      'Writes of a transaction are applied one by one, and two transactions meet in between; or replicas apply them in different orders.',
  },
  G1c: {
    title: 'Circular information flow',
    meaning:
      'A cycle of write and read dependencies: each transaction saw what the other wrote, so each must have come first.',
    cause: 'Reads see writes of transactions that are not over yet.',
  },
  'G-single-item': {
    title: 'A transaction misses a write that it should have seen',
    meaning:
      'Also called read skew. A cycle with exactly one read that missed a later write. A transaction saw one effect of another one, and missed another effect ' +
      'of the same: it did not read from a single moment.',
    cause:
      'Keys of a transaction are read one after the other, from a state that changes meanwhile; or from different replicas.',
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
      'A cycle with two reads next to each other that missed a later write. Each transaction read what the other one was about to ' +
      'change, and neither saw the change. Snapshot isolation allows it, serializability does not.',
    cause: 'Only writes are checked for conflicts when a transaction ends, not what it has read.',
  },
};

const ORDERS = {
  '': { title: '', meaning: '', cause: '' },
  '-process': {
    title: ' against the order of a process',
    meaning:
      ' It takes the order in which one process made its requests to close the cycle: with each process’s requests in any order, it would be none.',
    cause: ' The next request of a client is answered by a node that has not seen its last one.',
  },
  '-realtime': {
    title: ' against real time',
    meaning:
      ' It takes real time to close the cycle: one of the transactions was over before another began. Serializability alone allows ' +
      'it, strict serializability does not.',
    cause:
      ' A reply is sent before the effect can be seen everywhere; or a read is answered from an old state.',
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

type NoOrderBase = 'no-snapshot-order' | 'no-serial-order';

/** What deciding shows if nothing is inferred. */
const NO_ORDERS: Readonly<Record<NoOrderBase, AnomalyWords>> = {
  'no-snapshot-order': {
    title: 'No order of snapshots and commits',
    meaning:
      'Whichever of two writes of a key came first, there is a cycle: transactions cannot each have read from one snapshot and committed only if no other one wrote the same keys since. `check --decide` finds it.',
    cause: 'Those of the cycles above, where it cannot be seen which write came first.',
  },
  'no-serial-order': {
    title: 'No order of transactions',
    meaning:
      'Whichever of two writes of a key came first, there is a cycle: transactions cannot have run one after the other. `check --decide` finds it.',
    cause: 'Those of the cycles above, where it cannot be seen which write came first.',
  },
};

const NOT_CYCLES: Readonly<Record<Exclude<TransactionAnomaly, CycleName | NoOrderType>, AnomalyWords>> = {
  G1a: {
    title: 'Aborted read',
    meaning: 'A transaction read what another one wrote that failed, and so never happened.',
    cause:
      'Writes are visible before the transaction is decided and are not taken back; or a definite error is sent for a request that went through.',
  },
  G1b: {
    title: 'Intermediate read',
    meaning:
      'A transaction read a version that another one overwrote before it ended: half of that transaction was seen.',
    cause: 'Writes become visible one by one, not all at once when the transaction ends.',
  },
  OTV: {
    title: 'An observed transaction vanishes',
    meaning:
      'A transaction read what another one wrote, and later missed what the same one wrote to another key, or wrote there again. Monotonic atomic ' +
      'view (Bailis et al.) forbids it; Plume calls it a non-monotonic read.',
    cause:
      'Each read is answered by itself, from whatever is committed at that moment on that replica: the writes of a transaction do not become visible ' +
      'together.',
  },
  'fractured-read': {
    title: 'A fractured read',
    meaning:
      'A transaction saw one write of another one and missed another write of the same, which it read before or after. Read atomic forbids it.',
    cause:
      'Keys of a transaction are read one after the other while others commit in between, or from different replicas.',
  },
  'OTV-process': {
    title: 'An observed transaction vanishes against the order of a process',
    meaning:
      'A transaction read what another one wrote, and later a value that this one’s process had written over before.',
    cause: 'Writes of one client reach replicas in different orders, key by key.',
  },
  'fractured-read-process': {
    title: 'A process misses what it did before',
    meaning:
      'A transaction missed what its own process had written in an earlier transaction, or saw half of what another process had done. ' +
      'Read atomic with sessions (Biswas and Enea, AWDIT, Plume) forbids it.',
    cause: 'The next request of a client is answered by a node that has not seen its last one.',
  },
  'causality-violation': {
    title: 'A causality violation',
    meaning:
      'A transaction saw another one, and missed a write on which that one depends: something it had read, or that its process had done before, ' +
      'by any number of steps.',
    cause:
      'Writes reach a replica before those that they depend on; or a client that changes replicas does not take along what it has seen.',
  },
  'own-write-missed': {
    title: 'A transaction does not see its own write',
    meaning: 'What a transaction read of a key is not what it had written there just before.',
    cause: 'Reads go to the store, and the transaction’s own writes are kept elsewhere until it ends.',
  },
  internal: {
    title: 'A transaction contradicts itself',
    meaning: 'What a transaction read is not what it had read or written itself just before.',
    cause: 'Reads go to the store and do not take the transaction’s own writes into account.',
  },
  'future-read': {
    title: 'A transaction reads its own later write',
    meaning: 'A transaction read a value that it wrote only afterwards itself.',
    cause: 'All writes of a transaction are applied first, and reads are answered then.',
  },
  'garbage-read': {
    title: 'A value is read that nothing wrote',
    meaning:
      'A transaction read a value that no transaction ever wrote. No model allows it, so it is always looked for.',
    cause:
      'Values are mixed up, converted (`"1"` for 1), or invented; an unwritten key is not answered by null.',
  },
  'dirty-update': {
    title: 'An update builds on an aborted one',
    meaning:
      'A transaction that succeeded built its version on one that a failed transaction had written. The read that shows it is an aborted ' +
      'read as well.',
    cause: 'The writes of a failed transaction stay in the store.',
  },
  'lost-update': {
    title: 'Lost update',
    meaning:
      'Several transactions read the same version of a key and then wrote that key: each update but one was made without regard to the others.',
    cause: 'Read, then write, without a compare-and-set or a lock in between.',
  },
  'duplicate-elements': {
    title: 'An element is read twice',
    meaning: 'A list shows an element more than once that was appended once.',
    cause:
      'A request that was repeated is carried out twice; lists of replicas are joined without regard to what both have.',
  },
  'incompatible-order': {
    title: 'Two reads see different orders',
    meaning:
      'Two reads of a key show lists of which neither is the beginning of the other: they cannot be two states of one list that only grows.',
    cause: 'Two nodes append to lists of their own, as leaders of both sides of a partition.',
  },
  'cyclic-versions': {
    title: 'The versions of a key have no order',
    meaning:
      'Of some versions of a register each came before the others, going by what transactions read and then wrote. What follows from these ' +
      'versions is not looked at any more.',
    cause: 'Several copies of a register change by themselves.',
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
    cause: 'Two nodes choose the next offset by themselves.',
  },
  duplicate: {
    title: 'One message stands at several offsets',
    meaning: 'one message stood at several offsets',
    cause: 'A send that was repeated is stored twice.',
  },
  G1a: {
    title: 'Aborted read',
    meaning: 'a message was read although its send had failed',
    cause: 'A definite error is sent for a message that was stored, or is stored later.',
  },
  'garbage-read': {
    title: 'A message is read that nothing sent',
    meaning: 'a message was read that no client had sent',
    cause: 'Messages or logs are mixed up or converted.',
  },
  'precommitted-read': {
    title: 'An operation reads its own message',
    meaning: 'an operation read a message that it sent itself',
    cause: 'The messages of a transaction are visible before it is over.',
  },
  'int-poll-skip': {
    title: 'A poll leaves out messages in the middle',
    meaning: 'one poll left out messages in the middle',
    cause: 'The log is read while messages before others are still missing.',
  },
  'int-nonmonotonic-poll': {
    title: 'A poll goes back',
    meaning: 'one poll returned messages out of order',
    cause: 'Messages are answered in the order in which they came, not in that of their offsets.',
  },
  'int-send-skip': {
    title: 'Messages of one operation stand apart',
    meaning: 'the messages of one operation do not stand side by side in the log',
    cause: 'Others send at the same time. It is allowed, and only counted.',
  },
  'int-nonmonotonic-send': {
    title: 'Messages of one operation change places',
    meaning: 'one operation sent messages that got decreasing offsets',
    cause: 'The messages of a transaction are stored in any order.',
  },
  'poll-skip': {
    title: 'A consumer skips messages',
    meaning: "a client's next poll jumped over messages",
    cause:
      'A message gets a smaller offset than one that was polled already, or a poll answers from another place than asked.',
  },
  'nonmonotonic-poll': {
    title: 'A consumer goes back',
    meaning: "a client's next poll went back in the log",
    cause: 'A poll answers from an earlier offset than it was asked for.',
  },
  'nonmonotonic-send': {
    title: 'A later message gets an earlier offset',
    meaning: "a client's later message got an earlier offset",
    cause: 'Nodes give out offsets from ranges of their own.',
  },
};

const SETS: Readonly<Record<SetAnomaly, AnomalyWords>> = {
  lost: {
    title: 'A lost element',
    meaning:
      'An element was acknowledged, or a read showed it, and the latest reads lack it. The run is invalid.',
    cause:
      'A message between nodes was lost and not sent again; or a node forgot in a crash what it had acknowledged.',
  },
  'never-read': {
    title: 'An element that no read shows',
    meaning:
      'An element was added, and no read shows it, but it is not known to be in the set: its add is in doubt, or no read came after it. Nothing is wrong.',
    cause: 'The request failed or was not answered.',
  },
  stale: {
    title: 'A stale element',
    meaning:
      'An element was missing from a read after it was known, and was there later. Nothing is wrong, unless the set is to be linearizable; the latencies say for how long.',
    cause: 'It takes time until all nodes have an element.',
  },
  phantom: {
    title: 'An element that nothing added',
    meaning: 'A read shows an element that no client tried to add. The run is invalid.',
    cause: 'Elements are mixed up or converted, such as `"1"` for 1.',
  },
  repeated: {
    title: 'An element listed twice',
    meaning: 'A read lists an element more than once. It is a warning, and wrong under `--strict`.',
    cause: 'Elements are kept in a list, and one that comes twice is appended twice.',
  },
};

const OTHERS: Readonly<Record<OtherAnomaly, AnomalyWords>> = {
  'duplicate-id': {
    title: 'An id given out twice',
    meaning: '`unique-ids`: the same id was given out more than once.',
    cause:
      'Ids come from a counter or a clock without the name of the node; or from randomness of too few bits; or a restarted node begins anew.',
  },
  'impossible-sum': {
    title: 'A sum that cannot be',
    meaning:
      '`g-counter`, `pn-counter`: a final read is not the sum of all acknowledged additions and of any of those in doubt.',
    cause: 'An addition is lost, or counted twice because it was sent twice.',
  },
  'not-linearizable': {
    title: 'Not linearizable',
    meaning:
      '`lin-kv`: there is no order of the operations on a key, each at one instant between its request and its reply, in which all answers are right.',
    cause:
      'A read is answered by a node that has missed a write, such as a leader that was deposed; or an answer is sent before a majority has the write.',
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
      'Of some transactions each came before the others, by relations that the model forbids to be cyclic, and no cycle of them was found that has a name: ' +
      '`PL-2-cycle-exists`, for example, shows that read-committed is broken.',
    cause: 'Those of the cycles above.',
  },
  {
    name: 'empty-transaction-graph',
    title: 'Nothing depended on anything',
    meaning: 'No transaction depended on another one, so the history proves nothing.',
    cause: 'Nothing succeeded, or nothing was read that had been written.',
  },
];

export const GLOSSARY: readonly GlossaryPart[] = [
  {
    title: 'Transactions',
    about:
      'Of `txn-list-append` and `txn-rw-register`. From what transactions read follows which came before which: T1 *ww* T2, T2 overwrote ' +
      'what T1 wrote; T1 *wr* T2, T2 read what T1 wrote; T1 *rw* T2, T1 missed what T2 wrote. A cycle of these cannot be; how grave it ' +
      'is depends on what it is made of.',
    entries: [...cycleEntries(''), ...entriesOf(NOT_CYCLES, TRANSACTION_EXAMPLES)],
  },
  {
    title: 'Transactions, and the order of requests',
    about:
      'Cycles that are closed by the order in which a process made its requests (*process*), or by real time (*realtime*). Models with ' +
      '`strong-session` in their name forbid the first, those with `strong` both.',
    entries: [...cycleEntries('-process'), ...cycleEntries('-realtime'), ...WITHOUT_EXAMPLE],
  },
  {
    title: 'Logs',
    about: 'Of `kafka`. The cycles above are looked for in logs as well.',
    entries: entriesOf(LOG_ERRORS, LOG_EXAMPLES),
  },
  {
    title: 'Sets',
    about: 'Of `broadcast` and `g-set`.',
    entries: entriesOf(SETS, SET_EXAMPLES),
  },
  {
    title: 'Others',
    about: 'Of the other workloads. These names are ours; the results have no word for them.',
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
