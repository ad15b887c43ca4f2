/** The workloads by name, in the order in which the guide comes to them. */
import { broadcast } from './broadcast.ts';
import { gCounter, pnCounter } from './counters.ts';
import { echo } from './echo.ts';
import { gSet } from './g-set.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

const ALL: readonly Workload[] = [echo, uniqueIds, broadcast, gSet, gCounter, pnCounter];

export const WORKLOADS: ReadonlyMap<string, Workload> = new Map(
  ALL.map((workload) => [workload.name, workload]),
);
