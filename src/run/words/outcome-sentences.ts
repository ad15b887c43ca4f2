/**
 * Sentences on how unsuccessful requests ended (`errors` in the results, see outcome-tally.ts), with the nodes and the
 * log of the first, and on where so little succeeded that a valid run proves little.
 */
import { groupedBy } from '../../columns/groups.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { explainStats, neverSucceeded, type StatsResult } from '../../checkers/outcomes/stats.ts';
import type { OrNoVerdict, Validity } from '../../checkers/checker.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { ERROR_CODES } from '../../protocol/error-code.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { BROKEN_ANSWER } from '../../workloads/workload.ts';
import { TIMEOUT } from '../../workloads/completion.ts';
import type { ViolationKind } from '../../network/violation-kinds.ts';
import type { AnswerCount, ErrorCount, ErrorsResult } from '../records/outcome-tally.ts';
import type { ProtocolResult } from '../records/protocol-record.ts';
import type { NodesResult } from '../verdict/test-results.ts';
import { BESIDE_THE_REASON } from './beside-the-reason.ts';

/** What `unansweredSentence` needs in order to see whether anything explains the missing replies. */
export interface Unexplained {
  readonly nodes: NodesResult;
  /** That of a foreign run may lack a list. */
  readonly protocol: Partial<Pick<ProtocolResult, 'violations' | 'warnings'>>;
  /** Number of messages between nodes, and between nodes and services. */
  readonly serverMessages: number;
  /** True if there were faults, which may have blocked requests or replies. */
  readonly hasFaults: boolean;
}

/** Maximum number of kinds of errors in a sentence: alone, and next to a finding. */
const NAMED = 5;
const NAMED_BESIDE = 3;
/** Maximum number of nodes that a sentence names with their counts. */
const NAMED_NODES = 6;
const NOT_SUPPORTED = 'not-supported';

/** Returns how the requests of functions that never succeeded ended; empty if each function succeeded. */
export function neverSucceededSentences(
  stats: OrNoVerdict<StatsResult>,
  { errors: known, answers = [] }: ErrorsResult,
): readonly string[] {
  const never = neverSucceeded(stats);
  if (known.length + answers.length === 0 || never.length === 0) {
    const text = explainStats(stats);
    return text === undefined ? [] : [text];
  }
  return never.map(({ f, count }) => {
    const own = known.filter((one) => one.f === f);
    const unsupported = sum(own.filter(({ error }) => error === NOT_SUPPORTED));
    if (count > 0 && unsupported === count) return noHandler(f, count, own);
    // Elsewhere these are answers; here they are the reason.
    const refused = answers
      .filter((one) => one.f === f)
      .map((one) => `\n  ${one.count} ${f}: ${errorTitle(one.error)}`);
    const lines = [errorLines(own), ...refused].join('');
    const why = lines === '' ? '.' : `:${lines}`;
    return count === 1
      ? `The only ${f} operation did not succeed, so the run proved nothing about it${why}`
      : `Not one of ${counted(count, `${f} operation`)} succeeded, so the run proved nothing about them${why}`;
  });
}

/**
 * Returns advice if all requests of a kind went unanswered and nothing else explains that, else undefined.
 * `neverSucceededSentences` names these requests.
 */
export function unansweredSentence(
  stats: OrNoVerdict<StatsResult>,
  { errors: known }: ErrorsResult,
  { nodes, protocol, serverMessages, hasFaults }: Unexplained,
): string | undefined {
  const { problems, unread = [], 'crash-lines': crashes = {} } = nodes;
  const { violations = [], warnings = [] } = protocol;
  const isExplained =
    hasFaults ||
    problems.length + unread.length + Object.keys(crashes).length > 0 ||
    violations.length > 0 ||
    withoutNote(warnings).some(({ kind }) => !BESIDE_SILENCE.has(kind));
  if (isExplained) return undefined;
  const silent = neverSucceeded(stats).filter(({ f, count }) => {
    const own = known.filter((one) => one.f === f);
    return count > 0 && own.length > 0 && own.every(({ error }) => error === TIMEOUT);
  });
  const [first] = silent;
  if (first === undefined) return undefined;
  const waits =
    serverMessages === 0
      ? ''
      : ' Or does it wait for an answer from another node or service while nothing reads stdin?';
  return (
    `The nodes received ${silent.length === 1 ? `\`${first.f}\`` : 'these requests'}, but sent the client nothing. Does the handler return, ` +
    `answer the \`src\` of the request, with \`in_reply_to\`, and flush stdout? With the SDK, its return value is the answer; undefined sends none.${waits}`
  );
}

/** Warnings about messages that have nothing to do with a request that was not answered. */
const BESIDE_SILENCE: ReadonlySet<ViolationKind> = new Set([
  'unknown-field',
  'null-for-empty',
  'odd-msg-id',
  'uncommitted-offset',
  'blank-line',
  'bad-assertion',
  'bad-state',
]);

/** The text of the SDK for a message without a handler. */
const WITHOUT_HANDLER = / has no handler for "([^"]+)"/;

