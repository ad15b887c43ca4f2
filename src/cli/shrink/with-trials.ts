/** Runs trials in worker processes on a terminal: the first Ctrl-C asks them to end, a second one exits the command. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../harness/package-folder.ts';
import { TrialProcesses } from '../../shrink/trial-processes.ts';
import type { TrialRunner } from '../../shrink/trials.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import type { Console } from '../show/console.ts';

export interface TrialsOptions {
  /** The program that all trials run. */
  readonly bin: string;
  /** Maximum number of trials at once. */
  readonly workers: number;
  readonly console: Console;
}

export async function withTrials<T>(
  { bin: program, workers, console }: TrialsOptions,
  work: (runner: TrialRunner, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const temp = mkdtempSync(join(tmpdir(), 'maelstrom-shrink-'));
  const stopping = new AbortController();
  const stopListening = abortOnInterrupt(stopping);
  try {
    const { bin } = await bundleNode(program, 'simulated', temp);
    const runner = new TrialProcesses(packageFile('dist/trial-worker.js'), bin, workers);
    try {
      return await work(runner, stopping.signal);
    } finally {
      runner.close();
    }
  } finally {
    stopListening();
    console.clearStatus();
    rmSync(temp, { recursive: true, force: true });
  }
}
