/**
 * The order of the runs within the bounds. A cell is the set of all runs with the same number of nodes, operations and
 * deviations, and the same reach. The smallest ready cell comes next; a cell is ready when all cells are done that are
 * smaller in one of the four and larger in none. So most failures are found early, and when one is found, no smaller
 * bounds contain a failure.
 *
 *     1 operation, calm -> 2 operations, calm -> 1 operation, a node cut off -> ... -> 3 operations, 3 deviations
 *
 * The size of a cell is known once the cells that its runs deviate from are done.
 */
import { REACHES, type Reach } from './deviations.ts';

export interface Bounds {
  readonly leastNodes: number;
  readonly mostNodes: number;
  readonly mostOps: number;
  readonly mostDeviations: number;
}

export interface Cell {
  readonly nodes: number;
  readonly ops: number;
  readonly deviations: number;
  readonly reach: Reach;
}

/**
 * Each deviation beyond the first multiplies the weight of a cell by this: most bugs need one deviation and another
 * operation rather than a second deviation.
 */
const DEVIATION_WEIGHT = 4;
/**
 * Up to this reach deviations are few, and change leaders, which is what it takes to lose the work of a majority: cells
 * weigh a sixteenth of their size, whatever the number of deviations.
 */
const FEW_REACH: Reach = 1;
const FEW_REACH_SHARE = 1 / 16;
/** There each operation beyond the first multiplies the weight by this: a single write is enough to be lost. */
const OP_WEIGHT = 8;

interface Known {
  readonly cell: Cell;
  /** Number of its runs, as far as completed cells show; undefined for a calm cell until it is considered. */
  size: number | undefined;
  isDone: boolean;
}

export class Cells {
  private readonly all = new Map<string, Known>();

  /** `calmRuns` counts the scopes of a size, which is slow for many operations. */
  constructor(
    bounds: Bounds,
    private readonly calmRuns: (nodes: number, ops: number) => number,
  ) {
    for (let deviations = 0; deviations <= bounds.mostDeviations; deviations++) {
      for (let ops = 1; ops <= bounds.mostOps; ops++) {
        for (let nodes = bounds.leastNodes; nodes <= bounds.mostNodes; nodes++) {
          for (const reach of deviations === 0 ? REACHES.slice(0, 1) : REACHES) {
            const size = deviations === 0 ? undefined : 0;
            this.all.set(keyOf({ nodes, ops, deviations, reach }), {
              cell: { nodes, ops, deviations, reach },
              size,
              isDone: false,
            });
          }
        }
      }
    }
  }

  /** Returns the next cell, skipping empty ones; undefined when all are done. */
  next(): Cell | undefined {
    for (;;) {
      let least: Known | undefined;
      for (const known of this.all.values()) {
        if (known.isDone || !this.isReady(known.cell)) continue;
        known.size ??= this.calmRuns(known.cell.nodes, known.cell.ops);
        if (least === undefined || weightOf(known) < weightOf(least)) least = known;
      }
      if (least === undefined) return undefined;
      if (least.size !== 0) return least.cell;
      least.isDone = true;
    }
  }

  /** Marks a cell as done. `further` is the number of runs with one more deviation, indexed by reach. */
  done(cell: Cell, further: readonly number[]): void {
    this.get(cell).isDone = true;
    for (const reach of REACHES) {
      const next = this.all.get(keyOf({ ...cell, deviations: cell.deviations + 1, reach }));
      if (next !== undefined) next.size = (next.size ?? 0) + (further[reach] ?? 0);
    }
  }

  /** Returns the maximal bounds within which all cells are done. */
  complete(): readonly Pick<Cell, 'nodes' | 'ops' | 'deviations'>[] {
    const corners = [...this.all.values()]
      .map(({ cell }) => cell)
      .filter((cell) => cell.reach === 0 && this.isAllDone(cell));
    return corners
      .filter((cell) => !corners.some((other) => other !== cell && isWithin(cell, other)))
      .map(({ nodes, ops, deviations }) => ({ nodes, ops, deviations }));
  }

  /** Number of runs in the completed cells. */
  get doneRuns(): number {
    return [...this.all.values()].reduce((sum, { size, isDone }) => sum + (isDone ? (size ?? 0) : 0), 0);
  }

  /** Lower bound of the runs that are left: the runs that deviate from these are not counted yet. */
  get left(): number {
    return [...this.all.values()].reduce((sum, { size, isDone }) => sum + (isDone ? 0 : (size ?? 0)), 0);
  }

  private isAllDone(bound: Cell): boolean {
    return [...this.all.values()].every(
      ({ cell, isDone }) => isDone || !isWithin({ ...cell, reach: 0 }, bound),
    );
  }

  private isReady(cell: Cell): boolean {
    const { nodes, ops, deviations, reach } = cell;
    const before: Cell[] = [
      { ...cell, nodes: nodes - 1 },
      { ...cell, ops: ops - 1 },
      // A run that owes its reach to its last deviation may deviate from a run of smaller reach.
      ...REACHES.filter((less) => less <= reach).map((less) => ({
        ...cell,
        deviations: deviations - 1,
        reach: less,
      })),
      ...REACHES.filter((less) => less < reach).map((less) => ({ ...cell, reach: less })),
    ];
    return before.every((each) => this.all.get(keyOf(each))?.isDone ?? true);
  }

  private get(cell: Cell): Known {
    const known = this.all.get(keyOf(cell));
    if (known === undefined) throw new Error(`there is a cell ${keyOf(cell)}`);
    return known;
  }
}

const weightOf = ({ cell: { ops, deviations, reach }, size = 0 }: Known): number =>
  size *
  (deviations > 0 && reach <= FEW_REACH
    ? FEW_REACH_SHARE * OP_WEIGHT ** (ops - 1)
    : DEVIATION_WEIGHT ** Math.max(0, deviations - 1));

const keyOf = ({ nodes, ops, deviations, reach }: Cell): string => `${nodes} ${ops} ${deviations} ${reach}`;

const isWithin = (one: Cell, other: Cell): boolean =>
  one.nodes <= other.nodes && one.ops <= other.ops && one.deviations <= other.deviations;