function noHandler(f: string, count: number, own: readonly ErrorCount[]): string {
  const [first] = own;
  const all = byCount(count, 'the only request', `all ${count} requests`);
  const types = new Set(own.map(({ text }) => WITHOUT_HANDLER.exec(text)?.[1]));
  const [type] = types;
  // The handler of the request made one of its own, and passed the refusal on.
  if (types.size === 1 && type !== undefined && type !== f) {
    return (
      `The nodes have no handler for \`${type}\`, which the handler of \`${f}\` sent: ${all} ended in error 10 (${NOT_SUPPORTED})${quoted(first?.text)}. ` +
      `The run proved nothing about ${f}.`
    );
  }
  return (
    `The nodes have no handler for \`${f}\`: ${all} ended in error 10 (${NOT_SUPPORTED})${quoted(first?.text)}. ` +
    `The run proved nothing about ${f}.`
  );
}

/** Returns the errors of a run whose availability was too low; undefined if none is known. */
export function failedRequestsSentence({ errors: known }: ErrorsResult): string | undefined {
  return known.length === 0 ? undefined : `The others:${errorLines(known)}`;
}

/**
 * For a run that is invalid for another reason, returns briefly how other unsuccessful operations ended; undefined if
 * all of them are named already or there are none.
 */
export function otherErrorsSentence(
  stats: OrNoVerdict<StatsResult>,
  availability: { readonly 'valid?': Validity },
  { errors: known, answers = [] }: ErrorsResult,
): string | undefined {
  const never = new Set(neverSucceeded(stats).map(({ f }) => f));
  const left = availability['valid?'] === false ? [] : known.filter(({ f }) => !never.has(f));
  const answered = answers.filter(({ f }) => !never.has(f));
  if (left.length === 0 && answered.length === 0) return undefined;
  return `${BESIDE_THE_REASON}${errorLines(left, answered, NAMED_BESIDE)}`;
}

/** For a valid run, returns why operations did not succeed; undefined if all did. */
export function unsuccessfulSentence({ errors: known, answers = [] }: ErrorsResult): string | undefined {
  if (known.length === 0 && answers.length === 0) return undefined;
  return `${BESIDE_THE_REASON}${errorLines(known, answers)}`;
}

/** Returns a warning for each node that has stopped reading its stdin, whatever the verdict. */
export function unreadSentences({ unread = [] }: NodesResult): readonly string[] {
  return unread.map(({ node, messages, bytes, since }) =>
    [
      `Warning: ${node} has stopped reading its stdin: its pipe has been full since ${sinceText(since)},`,
      `and ${counted(messages, 'message')} (${bytes.toLocaleString('en')} bytes) more ${byCount(messages, 'is', 'are')} waiting for it.`,
      'The process is alive: is it in a loop, or waiting for something else?',
    ].join(' '),
  );
}

/**
 * Returns a warning for each node that left requests unanswered, with what its stderr shows: one of its threads may
 * have died.
 */
export function crashLineSentences(
  { 'crash-lines': lines = {} }: NodesResult,
  { errors }: ErrorsResult,
): readonly string[] {
  return Object.entries(lines).map(([node, shown]) => {
    const one = errors.find(({ error, nodes }) => error === TIMEOUT && Object.hasOwn(nodes, node));
    const log = one?.node === node && one.log !== '' ? `\n  ${node}'s log: ${one.log}` : '';
    const text = shown.map((line) => `\n  ${shownText(line, 300)}`).join('');
    return `Warning: ${node} left requests unanswered, and its stderr shows a likely reason:${text}${log}`;
  });
}

/** Problems after which a node does not run. */
const HAS_ENDED: ReadonlySet<string> = new Set(['crashed', 'not-restarted']);

const sinceText = (nanos: number): string =>
  nanos < 0 ? 'before the first operation' : `${(nanos / NANOS_PER_SECOND).toFixed(1)} s`;

/**
 * Returns a warning for each node that stopped answering, whatever the verdict. Nodes that ended, whose requests all
 * failed, or that stopped reading, are reported elsewhere.
 */
export function silenceSentences(
  { silent = [], 'little-success': little = [] }: ErrorsResult,
  { unread = [], problems = [] }: Partial<NodesResult>,
): readonly string[] {
  const named = new Set([
    ...unread.map(({ node }) => node),
    ...withoutNote(problems).flatMap(({ node, kind }) => (HAS_ENDED.has(kind) ? [node] : [])),
    ...little.flatMap(({ of, name, succeeded }) => (of === 'node' && succeeded === 0 ? [name] : [])),
  ]);
  const sentences = silent
    .filter(({ node }) => !named.has(node))
    .map(({ node, timeouts, since }) =>
      since === null
        ? `Warning: ${node} answered no request in time: ${byCount(timeouts, 'its only one', `all ${timeouts}`)} timed out.`
        : `Warning: ${node} answered no request in time after ${(since / NANOS_PER_SECOND).toFixed(1)} s: its last ${timeouts} timed out.`,
    );
  // Several such nodes are most likely waiting for each other.
  return sentences.length < 2
    ? sentences
    : [
        ...sentences,
        'If no fault explains that: does a handler wait for an answer, and is nothing read from stdin meanwhile?',
      ];
}

