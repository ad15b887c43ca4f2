/**
 * Branches in several processes at once. A branch that kills or hangs its process is repeated in this one, with a world
 * of its own for each run, where a node that does not yield is ended.
 */
import { SimulationProcess } from '../harness/simulations/simulation-process.ts';
import type { Branch, BranchResult, BranchSettings } from './branch.ts';
import type { Hands } from './explore.ts';
import type { FromExplorer, ToExplorer } from './explore-messages.ts';
import { openBrancher } from './open-brancher.ts';

/**
 * Branches given out per process, so that a process that finishes one has the next at hand and none waits for the first
 * in order.
 */
const BRANCHES_AHEAD = 8;

export interface ExploreProcessesOptions {
  /** dist/explore-worker.js. */
  readonly file: string;
  readonly workers: number;
  readonly settings: BranchSettings;
  /** Called when a branch is done, with its number of executions. */
  readonly onBranch?: (executions: number) => void;
}

type Explorer = SimulationProcess<ToExplorer, FromExplorer['answer']>;

export class ExploreProcesses implements Hands {
  readonly capacity: number;
  private readonly processes: readonly Explorer[];
  private readonly cpuMsOf = new Map<Explorer, number>();
  private number = 0;
  private isClosed = false;

  constructor(private readonly options: ExploreProcessesOptions) {
    this.capacity = BRANCHES_AHEAD * options.workers;
    this.processes = Array.from(
      { length: options.workers },
      (): Explorer => new SimulationProcess(options.file),
    );
  }

  /** CPU time of the processes, as last reported by each. */
  get cpuMs(): number {
    return [...this.cpuMsOf.values()].reduce((sum, ms) => sum + ms, 0);
  }

  async run(branch: Branch): Promise<BranchResult | undefined> {
    const { settings, onBranch } = this.options;
    const [idlest] = this.processes.toSorted((one, other) => one.load - other.load);
    if (idlest === undefined) throw new Error('there is a process that explores');
    const answer = await idlest.run({ number: this.number++, settings, branch });
    if (answer !== undefined) this.cpuMsOf.set(idlest, answer.cpuMs);
    const result = answer?.result ?? (this.isClosed ? undefined : await this.runHere(branch));
    if (result !== undefined) onBranch?.(result.executions);
    return result;
  }

  close(): void {
    this.isClosed = true;
    for (const one of this.processes) one.close();
  }

  private async runHere(branch: Branch): Promise<BranchResult | undefined> {
    const brancher = await openBrancher({ ...this.options.settings, isCareful: true });
    return brancher.run(branch);
  }
}
