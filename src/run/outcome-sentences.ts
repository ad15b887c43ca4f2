/**
 * In words: how requests ended that did not succeed (`errors` in the results, see outcome-tally.ts), with the nodes and the
 * log of the first, and where so little succeeded that a valid run proves little.
 */
import { explainStats, neverSucceeded, type StatsResult } from '../checkers/stats.ts';
import type { OrNoVerdict } from '../checkers/checker.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { ERROR_CODES } from '../protocol/error-code.ts';
import { byCount, counted } from '../protocol/count-text.ts';
import { TIMEOUT, type ErrorCount, type ErrorsResult } from './outcome-tally.ts';
import type { NodesResult } from './test-results.ts';

/** Kinds of errors that a sentence names. */
const NAMED = 3;
/** Nodes that a sentence names with their counts. */
const NAMED_NODES = 6;
const NOT_SUPPORTED = 'not-supported';

/** What the functions that never succeeded ended in; nothing when each did succeed. */
export function neverSucceededSentences(
  stats: OrNoVerdict<StatsResult>,
  { errors: known }: ErrorsResult,
): readonly string[] {
  const never = neverSucceeded(stats);
  if (known.length === 0 || never.length === 0) {
    const text = explainStats(stats);
    return text === undefined ? [] : [text];
  }
  return never.map(({ f, count }) => {
    const own = known.filter((one) => one.f === f);
    const unsupported = sum(own.filter(({ error }) => error === NOT_SUPPORTED));
    if (count > 0 && unsupported === count) return noHandler(f, count, own);
    const why = own.length === 0 ? '' : `: ${errorsText(own)}`;
    return count === 1
      ? `The only ${f} operation did not succeed, so the run proved nothing about it${why}.`
      : `Not one of ${counted(count, `${f} operation`)} succeeded, so the run proved nothing about them${why}.`;
  });
}

function noHandler(f: string, count: number, [first]: readonly ErrorCount[]): string {
  const all = byCount(count, 'the only request', `all ${count} requests`);
  return (
    `The nodes have no handler for \`${f}\`: ${all} ended in error 10 (${NOT_SUPPORTED})${quoted(first?.text)}. ` +
    `The run proved nothing about ${f}.`
  );
}

/** The errors of a run whose availability was too low; undefined when none is known. */
export function failedRequestsSentence({ errors: known }: ErrorsResult): string | undefined {
  return known.length === 0 ? undefined : `The others ended in ${errorsText(known)}.`;
}

/** `20 requests timed out (n1: 4, n2: 16)`; undefined when none did. */
export function timeoutsText({ errors }: ErrorsResult): string | undefined {
  const [timeouts] = timeoutsTogether(errors.filter(({ error }) => error === TIMEOUT));
  return timeouts === undefined
    ? undefined
    : `${counted(timeouts.count, 'request')} timed out (${nodeCounts(timeouts.nodes)})`;
}

/** A warning for each node that has stopped reading its stdin, of whatever verdict. */
export function unreadSentences({ unread = [] }: NodesResult): readonly string[] {
  return unread.map(({ node, messages, bytes, since }) =>
    [
      `Warning: ${node} has stopped reading its stdin: its pipe has been full since ${sinceText(since)},`,
      `and ${counted(messages, 'message')} (${bytes.toLocaleString('en')} bytes) more ${byCount(messages, 'is', 'are')} waiting for it.`,
      'The process is alive: is it in a loop, or waiting for something else?',
    ].join(' '),
  );
}

const sinceText = (nanos: number): string =>
  nanos < 0 ? 'before the first operation' : `${(nanos / NANOS_PER_SECOND).toFixed(1)} s`;

/**
 * A warning for each node that stopped answering, of whatever verdict. Those of which all requests failed are named elsewhere,
 * and so are those that stopped reading.
 */