/** Returns warnings for a valid verdict; the errors themselves are listed before. */
export function littleSuccessSentences({
  errors: known,
  'little-success': little = [],
}: ErrorsResult): readonly string[] {
  return little.map(({ of, name, count, succeeded }) => {
    const only = succeeded === 0 ? 'none' : `only ${succeeded}`;
    switch (of) {
      case 'all':
        return `Warning: ${only} of ${counted(count, 'operation')} were carried out, so the run proved little.`;
      case 'f':
        return `Warning: ${only} of ${counted(count, `${name} operation`)} were carried out, so the run proved little about them.`;
      case 'node':
        return `Warning: ${only} of ${counted(count, 'operation')} at ${name} were carried out:${errorLines(known.flatMap((one) => atNode(one, name)))}`;
      case 'faults':
        return `Warning: none of the ${counted(count, 'operation')} that ended while a fault was active was carried out, so the run proved little about faults.`;
    }
  });
}

function atNode(one: ErrorCount, node: string): readonly ErrorCount[] {
  const count = one.nodes[node];
  return count === undefined ? [] : [{ ...one, count, nodes: { [node]: count } }];
}

/**
 * A line for each kind of error, over all functions:
 *
 *     10 read, 3 write: no answer in time (n1: 4, n2: 9)
 *     13 broadcast: error 13 (crash), "TypeError: ... at node.ts:5", first on n1; its log: ...
 *     16 cas: error 22 (precondition-failed), which is an answer
 */
function errorLines(
  errors: readonly ErrorCount[],
  answers: readonly AnswerCount[] = [],
  named = NAMED,
): string {
  const kinds = kindsOf(errors);
  const lines = kinds.slice(0, named).map(kindText);
  const rest = kinds.slice(named).reduce((total, { errors: same }) => total + sum(same), 0);
  if (rest > 0) lines.push(`${counted(rest, 'other error')}: see \`errors\` in the results`);
  for (const error of new Set(answers.map((answer) => answer.error))) {
    const same = answers.filter((answer) => answer.error === error);
    lines.push(`${functionCounts(same)}: ${errorTitle(error)}, which is an answer`);
  }
  return lines.map((line) => `\n  ${line}`).join('');
}

interface ErrorKind {
  readonly first: ErrorCount;
  /** One for each function. */
  readonly errors: readonly ErrorCount[];
}

/** Groups equal errors of several functions, most frequent first. */
function kindsOf(errors: readonly ErrorCount[]): readonly ErrorKind[] {
  return [...groupedBy(errors, ({ error, text }) => `${error}\n${text}`).values()]
    .flatMap((same) => {
      const [first] = same.toSorted((a, b) => a.index - b.index);
      return first === undefined ? [] : [{ first, errors: same }];
    })
    .toSorted((a, b) => sum(b.errors) - sum(a.errors));
}

function kindText({ first, errors }: ErrorKind): string {
  const { error, text, node, log } = first;
  const functions = functionCounts(errors);
  if (error === TIMEOUT) return `${functions}: no answer in time (${nodeCounts(nodesOf(errors))})`;
  const what = text.startsWith(BROKEN_ANSWER) ? text : `${errorTitle(error)}${quoted(text)}`;
  return `${functions}: ${what}, first on ${node}${log === '' ? '' : `; its log: ${log}`}`;
}

const functionCounts = (counts: readonly { readonly f: string; readonly count: number }[]): string =>
  counts.map(({ f, count }) => `${count} ${f}`).join(', ');

/** A map, since a node may be named as a property that all objects have, such as `constructor`. */
function nodesOf(errors: readonly ErrorCount[]): ReadonlyMap<string, number> {
  const nodes = new Map<string, number>();
  for (const one of errors) {
    for (const [node, count] of Object.entries(one.nodes)) nodes.set(node, (nodes.get(node) ?? 0) + count);
  }
  return nodes;
}

function nodeCounts(nodes: ReadonlyMap<string, number>): string {
  const counts = [...nodes].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const named = counts.slice(0, NAMED_NODES).map(([node, count]) => `${node}: ${count}`);
  const rest = counts.length - named.length;
  return rest > 0
    ? `${named.join(', ')} and ${rest} more ${byCount(rest, 'node', 'nodes')}`
    : named.join(', ');
}

/** Returns `error 13 (crash)` for its name. */
function errorTitle(error: string): string {
  const known = ERROR_CODES.find(({ name }) => name === error);
  if (known !== undefined) return `error ${known.code} (${known.name})`;
  return error === '' ? 'an error' : `error ${error}`;
}

/** Expects a text from which control characters have been removed. */
function quoted(text: string | undefined): string {
  if (text === undefined || text === '') return '';
  return text.includes('"') ? `, '${text}'` : `, "${text}"`;
}

const sum = (errors: readonly ErrorCount[]): number => errors.reduce((total, { count }) => total + count, 0);
