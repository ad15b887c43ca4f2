/**
 * The verdict in plain words: what is wrong, which operations or lines show it, and where to look. Causes come before
 * their consequences: a node that crashed before requests that failed.
 */
import { groupedBy } from '../../columns/groups.ts';
import { explainAvailability } from '../../checkers/outcomes/availability.ts';
import { wrongBeside } from '../../checkers/evidence.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { neverSucceeded, outcomeCounts } from '../../checkers/outcomes/stats.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { OperationNames } from '../../history/operation-names.ts';
import { counted } from '../../protocol/count-text.ts';
import { neverCameSentences } from '../records/assertion-record.ts';
import { failureOfChecker, failureWords } from '../guards/own-error.ts';
import { withoutParticulars } from '../records/said-problems.ts';
import { livenessSentences } from '../verdict/liveness.ts';
import { invariantSentences } from '../invariants/invariant-watch.ts';
import type { Workload } from '../../workloads/workload.ts';
import { firstOf, namesInWords, violationSentences, warningsSentence } from './protocol-sentences.ts';
import { staleServiceSentence } from './stale-service.ts';
import {
  crashLineSentences,
  failedRequestsSentence,
  littleSuccessSentences,
  neverSucceededSentences,
  unansweredSentence,
  otherErrorsSentence,
  silenceSentences,
  unreadSentences,
  unsuccessfulSentence,
} from './outcome-sentences.ts';
import { KEPT_WORDS } from './own-words.ts';
import { namedByInvocation } from './named-by-invocation.ts';
import type { NodesResult, ShownProblem, TestParts, TestResults } from '../verdict/test-results.ts';
import type { TestSpec } from '../test-spec.ts';

export interface SentenceSources extends Partial<OperationNames> {
  /** Required only if it is defined by the user. */
  readonly workload?: Pick<Workload, 'explain' | 'remark' | 'evidence'> | undefined;
}

/** Returns the verdict as one plain sentence, or a few lines of them. */
export function verdictSentence(spec: TestSpec, results: TestResults, sources: SentenceSources = {}): string {
  const { workload = WORKLOADS.get(spec.workload) ?? KEPT_WORDS } = sources;
  const parts = { ...NOTHING_SAID, ...results };
  const { stats, protocol, nodes, errors } = parts;
  // The explanation of a valid result is a remark after the counts, not an accusation.
  const isAccepted = parts.workload['valid?'] === true;
  const explained = isUnsettled(parts) ? [] : workloadSentences(spec, parts, { ...sources, workload });
  const wrong = [
    ...nodeAndProtocolSentences(parts),
    ...livenessSentences(parts.liveness),
    ...(isAccepted ? [] : [...explained, ...(parts.hints?.hints ?? [])]),
    ...(parts.interrupted?.error === undefined ? statsSentences(spec, parts) : []),
    ...availabilitySentences(spec, parts),
  ];
  const warnings = [
    ...sentence(warningsSentence(protocol)),
    ...(isUnsettled(parts) ? [] : neverCameSentences(parts.assertions)),
  ];
  const isWrongBeside =
    isAccepted && wrongBeside(workload?.evidence?.(parts.workload, sources.nodeOf)).length > 0;
  const said =
    wrong.length === 0
      ? [
          countsSentence(parts, isWrongBeside ? '' : '; nothing wrong was found'),
          ...sentence(unsuccessfulSentence(errors)),
          ...warnings,
          ...littleSuccessSentences(errors),
        ]
      : [...wrong, ...sentence(otherErrorsSentence(stats, parts.availability, errors)), ...warnings];
  const remark = isAccepted
    ? [...explained, ...sentence(workload?.remark?.(parts.workload)), ...(parts.hints?.hints ?? [])]
    : [];
  // If nothing succeeded at all, the silence has been reported already.
  const silent = neverSucceeded(stats).length > 0 ? [] : silenceSentences(errors, nodes);
  const cut = sentence(interruptedSentence(parts));
  return [
    ...sentence(thrownSentence(parts)),
    ...said,
    ...crashLineSentences(nodes, errors),
    ...unreadSentences(nodes),
    ...silent,
    ...remark,
    ...cut,
  ].join('\n');
}

type Parts = Pick<TestResults, Optional> & Omit<TestParts, Unneeded>;
/** Parts that a run may lack. */
type Optional = 'net' | 'hints' | 'interrupted' | 'assertions' | 'invariants' | 'liveness';
type Unneeded = Optional;

/** Defaults for parts missing in a run of an older version or in one that is judged again. */
const NOTHING_SAID: Omit<TestParts, Unneeded> = {
  workload: { 'valid?': true },
  stats: { 'valid?': 'unknown', error: 'It is not known how operations ended.' },
  availability: { 'valid?': true, 'ok-fraction': 1 },
  protocol: { 'valid?': true, violations: [], warnings: [] },
  nodes: { 'valid?': true, problems: [] },
  errors: { 'valid?': true, errors: [], 'little-success': [] },
};

/** True if the run was interrupted and its workload's result is open: what that reports proves nothing wrong. */
const isUnsettled = ({ interrupted, workload }: Parts): boolean =>
  interrupted !== undefined && workload['valid?'] === 'unknown';

/** The error of a user's file. It comes first, since no node is to blame for its consequences. */
const thrownSentence = ({ interrupted }: Parts): string | undefined =>
  interrupted?.error === undefined
    ? undefined
    : `One of your own files failed: ${interrupted.error.replace(/\.$/, '')}. Only the part before it was checked, and this does not prove the rest correct.`;

