/**
 * A hunt as reported runs: a failed run for each kind of failure, namely the smallest, or one passed run for the whole
 * hunt.
 */
import { join } from 'node:path';
import type { HuntSummary, SummarizedGroup } from '../../hunt/hunt-summary.ts';
import { isNotSimulated } from '../../run/verdict/signature.ts';
import { counted } from '../../protocol/count-text.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { refusedRun, type ReportedRun } from '../reporters/reported-run.ts';

/** `store` is absolute. */
export function reportedHunt(summary: HuntSummary, store: string, code: ExitCode): readonly ReportedRun[] {
  const { workload, program, seed, seconds, tally, failures } = summary;
  const suite = `hunt ${workload}`;
  const runs = counted(tally.runs, 'run');
  if (failures.length > 0) return failures.map((group) => reportedKind(group, { suite, store, summary }));
  const isProved = code === EXIT.valid;
  return [
    {
      ...refusedRun(suite, isProved ? `No failure in ${runs}.` : `Nothing was proved in ${runs}.`),
      name: `${program}, ${runs}, seed ${seed}`,
      outcome: isProved ? 'passed' : 'unknown',
      seconds,
      program,
      workload,
      seed,
    },
  ];
}

function reportedKind(
  { signature, count, smallest }: SummarizedGroup,
  {
    suite,
    store,
    summary,
  }: { readonly suite: string; readonly store: string; readonly summary: HuntSummary },
): ReportedRun {
  const { spec, sentence, command, kept, nanos } = smallest;
  const folder = kept === undefined ? null : join(store, kept);
  const often = `It failed this way in ${count} of ${counted(summary.tally.runs, 'run')}.`;
  return {
    ...refusedRun(suite, `${sentence}\n${often}`),
    name: `${summary.program}: ${signature.join(', ')}`,
    outcome: isNotSimulated(signature) ? 'unknown' : 'failed',
    valid: isNotSimulated(signature) ? 'unknown' : false,
    seconds: spec.world === 'real' ? nanos / 1e9 : 0,
    program: summary.program,
    workload: summary.workload,
    world: spec.world,
    nodes: spec.nodes.length,
    seed: spec.seed,
    folder,
    command,
  };
}
