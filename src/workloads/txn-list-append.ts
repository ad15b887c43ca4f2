/** txn-list-append: transactions that read lists and append to them. The most precise test of isolation. */
import { transactionsEvidence } from '../checkers/elle/anomaly-evidence.ts';
import { transactionsFigure } from '../checkers/elle/explain.ts';
import { explainListAppend, ListAppendChecker, remarkOnListAppend } from '../checkers/elle/list-append.ts';
import type { TransactionsResult } from '../checkers/elle/result.ts';
import { listAppendTxnRpc } from '../protocol/rpcs/txn-list-append.ts';
import { transaction } from './operation-form.ts';
import { busiest } from './primary.ts';
import { txnClient } from './txn-client.ts';
import { transactions } from './txn-generator.ts';
import type { PreparedWorkload, GuidedWorkload, WorkloadOptions } from './workload.ts';

function prepare(options: WorkloadOptions): PreparedWorkload<TransactionsResult> {
  const { maxTxnLength, maxWritesPerKey, keyCount, concurrency, consistencyModels } = options;
  return {
    client: (link) => txnClient(link, listAppendTxnRpc),
    ...transactions({
      write: 'append',
      maxTxnLength,
      maxWritesPerKey,
      concurrency,
      ...(keyCount === undefined ? {} : { keyCount }),
    }),
    primaries: busiest,
    checker: () => new ListAppendChecker({ 'consistency-models': consistencyModels }),
  };
}

export const txnListAppend: GuidedWorkload<TransactionsResult> = {
  name: 'txn-list-append',
  about:
    'Transactions over a map of keys to lists: `["r", key, null]` reads a list, `["append", key, element]` adds to its ' +
    'end. Because every element is unique within its key, a list that is read tells in which order its writers came, and ' +
    'from these orders follows which transactions must have come before which. A cycle among them is a violation; how ' +
    'grave, `--consistency-models` decides. A run ends, after the network has healed, with reads of all keys that were ' +
    'written, so that acknowledged writes that were lost at the end are missed.',
  rpcs: [listAppendTxnRpc],
  operations: [transaction('append')],
  prepare,
  explain: explainListAppend,
  figure: transactionsFigure,
  evidence: transactionsEvidence,
  remark: remarkOnListAppend,
  guide: {
    requests:
      'Each request is a transaction of 1 to `--max-txn-length` reads and appends over `--key-count` keys, of which the later ones are used more often. A key is written up to `--max-writes-per-key` times, and another takes its place. In the end all keys that were written are read.',
    checked:
      'From the lists that are read follows which transaction came before which; a cycle is an [anomaly](reference/anomalies.md). Which anomalies make the run invalid follows from `--consistency-models`.',
    options: ['--consistency-models', '--max-txn-length', '--max-writes-per-key', '--key-count', '--nemesis'],
  },
};