function interruptedSentence(parts: Parts): string | undefined {
  if (parts.interrupted === undefined) return undefined;
  const { by, phase, time } = parts.interrupted;
  const seconds = (time / NANOS_PER_SECOND).toFixed(1);
  const doubt = isUnsettled(parts) ? ' Effects that had not spread by then prove nothing.' : '';
  return `The run was cut short by ${by} after ${seconds} s, in its phase ${phase}.${doubt}`;
}

function availabilitySentences(spec: TestSpec, { availability, errors }: Parts): string[] {
  const text = explainAvailability(availability, availabilityOf(spec));
  return text === undefined ? [] : [[text, ...sentence(failedRequestsSentence(errors))].join(' ')];
}

const availabilityOf = ({ availability }: TestSpec) => (availability === undefined ? {} : { availability });

const sentence = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

/** Violations come first if nodes merely failed to start: lines that are not messages are a cause of that. */
function nodeAndProtocolSentences({ nodes, protocol, invariants }: Parts): readonly string[] {
  const violations = violationSentences(protocol);
  const others = [...nodeSentences(nodes), ...invariantSentences(invariants)];
  return withoutNote(nodes.problems ?? []).every(({ kind }) => kind === 'not-initialised')
    ? [...violations, ...others]
    : [...others, ...violations];
}

function nodeSentences({ problems = [] }: Partial<NodesResult>): readonly string[] {
  return firstOf(problemParagraphs(withoutNote(problems)), 'kind of node problem', 'kinds of node problems');
}

/** Groups problems that differ only in names and numbers into one paragraph, since all nodes run the same program. */
function problemParagraphs(problems: readonly ShownProblem[]): readonly string[] {
  const alike = groupedBy(problems, ({ message, node }) => withoutParticulars(message, node));
  return [...alike.values()].map((same) => {
    const message = same[0]?.message ?? '';
    const nodes = [...new Set(same.map(({ node }) => node))];
    return same.length === 1
      ? message
      : `${namesInWords(nodes)}, ${same.length} times in all, such as:\n${message}`;
  });
}

function workloadSentences(
  spec: TestSpec,
  { workload: stored, stats, nodes }: Parts,
  { workload, nodeOf, numberOf }: SentenceSources,
): string[] {
  const result = namedByInvocation(stored, numberOf);
  const { 'valid?': verdict, error } = result;
  const failure = WORKLOADS.has(spec.workload) ? undefined : failureOfChecker(result, spec.workload);
  if (failure !== undefined)
    return [`${failureWords(failure).replace(/[.?]$/, '')}. So there is no verdict.`];
  if (typeof error === 'string') return [`The checker of ${spec.workload} gave no verdict: ${error}`];
  // A run without requests is reported as a whole.
  if (verdict === 'unknown' && stats.count === 0) return [];
  // Missing replies have been reported already; the checker's finding is their consequence.
  if (
    verdict !== true &&
    neverSucceeded(stats).length > 0 &&
    (verdict === 'unknown' || stats['ok-count'] === 0)
  ) {
    return [];
  }
  const explained = workload?.explain?.(result, nodeOf);
  if (explained !== undefined) {
    const evidence = workload?.evidence?.(result, nodeOf);
    return [[explained, ...sentence(staleServiceSentence({ evidence, nodes, nodeOf }))].join(' ')];
  }
  if (verdict === true) return [];
  return verdict === 'unknown'
    ? [`The history proves nothing about ${spec.workload}, for or against.`]
    : [`The history is not what ${spec.workload} allows; the results say why under "workload".`];
}

function statsSentences(
  spec: TestSpec,
  { stats, errors, nodes, protocol, net, interrupted }: Parts,
): readonly string[] {
  if (stats.count !== 0) {
    const hasFaults =
      spec.nemesis.length > 0 || spec.faultScript !== undefined || spec.course?.faults !== undefined;
    const unexplained = { nodes, protocol, serverMessages: serverMessages(net), hasFaults };
    return [
      ...neverSucceededSentences(stats, errors),
      ...sentence(unansweredSentence(stats, errors, unexplained)),
    ];
  }
  if (spec.rate === 0) return [];
  const isOwn = !WORKLOADS.has(spec.workload) && nodes['valid?'] && interrupted === undefined;
  const why = isOwn
    ? ' No client was given one: `next` returned undefined each time, or the `generator` ended at once.'
    : '';
  return [`Not one operation was carried out, so the run proved nothing.${why}`];
}

const NO_OPERATIONS = { count: 0, ok: 0, failed: 0, inDoubt: 0, crashed: 0 };

function countsSentence({ stats }: Parts, found: string): string {
  if (stats.count === 0) return 'No operation was requested, so there was nothing to check.';
  const { count, ok, failed, inDoubt, crashed } =
    stats.count === undefined ? NO_OPERATIONS : outcomeCounts(stats);
  const counts = [`${ok} succeeded`, `${failed} failed`, `${inDoubt} ended in doubt`];
  const crashes = crashed === 0 ? '' : `; ${counted(crashed, 'client')} crashed on purpose`;
  return `Of ${counted(count, 'operation')} ${counts.join(', ')}${crashes}${found}.`;
}

/** A foreign run may lack this figure. */
function serverMessages(net: TestResults['net']): number {
  const servers: Partial<Exclude<typeof net, undefined>['servers']> = net?.servers ?? {};
  return servers['send-count'] ?? 0;
}
