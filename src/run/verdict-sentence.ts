/**
 * The verdict in plain words: what is wrong, which operations or lines show it, and where to look. Causes come before
 * their consequences: a node that crashed before requests that failed.
 */
import { explainAvailability } from '../checkers/availability.ts';
import { isResultMap, type CheckResult, type ResultValue } from '../checkers/checker.ts';
import { neverSucceeded } from '../checkers/stats.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { WORKLOADS } from '../workloads/index.ts';
import type { NodeOf } from '../history/client-book.ts';
import { byCount, counted } from '../protocol/count-text.ts';
import type { Workload } from '../workloads/workload.ts';
import type { TestResults } from './analysis.ts';
import type { CutShort } from './cut-short.ts';
import { namesInWords, violationSentences, warningsSentence } from './protocol-sentences.ts';
import { staleServiceSentence } from './stale-service.ts';
import {
  failedRequestsSentence,
  littleSuccessSentences,
  neverSucceededSentences,
  silenceSentences,
  unreadSentences,
  timeoutsText,
} from './outcome-sentences.ts';
import type { TestSpec } from './test-spec.ts';

/** How many problems of a kind are named; the results have them all. */
const TOLD = 3;

export interface SentenceSources {
  /** Needed only when it is one of your own. */
  readonly workload?: Workload | undefined;
  /** Without it, operations are named by their processes only. */
  readonly nodeOf?: NodeOf | undefined;
}

/** One plain sentence, or a few lines of them. */
export function verdictSentence(spec: TestSpec, results: TestResults, sources: SentenceSources = {}): string {
  const { workload = WORKLOADS.get(spec.workload), nodeOf } = sources;
  const cut = interruptedSentence(results);
  // What is said of a result that is valid accuses no one: a remark beside the counts.
  const isAccepted = part(results, 'workload')['valid?'] === true;
  const explained = isUnsettled(results) ? [] : workloadSentences(spec, results, { workload, nodeOf });
  const parts = [
    ...nodeSentences(part(results, 'nodes')),
    ...violationSentences(part(results, 'protocol')),
    ...(isAccepted ? [] : explained),
    ...statsSentences(spec, results),
    ...availabilitySentences(spec, results),
  ];
  const warnings = sentence(warningsSentence(part(results, 'protocol')));
  const said =
    parts.length === 0
      ? [countsSentence(results), ...warnings, ...littleSuccessSentences(part(results, 'errors'))]
      : [...parts, ...warnings];
  const remark = [
    ...(isAccepted ? explained : []),
    ...sentence(remarkOf(part(results, 'workload'), workload)),
  ];
  // Where nothing succeeded, that has been said of all nodes.
  const silent =
    neverSucceeded(part(results, 'stats')).length > 0
      ? []
      : silenceSentences(part(results, 'errors'), part(results, 'nodes'));
  return [...said, ...unreadSentences(part(results, 'nodes')), ...silent, ...remark, ...sentence(cut)].join(
    '\n',
  );
}

const remarkOf = (result: CheckResult, workload: Workload | undefined): string | undefined =>
  result['valid?'] === true ? workload?.remark?.(result) : undefined;

/** Its workload's result says what was seen, which accuses no one. */
const isUnsettled = (results: TestResults): boolean =>
  results['interrupted'] !== undefined && part(results, 'workload')['valid?'] === 'unknown';

function interruptedSentence(results: TestResults): string | undefined {
  if (results['interrupted'] === undefined) return undefined;
  // Made by `cutShortResult`.
  const { by, phase, time } = part(results, 'interrupted') as unknown as CutShort;
  const seconds = (time / NANOS_PER_SECOND).toFixed(1);
  const doubt = isUnsettled(results) ? ' What had not spread by then proves nothing.' : '';
  return `The run was cut short by ${by} after ${seconds} s, in its phase ${phase}.${doubt}`;
}

function availabilitySentences(spec: TestSpec, results: TestResults): string[] {
  const text = explainAvailability(part(results, 'availability'), availabilityOf(spec));
  if (text === undefined) return [];
  return [[text, ...sentence(failedRequestsSentence(part(results, 'errors')))].join(' ')];
}

const availabilityOf = ({ availability }: TestSpec) => (availability === undefined ? {} : { availability });

const sentence = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

function nodeSentences(nodes: CheckResult): string[] {
  return told(problemParagraphs(list(nodes['problems'])), 'kind of node problem', 'kinds of node problems');
}

