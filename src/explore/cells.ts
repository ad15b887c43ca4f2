/**
 * The order in which the runs within the bounds are made. A cell is all runs with the same number of nodes, operations and deviations,
 * and the same reach. The smallest cell comes first, but none before those that are smaller than it in one of the four and larger in none.
 * So most failures are found soon, and nothing is wrong within smaller bounds than those in which one is found.
 *
 *     1 operation, calm -> 2 operations, calm -> 1 operation, a node cut off -> ... -> 3 operations, 3 deviations
 *
 * How many runs a cell has is known once the cells are done which its runs deviate from.
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

/** The factor by which each deviation beyond the first puts a cell back: most bugs need one deviation, but another operation. */
const DEVIATION_WEIGHT = 4;

interface Known {
  readonly cell: Cell;
  /** How many runs it has, as far as the cells that are done say; of calm courses undefined until they are to be tried. */
  size: number | undefined;
  isDone: boolean;
}

export class Cells {
  private readonly all = new Map<string, Known>();

  /** `calmRuns`: how many scopes there are, which takes long to count for many operations. */
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

  /** The next one; undefined when all are done. Those without a run are skipped. */
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

  /** All its runs were made; `further` says how many have one deviation more, by their reach. */
  done(cell: Cell, further: readonly number[]): void {
    this.get(cell).isDone = true;
    for (const reach of REACHES) {
      const next = this.all.get(keyOf({ ...cell, deviations: cell.deviations + 1, reach }));
      if (next !== undefined) next.size = (next.size ?? 0) + (further[reach] ?? 0);
    }
  }

  /** The largest bounds within which all is done: none of them is within another one. */
  complete(): readonly Pick<Cell, 'nodes' | 'ops' | 'deviations'>[] {
    const corners = [...this.all.values()]
      .map(({ cell }) => cell)
      .filter((cell) => cell.reach === 0 && this.isAllDone(cell));
    return corners
      .filter((cell) => !corners.some((other) => other !== cell && isWithin(cell, other)))
      .map(({ nodes, ops, deviations }) => ({ nodes, ops, deviations }));
  }

  /** How many runs the cells have that are done. */
  get doneRuns(): number {
    return [...this.all.values()].reduce((sum, { size, isDone }) => sum + (isDone ? (size ?? 0) : 0), 0);
  }

  /** How many runs are known to be left, at least: of what they are deviated from nothing is known yet. */
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
      // What has its reach from its last deviation deviates from one of less reach.
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

const weightOf = ({ cell, size = 0 }: Known): number =>
  size * DEVIATION_WEIGHT ** Math.max(0, cell.deviations - 1);

const keyOf = ({ nodes, ops, deviations, reach }: Cell): string => `${nodes} ${ops} ${deviations} ${reach}`;

const isWithin = (one: Cell, other: Cell): boolean =>
  one.nodes <= other.nodes && one.ops <= other.ops && one.deviations <= other.deviations;
