/** The workloads by name, in the order in which the guide comes to them. */
import { broadcast } from './broadcast.ts';
import { gCounter, pnCounter } from './counters.ts';
import { echo } from './echo.ts';
import { gSet } from './g-set.ts';
import { kafka } from './kafka.ts';
import { linKv } from './lin-kv.ts';
import { txnListAppend } from './txn-list-append.ts';
import { txnRwRegister } from './txn-rw-register.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

const ALL: readonly Workload[] = [
  echo,
  uniqueIds,
  broadcast,
  gSet,
  gCounter,
  pnCounter,
  linKv,
  kafka,
  txnListAppend,
  txnRwRegister,
];

export const WORKLOADS: ReadonlyMap<string, Workload> = new Map(
  ALL.map((workload) => [workload.name, workload]),
);
