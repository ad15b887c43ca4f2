/** What a test ends with on the terminal: the results, a plain sentence, where to look, and upstream's closing line. */
import { relative } from 'node:path';
import type { TestSpec } from '../run/test-spec.ts';
import { verdictSentence } from '../run/verdict-sentence.ts';
import { resultsToEdn } from '../store/results-text.ts';
import type { Workload } from '../workloads/workload.ts';
import { closingLine } from './closing-line.ts';
import type { Console } from './console.ts';
import { showEdn } from './show-results.ts';
import type { StoredResults } from './stored-test.ts';

export interface Outcome extends StoredResults {
  readonly spec: TestSpec;
  readonly workload: Workload;
  /** The command line that shows the run again. */
  readonly command: string;
  /** Stopped by Ctrl-C before its time. */
  readonly interrupted: boolean;
}

const MAX_ITEMS = 16;

export function showOutcome(outcome: Outcome, console: Console): void {
  const { results, spec, workload, folder, command, interrupted } = outcome;
  const validity = results['valid?'];
  console.line('');
  console.line(showEdn(resultsToEdn(results), { console, maxItems: MAX_ITEMS }));
  console.line('');
  console.line(verdictSentence(spec, results, workload));
  if (interrupted && validity !== true) {
    console.line('The run was interrupted before its end: what seems lost may only have been on its way.');
  }
  console.line(`Files: ${shortPath(folder)}   Seed: ${spec.seed}`);
  if (validity !== true) console.line(`Again: ${command}`);
  console.line('');
  const colour = validity === true ? 'green' : validity === 'unknown' ? 'yellow' : 'red';
  console.line(console.paint([colour, 'bold'], closingLine(validity)));
}

/** Relative to the current directory where that is shorter. */
function shortPath(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
}
