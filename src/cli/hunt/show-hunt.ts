/** The final output of a hunt: failures with their commands, what has been tried, and what remains open. */
import { counted } from '../../protocol/count-text.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import { sizeOf } from '../../hunt/failure-groups.ts';
import { MOST_DOUBTS } from '../../hunt/hunt.ts';
import type { Doubt } from '../../hunt/job.ts';
import type {
  HuntSummary,
  SummarizedFailure,
  SummarizedGroup,
  UnfinishedRun,
} from '../../hunt/hunt-summary.ts';
import { isNotSimulated } from '../../run/verdict/signature.ts';
import { DEMANDING_FAULTS } from '../../hunt/plan/usual-faults.ts';
import { provesNothing, type Tally } from '../../hunt/tally.ts';
import { clusterTime } from '../../recording/cluster-time.ts';
import type { Console } from '../show/console.ts';
import { count } from '../show/count.ts';

const MOST_SHOWN = 10;
const MOST_EXPECTED = 20;

export function showHunt(summary: HuntSummary, console: Console): void {
  const { failures, tally, doubts } = summary;
  console.line('');
  if (failures.length > 0) showFailures(summary, console);
  console.line(triedText(summary));
  for (const line of faultLines(summary)) console.line(line);
  for (const line of fateLines(summary)) console.line(line);
  for (const line of expectedLines(summary)) console.line(line);
  for (const line of emptyRunLines(tally)) console.line(console.paint('yellow', line));
  showDoubts(doubts, console);
  if (summary.unfinished !== undefined) showUnfinished(summary.unfinished, console);
  console.line('');
  console.line(verdictLine(summary, console));
  for (const line of untriedLines(summary)) console.line(line);
}

/** Shows the smallest failure last, where it is noticed. */
function showFailures({ failures, otherFailures }: HuntSummary, console: Console): void {
  const bySize = failures.toSorted((a, b) => sizeOf(b.smallest) - sizeOf(a.smallest));
  const shown = bySize.slice(-MOST_SHOWN);
  if (shown.length < failures.length) {
    console.line(`${counted(failures.length - shown.length, 'more kind')} of failures: see summary.json.`);
  }
  if (otherFailures > 0) {
    console.line(
      `${counted(otherFailures, 'failure')} of other kinds ${otherFailures === 1 ? 'was' : 'were'} only counted.`,
    );
  }
  for (const [at, group] of shown.entries()) showGroup(group, at === shown.length - 1, console);
}

/** Shows a kind of failure; for the last one, which is the smallest, the whole verdict. */
function showGroup(
  { signature, also, count: times, smallest }: SummarizedGroup,
  isLast: boolean,
  console: Console,
): void {
  const more = also.length === 0 ? '' : ` (also ${also.join(', ')})`;
  const often = times === 1 ? '' : `, ${times} times; the smallest`;
  console.line(
    console.paint(
      ['red', 'bold'],
      `${signature.join(', ')}${more}${often}: run ${smallest.number}, ${sizeText(smallest)}`,
    ),
  );
  const [first = ''] = smallest.sentence.split('\n');
  console.line(shownLines(isLast ? smallest.sentence : first));
  console.line(`Again: ${smallest.command}`);
  console.line('');
}

function sizeText({ spec, operations, messages }: SummarizedFailure): string {
  const faults = spec.nemesis.length === 0 ? 'no faults' : spec.nemesis.join(', ');
  const parts = [
    counted(spec.nodes.length, 'node'),
    counted(operations, 'operation'),
    counted(messages, 'message'),
    faults,
  ];
  return parts.join(', ');
}

function triedText({ world, tally, seconds, cpuSeconds, workers, seed }: HuntSummary): string {
  const { runs, operations, messages, virtualNanos } = tally;
  const perSecond = runs / seconds;
  const rate =
    seconds > 0 ? ` (${perSecond < 1 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s)` : '';
  const cpu =
    world === 'real'
      ? `up to ${counted(workers, 'cluster')} at once`
      : `${cpuSeconds.toFixed(1)} s of processor time in ${counted(workers, 'process', 'processes')}`;
  return (
    `${count(runs)} ${runs === 1 ? 'run' : 'runs'} in ${seconds.toFixed(1)} s${rate}, ${cpu}: ${clusterTime(virtualNanos / 1e9)}, ${count(operations)} operations, ` +
    `${count(messages)} messages. Seed: ${seed}`
  );
}

/** Returns lines with the number of runs in which each fault occurred, and whether it met any requests. */
function faultLines({ faults, tally }: HuntSummary): readonly string[] {
  if (tally.runs === 0 || faults.length === 0) return [];
  const width = Math.max(...faults.map((fault) => fault.length), 'fault'.length);
  const row = (name: string, ...cells: readonly (string | number)[]): string =>
    `  ${name.padEnd(width)}${cells.map((cell, at) => String(cell).padStart(FAULT_COLUMNS[at] ?? 0)).join('')}`;
  return [
    row('fault', 'runs with it', 'requests in flight when it began', 'requests succeeded during it'),
    ...faults.map((fault) => {
      const { began = 0, underWay = 0, succeeded = 0 } = tally.faults[fault] ?? {};
      return began === 0 ? row(fault, 'never') : row(fault, began, underWay, succeeded);
    }),
  ];
}

