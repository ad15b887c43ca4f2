/** Compares two runs of a store: their options, their results, and where they diverge. */
import { isDeepStrictEqual } from 'node:util';
import { outcomeCounts } from '../../checkers/outcomes/stats.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { firstDivergence } from '../../recording/first-divergence.ts';
import { completedLatencies, quantileOf } from '../../recording/operations/latency-quantiles.ts';
import type { ComparedLine, RunComparison } from '../../recording/views.ts';
import { checkLines, messagesFigure } from '../../run/words/check-lines.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { TestFile } from '../../store/test-file.ts';
import { isForeignRun } from '../../report/read/foreign-run.ts';
import { readResults, stableLatencies } from './result-facts.ts';
import type { RunView } from './run-view.ts';

const LONGEST_VALUE = 300;
const QUANTILES = [
  [0.5, 'median'],
  [0.95, 'p95'],
  [0.99, 'p99'],
  [1, 'longest'],
] as const;

type Pair<Value> = readonly [Value, Value];

/** Compares what each run has: a folder from elsewhere has no record of its messages, or of its operations. */
export async function compareRuns(views: Pair<RunView>): Promise<RunComparison> {
  for (const view of views) {
    await view.refreshJournal();
    await view.refreshHistory();
  }
  const tests = [views[0].test, views[1].test] as const;
  return {
    options: differingOptions(views),
    figures: pairs(figuresOf(views[0]), figuresOf(views[1])),
    ...divergenceOf(views, tests),
  };
}

/** Options that move all that happens: with another of these, no time of two runs is the same. */
const RETIMING = ['nodes', 'concurrency', 'rate', 'latency', 'course'] as const;

function divergenceOf(
  views: Pair<RunView>,
  [one, other]: Pair<TestFile>,
): Pick<RunComparison, 'divergence' | 'note'> {
  if (one.spec.workload !== other.spec.workload)
    return { note: 'They have different workloads, so their events cannot be compared.' };
  if (views[0].folder === views[1].folder) return { note: 'Both are the same run.' };
  const messages = sidesWithout(views, ({ journal }) => journal.messageCount);
  const operations = sidesWithout(views, ({ history }) => history.count);
  const areSimulated = one.spec.world === 'simulated' && other.spec.world === 'simulated';
  const isOneSeed = areSimulated && one.seed === other.seed;
  const retimed = RETIMING.filter((name) => !isDeepStrictEqual(one.spec[name], other.spec[name]));
  const exact = isOneSeed && retimed.length === 0;
  const { divergence, bound } = firstDivergence(views, {
    exact,
    parts: { messages: messages === undefined, operations: operations === undefined },
  });
  const how = exact
    ? 'Both are simulated with the same seed, so times were compared too.'
    : isOneSeed
      ? `Operations were compared without their times, which ${retimed.join(' and ')} have changed from the beginning.`
      : 'Operations were compared without their times: only runs simulated with the same seed have the same times and the same order of messages.';
  const without = [
    ...(messages === undefined ? [] : [`${messages} no record of messages`]),
    ...(operations === undefined ? [] : [`${operations} no record of operations`]),
  ].map((what) => `${what}, so these were not compared.`);
  if (divergence !== undefined) return { divergence, note: [how, ...without].join(' ') };
  const compared = [
    ...(messages === undefined ? ['message'] : []),
    ...(operations === undefined ? ['operation'] : []),
  ];
  if (compared.length === 0) return { note: without.join(' ') };
  const where = bound === undefined ? '' : ` of the first ${bound.toLocaleString('en')} of each`;
  return { note: [`No ${compared.join(' or ')}${where} differs.`, how, ...without].join(' ') };
}

/** Returns the subject of a sentence about the runs without any of these; undefined if both have some. */
function sidesWithout(views: Pair<RunView>, countOf: (view: RunView) => number): string | undefined {
  const [one, other] = views.map((view) => countOf(view) > 0);
  if (one === true && other === true) return undefined;
  return one === other ? 'Both runs have' : `The ${one === true ? 'second' : 'first'} run has`;
}

/** Indexed by name: the value as text. */
type Lines = ReadonlyMap<string, string>;

