/** The messages between an explorer process and its parent. */
import type { Carried } from '../harness/simulations/simulation-process.ts';
import type { Branch, BranchResult, BranchSettings } from './branch.ts';

export interface ToExplorer {
  readonly number: number;
  /** The same in all messages to one process. */
  readonly settings: BranchSettings;
  readonly branch: Branch;
}

/** `cpuMs` is the CPU time of the process so far. */
export type FromExplorer = Carried<{ readonly result: BranchResult; readonly cpuMs: number }>;