function fateLines({ fates }: HuntSummary): readonly string[] {
  return fates.length === 0
    ? []
    : [
        'Messages between servers, in every tenth run:',
        ...fates.map((sentence) => `  ${shownLines(sentence)}`),
      ];
}

/** Returns lines on expected events, those that never occurred first. */
function expectedLines({ expected, tally }: HuntSummary): readonly string[] {
  if (expected.length === 0) return [];
  const left = expected.length - MOST_EXPECTED;
  return [
    `What should happen at least once, in ${counted(tally.runs, 'run')}:`,
    ...expected.slice(0, MOST_EXPECTED).map((sentence) => `  ${shownLines(sentence)}`),
    ...(left > 0 ? [`  ... and ${left} more, see summary.json.`] : []),
  ];
}

const FAULT_COLUMNS = [14, 34, 30];

/** Warns if many runs had no successful operation, so that there was nothing to find a failure in. */
function emptyRunLines({ runs, withoutSuccess }: Tally): readonly string[] {
  if (runs === 0 || withoutSuccess * 4 < runs) return [];
  return [
    `In ${withoutSuccess} of ${counted(runs, 'run')} no operation succeeded, so they prove nothing. ` +
      'Give the program more time to start (--keep time-limit, with --time-limit 20), or find out what is wrong in a single run: maelstrom test.',
  ];
}

/** Shows the first doubt of each kind. */
function showDoubts(doubts: HuntSummary['doubts'], console: Console): void {
  for (const kind of new Set(doubts.map(({ doubt }) => doubt))) {
    const [first, ...others] = doubts.filter(({ doubt }) => doubt === kind);
    if (first === undefined) continue;
    const more =
      others.length === 0 ? '' : ` The same happened in at least ${counted(others.length, 'more run')}.`;
    console.line(console.paint(['red', 'bold'], `${shownLines(doubtText(first))}${more}`));
    console.line(
      isOfPrograms(kind)
        ? `To see where two runs diverge: ${first.command} --check-determinism`
        : `Again: ${first.command}`,
    );
  }
}

function showUnfinished({ run, seconds, command }: UnfinishedRun, console: Console): void {
  const words = `Run ${run} had been in progress for ${Math.round(seconds)} s when the hunt was stopped, and has no verdict. Do nodes send more and more messages?`;
  console.line(console.paint(['red', 'bold'], words));
  console.line(`Again: ${command}`);
}

const isOfPrograms = (doubt: Doubt): boolean => doubt === 'impure' || doubt === 'not deterministic';

function doubtText({ run, doubt, why = '' }: HuntSummary['doubts'][number]): string {
  switch (doubt) {
    case 'impure':
      return (
        `The program is impure: run ${run} had a different outcome after other runs than alone, because something outlives a node ` +
        '(such as a modified built-in prototype). From now on, runs share nothing.'
      );
    case 'not deterministic':
      return `The program is not deterministic: run ${run} had a different outcome when it was repeated with the same seed.`;
    case 'too many events':
      return `Run ${run} has too many events. ${why}`;
    case 'not judged':
      return `Run ${run} was not checked by all invariants. ${why}`;
  }
}

function verdictLine({ failures, tally, doubts, end }: HuntSummary, console: Console): string {
  if (failures.length > 0) {
    if (failures.every(({ signature }) => isNotSimulated(signature)))
      return console.paint(
        ['yellow', 'bold'],
        'The program needs something that the simulation lacks, so nothing was proved: hunt with --real.',
      );
    const kinds = counted(failures.length, 'kind');
    return console.paint(['red', 'bold'], `Found ${kinds} of failure in ${counted(tally.runs, 'run')}.`);
  }
  if (provesNothing(tally)) {
    const why =
      tally.runs === 0
        ? 'No run finished'
        : tally.runs === tally.withoutSuccess
          ? 'No operation succeeded in any run'
          : 'No run has a verdict';
    return console.paint(['yellow', 'bold'], `${why}, so nothing was proved.`);
  }
  const more = end === 'stopped' ? ' It can be resumed.' : '';
  return console.paint(
    ['green', 'bold'],
    `No failure found in ${counted(tally.runs, 'run')}${givenUpText(doubts)}.${more}`,
  );
}

/** Returns lines on the faults that a hunt without a failure did not allow: the bug may need one of them. */
function untriedLines({ failures, tally, faults }: HuntSummary): readonly string[] {
  const untried = [...DEMANDING_FAULTS].filter(([fault]) => !faults.includes(fault));
  if (failures.length > 0 || provesNothing(tally) || untried.length === 0) return [];
  const width = Math.max(...untried.map(([fault]) => fault.length));
  const [example = ''] = untried.map(([fault]) => fault);
  return [
    'Not tried are faults that not every program must survive; each needs something:',
    ...untried.map(([fault, need]) => `  ${fault.padEnd(width)}  ${need}`),
    `If yours should survive one of them, hunt with --nemesis usual,${example}.`,
  ];
}

/** Says how many runs of a hunt without a failure had no verdict because they were given up. */
function givenUpText(doubts: HuntSummary['doubts']): string {
  const number = doubts.filter(({ doubt }) => doubt === 'too many events').length;
  if (number === 0) return '';
  const atLeast = number < MOST_DOUBTS ? '' : 'at least ';
  return `; ${atLeast}${number} of them ${number === 1 ? 'has' : 'have'} no verdict`;
}
