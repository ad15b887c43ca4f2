/** Words for what transactions show without a cycle. */
import type { NoOrderType } from '../../elle/anomaly-records.ts';
import type { CycleName } from '../../elle/cycles/cycle-types.ts';
import type { TransactionAnomaly } from '../examples/transaction-examples.ts';
import type { AnomalyWords } from './anomaly-words.ts';

export const TRANSACTION_WORDS: Readonly<
  Record<Exclude<TransactionAnomaly, CycleName | NoOrderType>, AnomalyWords>
> = {
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
