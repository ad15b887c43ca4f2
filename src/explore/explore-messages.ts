/** What a process that explores and its parent say to each other. */
import type { Carried } from '../harness/simulations/simulation-process.ts';
import type { Branch, BranchResult, BranchSettings } from './branch.ts';

export interface ToExplorer {
  readonly number: number;
  /** Always the same for one process. */
  readonly settings: BranchSettings;
  readonly branch: Branch;
}

/** `cpuMs`: all processor time of the process so far. */
export type FromExplorer = Carried<{ readonly result: BranchResult; readonly cpuMs: number }>;
