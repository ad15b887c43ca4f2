/** txn-rw-register: transactions that read and write registers. They show less than lists, so less can be proved. */
import { transactionsEvidence } from '../../checkers/elle/explaining/anomaly-evidence.ts';
import { transactionsFigure } from '../../checkers/elle/explaining/explain.ts';
import { TRIED_STEPS } from '../../checkers/elle/levels/deciding.ts';
import {
  explainRwRegister,
  remarkOnRwRegister,
  RwRegisterChecker,
  type RwRegisterResult,
} from '../../checkers/elle/rw-register/rw-register.ts';
import { rwRegisterTxnRpc } from '../../protocol/rpcs/txn-rw-register.ts';
import { transaction } from '../operation-form.ts';
import { busiest } from '../primary.ts';
import { txnClient } from './txn-client.ts';
import { transactions } from './txn-generator.ts';
import type { PreparedWorkload, GuidedWorkload, WorkloadOptions } from '../workload.ts';

function prepare(options: WorkloadOptions): PreparedWorkload<RwRegisterResult> {
  const { maxTxnLength, maxWritesPerKey, keyCount, concurrency, consistencyModels } = options;
  const { wfrKeys = true, sequentialKeys = false, linearizableKeys = false, decide = true } = options;
  return {
    client: (link) => txnClient(link, rwRegisterTxnRpc),
    ...transactions({
      write: 'w',
      maxTxnLength,
      maxWritesPerKey,
      concurrency,
      nodes: options.nodes.length,
      ...(keyCount === undefined ? {} : { keyCount }),
    }),
    primaries: busiest,
    checker: () =>
      new RwRegisterChecker({
        'consistency-models': consistencyModels,
        'wfr-keys?': wfrKeys,
        'sequential-keys?': sequentialKeys,
        'linearizable-keys?': linearizableKeys,
        'decide?': decide,
        'decide-steps': TRIED_STEPS,
      }),
  };
}

export const txnRwRegister: GuidedWorkload<RwRegisterResult> = {
  name: 'txn-rw-register',
  about:
    'Transactions over a map of keys to values: `["r", key, null]` reads, `["w", key, value]` replaces. Every value is written once per key, so a read identifies the transaction that it saw. The order of the versions of a key is inferred from transactions that read it and then write it and, if the system guarantees it, from the order in which each process (`--sequential-keys`) or all processes (`--linearizable-keys`) accessed it. After the network has healed, a run ends with reads of all written keys.',
  rpcs: [rwRegisterTxnRpc],
  operations: [transaction('w')],
  prepare,
  explain: explainRwRegister,
  figure: transactionsFigure,
  evidence: transactionsEvidence,
  remark: remarkOnRwRegister,
  guide: {
    requests:
      'Each request is a transaction of 1 to `--max-txn-length` reads and writes over `--key-count` keys; each value is written to a key once.',
    checked:
      'A register shows only its latest value, so the order of its versions is inferred, from what transactions read before they wrote and from the guarantees of `--sequential-keys` or `--linearizable-keys`. If this inference finds no anomaly, the checker searches for an order of all transactions that satisfies the model (for up to 20,000 transactions); if that takes too long, the inferred verdict stands, and the result says so. A cycle is an [anomaly](reference/anomalies.md).',
    options: [
      '--consistency-models',
      '--wfr-keys',
      '--decide',
      '--sequential-keys',
      '--linearizable-keys',
      '--max-txn-length',
    ],
  },
};
