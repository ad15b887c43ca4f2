/**
 * Runs every way to deviate once, twice, three times from the calm course of each scope: cell by cell (cells.ts), each
 * cell cut into branches that processes carry out (branch.ts). The failure found is the first in the order of the
 * branches, whatever the number of processes.
 */
import type { Alphabet } from '../workloads/alphabet.ts';
import { plus, type Branch, type BranchResult, type Failure, type Unjudged } from './branch.ts';
import { Cells, type Bounds, type Cell } from './cells.ts';
import { REACHES } from './deviations.ts';
import type { Pace } from './pace.ts';
import { scopeOf, wordsOf, type Scope } from './scopes.ts';
import { moreStorms, NO_STORMS, type Storms } from './storms.ts';

/** What carries out branches. */
export interface Hands {
  /** Maximum number of branches given to it at once. */
  readonly capacity: number;
  /** Returns undefined if it was closed meanwhile. */
  run(branch: Branch): Promise<BranchResult | undefined>;
  close(): void;
}

export interface ExploreOptions extends Bounds {
  readonly alphabet: Alphabet;
  readonly pace: Pace;
  readonly mostExecutions?: number;
  /** With `isCareful`, each run gets a world of its own. */
  readonly open: (isCareful: boolean) => Hands;
  readonly signal?: AbortSignal;
  /** Called when a cell begins. */
  readonly onCell?: (cell: Cell) => void;
}

export type Explored = {
  readonly executions: number;
  /** Number of executions, indexed by number of deviations. */
  readonly counts: readonly number[];
  /** Number of executions in which an operation succeeded. */
  readonly succeeded: number;
  readonly unjudged: Unjudged;
  readonly storms: Storms;
  /** True when runs of this program must not share worlds, because it leaves state behind. */
  readonly isImpure: boolean;
} & (
  | { readonly end: 'found'; readonly scope: Scope; readonly failure: Failure }
  | { readonly end: 'complete' }
  /** Ended by the limit of executions or the signal. `left` is a lower bound of the remaining runs. */
  | { readonly end: 'cut'; readonly complete: ReturnType<Cells['complete']>; readonly left: number }
);

/** One calm course in this many is run twice, in a shared world and in one of its own. */
const COMPARED_EVERY = 16;

export async function explore(options: ExploreOptions): Promise<Explored> {
  const shared = await new Exploration(options, false).run();
  return shared ?? (await new Exploration(options, true).run()) ?? cannotBe();
}

function cannotBe(): never {
  throw new Error('a run in a world of its own differs from itself');
}

class Exploration {
  private readonly cells: Cells;
  private readonly counts: number[] = [];
  private executions = 0;
  private succeeded = 0;
  private unjudged: Unjudged = { count: 0 };
  private storms = NO_STORMS;
  /**
   * Indexed by the nodes and operations of a scope: for each of its calm courses, the number of allowed deviations,
   * indexed by reach.
   */
  private readonly allowed = new Map<string, (readonly number[])[]>();
  private readonly hands: Hands;

  constructor(
    private readonly options: ExploreOptions,
    private readonly isCareful: boolean,
  ) {
    const { alphabet } = options;
    this.cells = new Cells(options, (nodes, ops) => countOf(wordsOf(alphabet, ops, nodes)));
    this.hands = options.open(isCareful);
  }

  /** Returns undefined when worlds are shared and a run shows that they must not be. */
  async run(): Promise<Explored | undefined> {
    const { signal, onCell } = this.options;
    const close = (): void => this.hands.close();
    signal?.addEventListener('abort', close);
    try {
      for (let cell = this.cells.next(); cell !== undefined; cell = this.cells.next()) {
        onCell?.(cell);
        const end = await this.runCell(cell);
        if (end === 'impure') return undefined;
        if (end === 'cut') return { ...this.soFar(), end, ...this.reached() };
        if (end !== 'done') return { ...this.soFar(), end: 'found', ...end };
      }
      return { ...this.soFar(), end: 'complete' };
    } finally {
      signal?.removeEventListener('abort', close);
      close();
    }
  }