/** Of a run that upstream has written, most options are unknown: those are not compared. */
function differingOptions(views: Pair<RunView>): readonly ComparedLine[] {
  const [one, other] = [optionsOf(views[0].test), optionsOf(views[1].test)];
  const known = [!isForeignRun(views[0].folder), !isForeignRun(views[1].folder)] as const;
  if (known[0] && known[1]) return differing(pairs(one, other));
  const of = (isKnown: boolean): string => (isKnown ? 'as on its page' : 'unknown');
  // A test has nodes: without their logs it is unknown which.
  const shown = ({ name, values: [first, second] }: ComparedLine): ComparedLine => ({
    name,
    values: [first === 'none' ? 'unknown' : first, second === 'none' ? 'unknown' : second],
  });
  return [
    ...differing(pairs(one, other))
      .filter(({ name }) => KNOWN_OF_FOREIGN.has(name))
      .map(shown),
    { name: 'other options', values: [of(known[0]), of(known[1])] },
  ];
}

const KNOWN_OF_FOREIGN: ReadonlySet<string> = new Set(['workload', 'nodes']);

function optionsOf({ spec, seed, versions }: TestFile): Lines {
  const options = Object.entries<unknown>({ ...spec, seed, ...versions });
  return new Map(
    options.map(([name, value]) => [
      inWords(name),
      typeof value === 'string'
        ? value
        : (shownLatency(name, value) ?? shownNames(value) ?? shownJson(value)),
    ]),
  );
}

/** Returns a latency as in its option: `exponential, 20 ms`; undefined for other options and for measured latencies. */
function shownLatency(name: string, value: unknown): string | undefined {
  if (name !== 'latency' || typeof value !== 'object' || value === null) return undefined;
  const { distribution, meanMs, ...others }: { distribution?: unknown; meanMs?: unknown } = value;
  return typeof distribution === 'string' && typeof meanMs === 'number' && Object.keys(others).length === 0
    ? `${distribution}, ${meanMs} ms`
    : undefined;
}

/** Returns a list of names, such as nodes or faults, as in its option: `n1, n2`; undefined for other values. */
function shownNames(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) return undefined;
  return value.length === 0 ? 'none' : value.join(', ').slice(0, LONGEST_VALUE);
}

/** Turns `timeLimitSeconds` into `time limit seconds`. */
const inWords = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Formats numbers as elsewhere: `17,944`, `0.1`. */
const grouped = (value: number, decimals = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: decimals });

const shownJson = (value: unknown): string =>
  value === undefined ? '' : stringifyJson(value as Json).slice(0, LONGEST_VALUE); // it was read from JSON

function figuresOf(view: RunView): Lines {
  const results = readResults(view.folder);
  const latencies = completedLatencies(view.history);
  return new Map([
    ...(results === undefined ? [] : resultFigures(view.test.spec, results)),
    ...(latencies.length === 0
      ? []
      : QUANTILES.map(([share, name]): [string, string] => [
          `${name} latency`,
          `${grouped(quantileOf(latencies, share) / 1e6, 1)} ms`,
        ])),
  ]);
}

function resultFigures(spec: TestSpec, results: TestResults): readonly [string, string][] {
  try {
    const messages = messagesFigure(results);
    const { stats } = results;
    const failed = stats?.count === undefined ? undefined : outcomeCounts(stats);
    return [
      ...checkLines(spec, results).map(({ name, verdict, figure }): [string, string] => [
        name,
        [verdict === 'unknown' ? 'unknown' : verdict ? 'valid' : 'invalid', figure]
          .filter((part) => part !== '')
          .join(', '),
      ]),
      ...(messages === undefined ? [] : [['messages', messages] as [string, string]]),
      ...(failed === undefined ? [] : [['operations', grouped(failed.count)] as [string, string]]),
      ...stableLines(results),
    ];
  } catch {
    // The results have a shape that this version does not know.
    return [];
  }
}

/** Times until all reads had an element, by quantile, for broadcast and g-set. */
const stableLines = (results: TestResults): readonly [string, string][] =>
  stableLatencies(results).flatMap(([share, ms]): [string, string][] => {
    const name = QUANTILES.find(([known]) => known === Number(share))?.[1];
    return name === undefined ? [] : [[`${name} until stable`, `${grouped(ms, 1)} ms`]];
  });

/** Returns one line for each name, in the order of the first run. */
const pairs = (one: Lines, other: Lines): readonly ComparedLine[] =>
  [...new Set([...one.keys(), ...other.keys()])].map((name) => ({
    name,
    values: [one.get(name) ?? '', other.get(name) ?? ''],
  }));

const differing = (lines: readonly ComparedLine[]): readonly ComparedLine[] =>
  lines.filter(({ values: [one, other] }) => one !== other);
