/**
 * The verdict in plain words: what is wrong, which operations or lines show it, and where to look. Causes come before
 * their consequences: a node that crashed before requests that failed.
 */
import { explainAvailability } from '../checkers/availability.ts';
import type { CheckResult, ResultValue } from '../checkers/checker.ts';
import { explainStats } from '../checkers/stats.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { WORKLOADS } from '../workloads/index.ts';
import type { Workload } from '../workloads/workload.ts';
import type { TestResults } from './analysis.ts';
import type { CutShort } from './cut-short.ts';
import type { TestSpec } from './test-spec.ts';

/** How many problems of a kind are told; the results have them all. */
const TOLD = 3;

/** One plain sentence, or a few lines of them. `workload` is needed only when it is one of your own. */
export function verdictSentence(
  spec: TestSpec,
  results: TestResults,
  workload: Workload | undefined = WORKLOADS.get(spec.workload),
): string {
  const cut = interruptedSentence(results);
  const parts = [
    ...nodeSentences(part(results, 'nodes')),
    ...protocolSentences(part(results, 'protocol')),
    ...(isUnsettled(results) ? [] : workloadSentences(spec, part(results, 'workload'), workload)),
    ...sentence(explainAvailability(part(results, 'availability'), availabilityOf(spec))),
    ...statsSentences(spec, part(results, 'stats')),
  ];
  const said = [
    ...(parts.length === 0 ? [countsSentence(part(results, 'stats'))] : parts),
    ...sentence(remarkOf(part(results, 'workload'), workload)),
  ].join('\n');
  return cut === undefined ? said : `${said}\n${cut}`;
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

const availabilityOf = ({ availability }: TestSpec) => (availability === undefined ? {} : { availability });

const sentence = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

function nodeSentences(nodes: CheckResult): string[] {
  return told(
    list(nodes['problems']).map((problem) => `${problem['message'] ?? ''}`),
    'node problem',
  );
}

function protocolSentences(protocol: CheckResult): string[] {
  const sentences = list(protocol['violations']).map(({ message, sample, count, node, log }) => {
    const seen = sample === '' ? '' : `\n  Seen: ${sample ?? ''}`;
    const often = count === 1 ? '' : `\n  ${count ?? '?'} times in all.`;
    const where = log === undefined ? '' : `\n  ${node ?? '?'}'s log: ${log}`;
    return `${message ?? ''}${seen}${often}${where}`;
  });
  return told(sentences, 'kind of protocol violation');
}

function workloadSentences(spec: TestSpec, result: CheckResult, workload: Workload | undefined): string[] {
  const verdict = result['valid?'];
  if (typeof result['error'] === 'string')
    return [`The checker of ${spec.workload} gave no verdict: ${result['error']}`];
  const nodeOf = (process: number): string =>
    spec.nodes[(process % spec.concurrency) % spec.nodes.length] ?? '?';
  const explained = workload?.explain?.(result, nodeOf);
  if (explained !== undefined) return [explained];
  if (verdict === true) return [];
  return verdict === 'unknown'
    ? [`The history proves nothing about ${spec.workload}, for or against.`]
    : [`The history is not what ${spec.workload} allows; the results say why under "workload".`];
}

function statsSentences(spec: TestSpec, stats: CheckResult): string[] {
  if (stats['count'] !== 0) return sentence(explainStats(stats));
  return spec.rate === 0 ? [] : ['Not one operation was carried out, so the run proved nothing.'];
}

function countsSentence(stats: CheckResult): string {
  const count = Number(stats['count']);
  if (count === 0) return 'No operation was asked for, so there was nothing to judge.';
  const counts = [
    `${Number(stats['ok-count'])} succeeded`,
    `${Number(stats['fail-count'])} failed`,
    `${Number(stats['info-count'])} ended in doubt`,
  ];
  return `Of ${count} operations ${counts.join(', ')}; nothing wrong was found.`;
}

/** The first few, and how many more there are. */
function told(sentences: readonly string[], what: string): string[] {
  const more = sentences.length - TOLD;
  const first = sentences.slice(0, TOLD);
  return more > 0
    ? [...first, `... and ${more} more ${what}${more === 1 ? '' : 's'}; see the results.`]
    : first;
}

/** A problem or a violation in the results. */
type Entry = { readonly [key: string]: string | number | undefined };

/** A part of the results; an empty one when there is none of that name. */
function part(results: TestResults, name: string): CheckResult {
  const value = results[name];
  // Parts are results of their own: see Analysis.
  return (value ?? { 'valid?': true }) as CheckResult;
}

function list(value: ResultValue): readonly Entry[] {
  // The lists under `problems` and `violations` are made of maps: see Analysis and ProtocolRecord.
  return Array.isArray(value) ? (value as readonly Entry[]) : [];
}