  private soFar(): Pick<
    Explored,
    'executions' | 'counts' | 'succeeded' | 'unjudged' | 'storms' | 'isImpure'
  > {
    const { executions, counts, succeeded, unjudged, storms, isCareful } = this;
    return { executions, counts, succeeded, unjudged, storms, isImpure: isCareful };
  }

  private reached(): Pick<Extract<Explored, { readonly end: 'cut' }>, 'complete' | 'left'> {
    const ofDone = this.cells.doneRuns;
    return { complete: this.cells.complete(), left: this.cells.left - (this.executions - ofDone) };
  }

  private async runCell(cell: Cell): Promise<'done' | 'cut' | 'impure' | Found> {
    const { mostExecutions = Infinity, alphabet, pace } = this.options;
    const further = REACHES.map(() => 0);
    const allowed: (readonly number[])[] = [];
    for await (const { branch, result } of this.inOrder(this.branchesOf(cell))) {
      if (result === undefined) return 'cut';
      if (result.isImpure === true) return 'impure';
      const left = mostExecutions - this.executions;
      this.count(cell, Math.min(result.executions, left));
      this.succeeded += result.succeeded;
      this.unjudged = plus(this.unjudged, result.unjudged);
      this.storms = moreStorms(this.storms, result.storms);
      if (result.executions > left) return 'cut';
      const { failure } = result;
      if (failure !== undefined) return { scope: scopeOf(branch.word, cell.nodes, alphabet, pace), failure };
      for (const reach of REACHES) further[reach] = (further[reach] ?? 0) + (result.further[reach] ?? 0);
      allowed.push(result.further);
    }
    if (cell.deviations === 0) this.allowed.set(scopesKey(cell), allowed);
    this.cells.done(cell, further);
    return 'done';
  }

  private count({ deviations }: Cell, executions: number): void {
    this.executions += executions;
    while (this.counts.length <= deviations) this.counts.push(0);
    this.counts[deviations] = (this.counts[deviations] ?? 0) + executions;
  }

  /** Runs as many branches at once as the hands can take, and yields the results in the order of the branches. */
  private async *inOrder(branches: Iterable<Branch>): AsyncGenerator<Done> {
    const { capacity } = this.hands;
    const given: { readonly branch: Branch; readonly result: Promise<BranchResult | undefined> }[] = [];
    for (const branch of branches) {
      const result = this.hands.run(branch);
      // Keeps Node from reporting an unhandled rejection before its turn has come.
      result.catch(() => {});
      given.push({ branch, result });
      if (given.length < capacity) continue;
      const first = given.shift();
      if (first !== undefined) yield { branch: first.branch, result: await first.result };
    }
    for (const { branch, result } of given) yield { branch, result: await result };
  }

  private *branchesOf(cell: Cell): Generator<Branch> {
    const { nodes, ops, deviations, reach } = cell;
    const goesOn = deviations < this.options.mostDeviations;
    const allowed = this.allowed.get(scopesKey(cell)) ?? [];
    let number = 0;
    for (const word of wordsOf(this.options.alphabet, ops, nodes)) {
      const isCompared = number % COMPARED_EVERY === 0;
      const branch = { nodes, word, deviations, reach, goesOn, isCompared };
      const firsts = deviations === 0 ? 1 : sum((allowed[number] ?? []).slice(0, reach + 1));
      number++;
      if (deviations > 1) for (let first = 0; first < firsts; first++) yield { ...branch, first };
      else if (firsts > 0) yield branch;
    }
  }
}

type Found = Pick<Extract<Explored, { readonly end: 'found' }>, 'scope' | 'failure'>;

interface Done {
  readonly branch: Branch;
  readonly result: BranchResult | undefined;
}

const scopesKey = ({ nodes, ops }: Cell): string => `${nodes} ${ops}`;

function countOf(words: Iterable<unknown>): number {
  let count = 0;
  for (const _ of words) count++;
  return count;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