export function silenceSentences(
  { silent = [], 'little-success': little = [] }: ErrorsResult,
  { unread = [] }: NodesResult,
): readonly string[] {
  const named = new Set([
    ...unread.map(({ node }) => node),
    ...little.flatMap(({ of, name, succeeded }) => (of === 'node' && succeeded === 0 ? [name] : [])),
  ]);
  return silent
    .filter(({ node }) => !named.has(node))
    .map(({ node, timeouts, since }) =>
      since === null
        ? `Warning: ${node} answered no request in time: ${byCount(timeouts, 'its only one', `all ${timeouts}`)} timed out.`
        : `Warning: ${node} answered no request in time after ${(since / NANOS_PER_SECOND).toFixed(1)} s: its last ${timeouts} timed out.`,
    );
}

/** Warnings beside a verdict that is valid. */
export function littleSuccessSentences({
  errors: known,
  'little-success': little = [],
}: ErrorsResult): readonly string[] {
  return little.map(({ of, name, count, succeeded }) => {
    const only = succeeded === 0 ? 'none' : `only ${succeeded}`;
    switch (of) {
      case 'all':
        return `Warning: ${only} of ${counted(count, 'operation')} succeeded, so the run proved little: ${errorsText(known)}.`;
      case 'f':
        return `Warning: ${only} of ${counted(count, `${name} operation`)} succeeded, so the run proved little about them: ${errorsText(known.filter(({ f }) => f === name))}.`;
      case 'node':
        return `Warning: ${only} of ${counted(count, 'operation')} at ${name} succeeded: ${errorsText(known.flatMap((one) => atNode(one, name)))}.`;
      case 'faults':
        return `Warning: none of the ${counted(count, 'operation')} that ended while a fault was active succeeded, so the run proved little about faults.`;
    }
  });
}

function atNode(one: ErrorCount, node: string): readonly ErrorCount[] {
  const count = one.nodes[node];
  return count === undefined ? [] : [{ ...one, count, nodes: { [node]: count } }];
}

/** `10 timeouts (n1: 4, n2: 6); 3 times error 13 (crash), "TypeError: ...", first at n1 (its log: ...)`. */
function errorsText(errors: readonly ErrorCount[]): string {
  const merged = timeoutsTogether(errors).toSorted((a, b) => b.count - a.count);
  const named = merged.slice(0, NAMED).map(errorText);
  const rest = merged.slice(NAMED);
  if (rest.length > 0) named.push(`${counted(sum(rest), 'other error')}, see \`errors\` in the results`);
  return named.join('; ');
}

function errorText({ error, text, count, nodes, node, log }: ErrorCount): string {
  if (error === TIMEOUT) return `${counted(count, 'timeout')} (${nodeCounts(nodes)})`;
  const where = log === '' ? `first at ${node}` : `first at ${node} (its log: ${log})`;
  return `${counted(count, 'time')} ${errorTitle(error)}${quoted(text)}, ${where}`;
}

/** Timeouts of all functions as one; they have no text. */
function timeoutsTogether(errors: readonly ErrorCount[]): readonly ErrorCount[] {
  const timeouts = errors.filter(({ error }) => error === TIMEOUT);
  const [first] = timeouts;
  if (first === undefined || timeouts.length === 1) return errors;
  const nodes: Record<string, number> = {};
  for (const one of timeouts) {
    for (const [node, count] of Object.entries(one.nodes)) nodes[node] = (nodes[node] ?? 0) + count;
  }
  const others = errors.filter(({ error }) => error !== TIMEOUT);
  return [{ ...first, count: sum(timeouts), nodes }, ...others];
}

function nodeCounts(nodes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(nodes).toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const named = counts.slice(0, NAMED_NODES).map(([node, count]) => `${node}: ${count}`);
  const rest = counts.length - named.length;
  return rest > 0
    ? `${named.join(', ')} and ${rest} more ${byCount(rest, 'node', 'nodes')}`
    : named.join(', ');
}

/** `error 13 (crash)`, by its name. */
function errorTitle(error: string): string {
  const known = ERROR_CODES.find(({ name }) => name === error);
  if (known !== undefined) return `error ${known.code} (${known.name})`;
  return error === '' ? 'an error' : `error ${error}`;
}

/** Control characters have been taken out of it. */
function quoted(text: string | undefined): string {
  if (text === undefined || text === '') return '';
  return text.includes('"') ? `, '${text}'` : `, "${text}"`;
}

const sum = (errors: readonly ErrorCount[]): number => errors.reduce((total, { count }) => total + count, 0);
