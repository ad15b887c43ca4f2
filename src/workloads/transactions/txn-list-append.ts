/** txn-list-append: transactions that read lists and append to them. The most precise test of isolation. */
import { transactionsEvidence } from '../../checkers/elle/explaining/anomaly-evidence.ts';
import { transactionsFigure } from '../../checkers/elle/explaining/explain.ts';
import {
  explainListAppend,
  ListAppendChecker,
  remarkOnListAppend,
} from '../../checkers/elle/list-append/list-append.ts';
import type { TransactionsResult } from '../../checkers/elle/result.ts';
import { listAppendTxnRpc } from '../../protocol/rpcs/txn-list-append.ts';
import { transaction } from '../operation-form.ts';
import { busiest } from '../primary.ts';
import { txnClient } from './txn-client.ts';
import { transactions } from './txn-generator.ts';
import type { PreparedWorkload, GuidedWorkload, WorkloadOptions } from '../workload.ts';

function prepare(options: WorkloadOptions): PreparedWorkload<TransactionsResult> {
  const { maxTxnLength, maxWritesPerKey, keyCount, concurrency, consistencyModels } = options;
  return {
    client: (link) => txnClient(link, listAppendTxnRpc),
    ...transactions({
      write: 'append',
      maxTxnLength,
      maxWritesPerKey,
      concurrency,
      nodes: options.nodes.length,
      ...(keyCount === undefined ? {} : { keyCount }),
    }),
    primaries: busiest,
    checker: () => new ListAppendChecker({ 'consistency-models': consistencyModels }),
  };
}

export const txnListAppend: GuidedWorkload<TransactionsResult> = {
  name: 'txn-list-append',
  about:
    'Transactions over a map of keys to lists: `["r", key, null]` reads a list, `["append", key, element]` adds to its end. Every element is unique within its key, so a list shows the order of its writers, and these orders imply which transactions must have come before which. A cycle among transactions is an anomaly; `--consistency-models` decides whether it makes the run invalid. After the network has healed, a run ends with reads of all written keys, so that acknowledged writes that were lost near the end are detected.',
  rpcs: [listAppendTxnRpc],
  operations: [transaction('append')],
  prepare,
  explain: explainListAppend,
  figure: transactionsFigure,
  evidence: transactionsEvidence,
  remark: remarkOnListAppend,
  guide: {
    requests:
      'Each request is a transaction of 1 to `--max-txn-length` reads and appends over `--key-count` keys, of which the later ones are used more often. A key is written up to `--max-writes-per-key` times, then replaced by another. At the end, all written keys are read at each node.',
    checked:
      'The lists that were read imply which transaction came before which; a cycle is an [anomaly](reference/anomalies.md). `--consistency-models` determines which anomalies make the run invalid.',
    options: ['--consistency-models', '--max-txn-length', '--max-writes-per-key', '--key-count', '--nemesis'],
  },
};
