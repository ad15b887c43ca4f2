/**
 * Names from the literature, and from what models forbid, that stand for several anomalies of results: `G-single`
 * itself is not an anomaly of a result, but `G-single-item` is.
 */
export interface AnomalyFamily {
  readonly name: string;
  /** Other names. */
  readonly also: readonly string[];
  /** What its members have in common, as Markdown. */
  readonly about: string;
  /** The names used in results and in the glossary. */
  readonly members: readonly string[];
}

const ORDERS = ['', '-process', '-realtime'] as const;
type Order = (typeof ORDERS)[number];

const OF_ORDER: Readonly<Record<Order, string>> = {
  '': ' The models that forbid it allow cycles that exist only because of the order of a process or real time.',
  '-process': ' The order of a process’s requests also counts.',
  '-realtime': ' Real time and the order of a process’s requests also count.',
};

interface CycleFamily extends Omit<AnomalyFamily, 'members'> {
  readonly base: string;
  /** Members other than the cycles of that name. */
  readonly others: readonly string[];
}

const CYCLE_FAMILIES: readonly CycleFamily[] = [
  {
    name: 'G1',
    also: ['dirty read'],
    base: 'G1c',
    others: ['G1a', 'G1b'],
    about: 'Reads of aborted or intermediate writes, and cycles of writes and reads.',
  },
  {
    name: 'G-single',
    also: ['read skew'],
    base: 'G-single-item',
    others: [],
    about: 'A cycle of dependencies in which exactly one read missed a later write.',
  },
  {
    name: 'G-nonadjacent',
    also: ['long fork'],
    base: 'G-nonadjacent-item',
    others: [],
    about: 'A cycle of dependencies in which reads missed later writes, no two of them next to each other.',
  },
  {
    name: 'G2',
    also: ['anti-dependency cycle'],
    base: 'G2-item',
    others: [],
    about: 'A cycle of dependencies in which reads missed later writes.',
  },
];

/**
 * The plain family has the members of every order; a `-process` or `-realtime` family has those of its own and earlier
 * orders.
 */
export const FAMILIES: readonly AnomalyFamily[] = [
  ...ORDERS.flatMap((order) =>
    CYCLE_FAMILIES.map(({ name, also, base, others, about }): AnomalyFamily => ({
      name: `${name}${order}`,
      also: order === '' ? also : [],
      about: `${about}${OF_ORDER[order]}`,
      members: [
        ...others,
        ...(order === '' ? ORDERS : ORDERS.slice(0, ORDERS.indexOf(order) + 1)).map((one) => `${base}${one}`),
      ],
    })),
  ),
  {
    name: 'fractured reads',
    also: [],
    about: 'A transaction saw some writes of another transaction and missed others. Read atomic forbids it.',
    members: ['fractured-read', 'fractured-read-process', 'OTV', 'OTV-process'],
  },
];
