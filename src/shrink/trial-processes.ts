/**
 * Trials in several worker processes at once. A trial that kills or hangs its process does not count as the same
 * failure, since only a verdict does.
 */
import { SimulationProcess } from '../harness/simulations/simulation-process.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { lookAt } from './one-trial.ts';
import type { FromTrials, ToTrials } from './trial-messages.ts';
import { NO_VERDICT, type LookedAtTrial, type Trial, type TrialLimits, type TrialRunner } from './trials.ts';

type TrialProcess = SimulationProcess<ToTrials, FromTrials['answer']>;

export class TrialProcesses implements TrialRunner {
  private readonly processes: readonly TrialProcess[];
  private count = 0;

  constructor(
    /** dist/trial-worker.js. */
    file: string,
    /** The program as prepared by `bundleNode`. */
    private readonly bin: string,
    readonly width: number,
  ) {
    this.processes = Array.from({ length: width }, (): TrialProcess => new SimulationProcess(file));
  }

  async run(spec: TestSpec, limits?: TrialLimits): Promise<Trial> {
    const [idlest] = this.processes.toSorted((one, other) => one.load - other.load);
    if (idlest === undefined) throw new Error('there is a process for trials');
    const order = { number: this.count++, spec: { ...spec, bin: this.bin }, limits };
    return (await idlest.run(order)) ?? NO_VERDICT;
  }

  look(spec: TestSpec): Promise<LookedAtTrial> {
    return lookAt({ ...spec, bin: this.bin });
  }

  close(): void {
    for (const one of this.processes) one.close();
  }
}
