/** txn-rw-register: transactions that read and write registers. Less is visible than with lists, so less can be proved. */
import { explainRwRegister, RwRegisterChecker } from '../checkers/elle/rw-register.ts';
import { rwRegisterTxnRpc } from '../protocol/rpcs/txn-rw-register.ts';
import { busiest } from './primary.ts';
import { txnClient } from './txn-client.ts';
import { transactions } from './txn-generator.ts';
import type { PreparedWorkload, Workload, WorkloadOptions } from './workload.ts';

function prepare(options: WorkloadOptions): PreparedWorkload {
  const { maxTxnLength, maxWritesPerKey, keyCount, consistencyModels } = options;
  return {
    client: (link) => txnClient(link, rwRegisterTxnRpc),
    generator: transactions({
      write: 'w',
      maxTxnLength,
      maxWritesPerKey,
      ...(keyCount === undefined ? {} : { keyCount }),
    }),
    primaries: busiest,
    checker: () => new RwRegisterChecker({ 'consistency-models': consistencyModels, 'wfr-keys?': true }),
  };
}

export const txnRwRegister: Workload = {
  name: 'txn-rw-register',
  about:
    'Transactions over a map of keys to values: `["r", key, null]` reads, `["w", key, value]` replaces. Every value is ' +
    'written once per key, so a read names the transaction it saw. The order of the versions of a key follows only from ' +
    'transactions that read it and then write it.',
  rpcs: [rwRegisterTxnRpc],
  prepare,
  explain: explainRwRegister,
};
