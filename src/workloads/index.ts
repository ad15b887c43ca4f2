/** The workloads by name, in the order of the guide. */
import { broadcast } from './broadcast.ts';
import { gCounter, pnCounter } from './counters.ts';
import { echo } from './echo.ts';
import { gSet } from './g-set.ts';
import { kafka } from './kafka/kafka.ts';
import { linKv } from './lin-kv/lin-kv.ts';
import { WORKLOAD_NAMES, type WorkloadName } from './names.ts';
import { txnListAppend } from './transactions/txn-list-append.ts';
import { txnRwRegister } from './transactions/txn-rw-register.ts';
import { uniqueIds } from './unique-ids.ts';
import type { GuidedWorkload } from './workload.ts';

const BY_NAME: Readonly<Record<WorkloadName, GuidedWorkload>> = {
  echo,
  'unique-ids': uniqueIds,
  broadcast,
  'g-set': gSet,
  'g-counter': gCounter,
  'pn-counter': pnCounter,
  'lin-kv': linKv,
  kafka,
  'txn-list-append': txnListAppend,
  'txn-rw-register': txnRwRegister,
};

export const WORKLOADS: ReadonlyMap<string, GuidedWorkload> = new Map(
  WORKLOAD_NAMES.map((name) => [name, BY_NAME[name]]),
);
