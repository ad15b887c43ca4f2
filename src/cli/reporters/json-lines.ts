/**
 * Reports runs as JSON lines: an object for each run when it ends, and one for all at the end. docs/ci.md describes
 * them.
 */
import { plainText } from '../../protocol/shown-text.ts';
import { secondsOf, tally, type ReportedEnd, type ReportedRun } from './reported-run.ts';

/** Increases when a field is removed or changes its meaning. */
const VERSION = 1;

export function runLine({ suite, name, outcome, valid, sentence, ...more }: ReportedRun): string {
  const first = { kind: 'run', version: VERSION, suite, name, outcome, valid, sentence };
  return `${plainText(JSON.stringify({ ...first, ...more, seconds: rounded(more.seconds) }))}\n`;
}

export function summaryLine(runs: readonly ReportedRun[], { asked, exitCode }: ReportedEnd): string {
  const summary = { asked, runs: runs.length, ...tally(runs), seconds: rounded(secondsOf(runs)), exitCode };
  return `${plainText(JSON.stringify({ kind: 'summary', version: VERSION, ...summary }))}\n`;
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
