/**
 * The kinds of cycles: what each may contain, the order in which they are searched for, and the projections of the
 * graph that show a model to be violated before any cycle has a name.
 *
 * A relation is one bit of an edge. `then` is the bit of helper edges, which are no dependency of their own but
 * continue the one that led to the helper (see graph/dependency-graph.ts).
 */
export const RELATION = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16, then: 32 } as const;

export type RelationName = 'ww' | 'wr' | 'rw' | 'process' | 'realtime';

export const DEPENDENCIES = RELATION.ww | RELATION.wr;

export function relationName(bit: number): RelationName {
  switch (bit) {
    case RELATION.ww:
      return 'ww';
    case RELATION.wr:
      return 'wr';
    case RELATION.rw:
      return 'rw';
    case RELATION.process:
      return 'process';
    case RELATION.realtime:
      return 'realtime';
    default:
      throw new Error(`${bit} is not the bit of one relation`);
  }
}

/** How anti-dependencies (rw) occur in a cycle. */
export type AntiDependencies = 'none' | 'one' | 'nonadjacent' | 'adjacent';

/** The kinds that are searched for by name: each alone, with process order, or with realtime order. */
export type CycleName =
  `${'G0' | 'G1c' | 'G-single-item' | 'G-nonadjacent-item' | 'G2-item'}${'' | '-process' | '-realtime'}`;

export interface CycleType {
  readonly name: string;
  /**
   * True if only ww edges are allowed besides rw and the order relation; otherwise ww and wr, with at least one wr if
   * rw is `none`.
   */
  readonly writesOnly: boolean;
  readonly rw: AntiDependencies;
  /** The order relation of which the cycle must contain at least one edge; 0 for none. */
  readonly order: number;
}

const BASES: readonly (readonly [string, boolean, AntiDependencies])[] = [
  ['G0', true, 'none'],
  ['G1c', false, 'none'],
  ['G-single-item', false, 'one'],
  ['G-nonadjacent-item', false, 'nonadjacent'],
  ['G2-item', false, 'adjacent'],
];

const TYPES = new Map<string, CycleType>(
  [
    { suffix: '', order: 0 },
    { suffix: '-process', order: RELATION.process },
    { suffix: '-realtime', order: RELATION.realtime },
  ].flatMap(({ suffix, order }) =>
    BASES.map(([base, writesOnly, rw]): [string, CycleType] => [
      base + suffix,
      { name: base + suffix, writesOnly, rw, order },
    ]),
  ),
);

export function cycleType(name: string): CycleType {
  const type = TYPES.get(name);
  if (type === undefined) throw new Error(`${name} is not a kind of cycle`);
  return type;
}

/**
 * Kinds in search order: the more a kind implies, the earlier. The kinds for predicates (G-single, G-nonadjacent, G2
 * without -item) are left out: neither workload has predicates.
 */
export const SEARCH_ORDER: readonly CycleType[] = [
  'G-single-item',
  'G0',
  'G-nonadjacent-item',
  'G-single-item-process',
  'G1c',
  'G-nonadjacent-item-process',
  'G-single-item-realtime',
  'G2-item',
  'G-nonadjacent-item-realtime',
  'G0-process',
  'G1c-process',
  'G2-item-process',
  'G0-realtime',
  'G1c-realtime',
  'G2-item-realtime',
].map(cycleType);

export interface Projection {
  /** The anomaly reported if a cycle remains: `PL-SI-cycle-exists`. */
  readonly name: string;
  /** The canonical name of the model it violates. */
  readonly model: string;
  /** Relations that may be used freely. */
  readonly relations: number;
  /** Relations of which one edge may follow an edge of `relations`, but never two in a row; 0 for none. */
  readonly alternating: number;
  /** The kinds that a cycle in this projection may have if no weaker projection has one. */
  readonly kinds: readonly string[];
}

function projectionsOf(
  suffix: string,
  order: number,
  models: readonly [string, string, string, string],
): readonly Projection[] {
  const shapes: readonly (readonly [number, number, readonly string[]])[] = [
    [RELATION.ww, 0, ['G0']],
    [DEPENDENCIES, 0, ['G1c']],
    [DEPENDENCIES, RELATION.rw, ['G-single-item', 'G-nonadjacent-item']],
    [DEPENDENCIES | RELATION.rw, 0, ['G2-item']],
  ];
  return shapes.map(([relations, alternating, kinds], index) => {
    const model = models[index] ?? '';
    return {
      name: `${model}-cycle-exists`,
      model,
      relations: relations | order,
      alternating,
      kinds: kinds.map((kind) => kind + suffix),
    };
  });
}

/**
 * Weakest first. Upstream's list also has PL-3 after PL-2.99. The two differ only in predicates, so here a cycle in
 * PL-3 is always one in PL-2.99, which already rules out PL-3.
 */
export const PROJECTIONS: readonly Projection[] = [
  ...projectionsOf('', 0, ['PL-1', 'PL-2', 'PL-SI', 'PL-2.99']),
  ...projectionsOf('-process', RELATION.process, [
    'strong-session-PL-1',
    'strong-session-PL-2',
    'strong-session-snapshot-isolation',
    'strong-session-serializable',
  ]),
  ...projectionsOf('-realtime', RELATION.realtime, [
    'strong-PL-1',
    'strong-PL-2',
    'strong-snapshot-isolation',
    'PL-SS',
  ]),
];
