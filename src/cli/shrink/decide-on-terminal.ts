/** Finds what decided a failing run, with a status line. */
import { counted } from '../../protocol/count-text.ts';
import type { Decisive } from '../../recording/decisive.ts';
import type { Coursed } from '../../shrink/course-edits.ts';
import { findDecisive, type DecisiveOptions } from '../../shrink/decisive/find-decisive.ts';
import type { Console } from '../show/console.ts';
import { withTrials } from './with-trials.ts';

export type FailingRun = Pick<DecisiveOptions, 'signature' | 'story' | 'original' | 'mostEvents'> & {
  readonly spec: Coursed;
};

/** Returns undefined when Ctrl-C ended it. */
export function decideOnTerminal(
  { spec, ...run }: FailingRun,
  { workers, console }: { readonly workers: number; readonly console: Console },
): Promise<Decisive | undefined> {
  return withTrials({ bin: spec.bin, workers, console }, (runner, signal) =>
    findDecisive(spec, {
      ...run,
      runner,
      signal,
      onProgress: (runs) =>
        console.showStatus(`${counted(runs, 'run')}, looking for the decisive moment`, performance.now()),
    }),
  );
}
