/** The names of the workloads, in the order of the guide. In a separate file, so that the help loads no workload. */
export const WORKLOAD_NAMES = [
  'echo',
  'unique-ids',
  'broadcast',
  'g-set',
  'g-counter',
  'pn-counter',
  'lin-kv',
  'kafka',
  'txn-list-append',
  'txn-rw-register',
] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];