/** Problems that differ in names and numbers only are one paragraph: all nodes run the same program. */
function problemParagraphs(problems: readonly Entry[]): readonly string[] {
  const alike = new Map<string, Entry[]>();
  for (const problem of problems) {
    const key = `${problem['message'] ?? ''}`
      .replaceAll(`${problem['node'] ?? ''}`, '#')
      .replaceAll(/\d+/g, '#');
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [problem]);
    else others.push(problem);
  }
  return [...alike.values()].map((same) => {
    const message = `${same[0]?.['message'] ?? ''}`;
    const nodes = [...new Set(same.map((problem) => `${problem['node'] ?? '?'}`))];
    return same.length === 1
      ? message
      : `${namesInWords(nodes)}, ${same.length} times in all, such as:\n${message}`;
  });
}

function workloadSentences(
  spec: TestSpec,
  results: TestResults,
  { workload, nodeOf }: SentenceSources,
): string[] {
  const result = part(results, 'workload');
  const verdict = result['valid?'];
  if (typeof result['error'] === 'string')
    return [`The checker of ${spec.workload} gave no verdict: ${result['error']}`];
  // That nothing was answered has been said; what the checker makes of it is a consequence.
  const stats = part(results, 'stats');
  if (
    verdict !== true &&
    neverSucceeded(stats).length > 0 &&
    (verdict === 'unknown' || stats['ok-count'] === 0)
  ) {
    return [];
  }
  const explained = workload?.explain?.(result, nodeOf);
  if (explained !== undefined) {
    const stale = staleServiceSentence({
      workload: spec.workload,
      result,
      nodes: part(results, 'nodes'),
      nodeOf,
    });
    return [[explained, ...sentence(stale)].join(' ')];
  }
  if (verdict === true) return [];
  return verdict === 'unknown'
    ? [`The history proves nothing about ${spec.workload}, for or against.`]
    : [`The history is not what ${spec.workload} allows; the results say why under "workload".`];
}

function statsSentences(spec: TestSpec, results: TestResults): readonly string[] {
  const stats = part(results, 'stats');
  if (stats['count'] !== 0) return neverSucceededSentences(stats, part(results, 'errors'));
  return spec.rate === 0 ? [] : ['Not one operation was carried out, so the run proved nothing.'];
}

function countsSentence(results: TestResults): string {
  const stats = part(results, 'stats');
  if (Number(stats['count']) === 0) return 'No operation was asked for, so there was nothing to judge.';
  const crashes = deliberateCrashes(stats);
  const counts = [
    `${Number(stats['ok-count'])} succeeded`,
    `${Number(stats['fail-count'])} failed`,
    `${Number(stats['info-count']) - crashes} ended in doubt`,
  ];
  const crashed = crashes === 0 ? '' : `; ${counted(crashes, 'client')} crashed on purpose`;
  const operations = Number(stats['count']) - crashes;
  const timeouts = timeoutsText(part(results, 'errors'));
  const late = timeouts === undefined ? '' : `; ${timeouts}`;
  return `Of ${counted(operations, 'operation')} ${counts.join(', ')}${late}${crashed}; nothing wrong was found.`;
}

/** Kafka's clients crash now and then so that others take over: `info` by its type, but nothing of it is in doubt. */
function deliberateCrashes(stats: CheckResult): number {
  const byF = stats['by-f'];
  const crash = isResultMap(byF) ? byF['crash'] : undefined;
  return isResultMap(crash) ? Number(crash['info-count']) : 0;
}

/** The first few, and how many more there are. */
function told(sentences: readonly string[], one: string, many: string): string[] {
  const more = sentences.length - TOLD;
  const first = sentences.slice(0, TOLD);
  return more > 0 ? [...first, `... and ${more} more ${byCount(more, one, many)}; see the results.`] : first;
}

/** A node's problem in the results. */
type Entry = { readonly [key: string]: string | number | undefined };

/** A part of the results; an empty one when there is none of that name. */
function part(results: TestResults, name: string): CheckResult {
  const value = results[name];
  // Parts are results of their own: see Analysis.
  return (value ?? { 'valid?': true }) as CheckResult;
}

function list(value: ResultValue): readonly Entry[] {
  // The list under `problems` is made of maps: see Analysis.
  return Array.isArray(value) ? (value as readonly Entry[]) : [];
}
