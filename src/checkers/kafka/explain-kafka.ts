/** What a failed kafka check means, in words: each kind of error, what it says of the system, and one example. */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueOfKey } from '../result-keys.ts';
import { isOp, isResultMap, type CheckResult, type NodeOf, type ResultValue } from '../checker.ts';

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['lost-write', 'an acknowledged message was never read, although messages after it in the same log were'],
  ['unseen', 'messages were acknowledged, but no client had polled them when the run ended'],
  ['inconsistent-offsets', 'one offset of a log held different messages'],
  ['duplicate', 'one message stood at several offsets'],
  ['G1a', 'a message was read although its send had failed'],
  ['garbage-read', 'a message was read that no client had sent'],
  ['precommitted-read', 'an operation read a message that it sent itself'],
  ['int-poll-skip', 'one poll left out messages in the middle'],
  ['int-nonmonotonic-poll', 'one poll returned messages out of order'],
  ['int-send-skip', 'the messages of one operation were not put side by side'],
  ['int-nonmonotonic-send', 'one operation sent messages that got decreasing offsets'],
  ['poll-skip', "a client's next poll jumped over messages"],
  ['nonmonotonic-poll', "a client's next poll went back in the log"],
  ['nonmonotonic-send', "a client's later message got an earlier offset"],
]);

const NOTHING_JUDGED =
  'No operation of the history depended on another (no message was sent and polled, and no operation began after another ' +
  'had succeeded), so the history proves nothing about the logs, for or against.';

const MOST = 4;

/** Undefined when there is nothing to say. */
export function explainKafka(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const bad = result['bad-error-types'];
  if (!Array.isArray(bad)) return undefined;
  if (bad.length === 0) return result['valid?'] === 'unknown' ? NOTHING_JUDGED : undefined;
  const names = bad.filter((name): name is string => typeof name === 'string');
  const sentences = names.slice(0, MOST).map((name) => {
    const meaning =
      MEANINGS.get(name) ?? 'the order of operations forms a cycle, which no single log could have';
    return `${name}: ${meaning}${example(name, result[name], nodeOf)}.`;
  });
  const more = names.length > MOST ? ` Also: ${names.slice(MOST).join(', ')}.` : '';
  return sentences.join(' ') + more;
}

function example(name: string, found: ResultValue, nodeOf: NodeOf | undefined): string {
  if (!isResultMap(found)) return '';
  if (name === 'unseen') return isResultMap(found['unseen']) ? ` (${keysAndCounts(found['unseen'])})` : '';
  const errors = found['errs'];
  const first = Array.isArray(errors) ? errors[0] : undefined;
  if (!isResultMap(first)) return '';
  const often = byCount(Number(found['count']), 'once', `${show(found['count'])} times`);
  return ` (${often}, for example ${describeError(first, nodeOf)})`;
}

/** One error in words: what kind it is, and which messages and operations show it. */
export function explainKafkaError(name: string, error: ResultValue, nodeOf?: NodeOf): string {
  const meaning = MEANINGS.get(name) ?? name;
  return isResultMap(error)
    ? `${name}: ${meaning}: ${describeError(error, nodeOf)}.`
    : `${name}: ${meaning}.`;
}

function describeError(error: { readonly [key: string]: ResultValue }, nodeOf: NodeOf | undefined): string {
  const parts: string[] = [];
  if (error['key'] !== undefined) parts.push(`key ${show(error['key'])}`);
  if (error['value'] !== undefined) parts.push(`message ${show(error['value'])}`);
  if (error['offset'] !== undefined) parts.push(`offset ${show(error['offset'])}`);
  if (Array.isArray(error['offsets'])) {
    parts.push(`offsets ${listed(error['offsets'] as readonly ResultValue[])}`);
  }
  const order = orderText(error['values'], error['skipped']);
  if (order !== undefined) parts.push(order);
  for (const role of ['writer', 'max-read', 'reader', 'op']) {
    const op = error[role];
    if (!isOp(op)) continue;
    parts.push(`${role === 'op' ? '' : `${role} `}operation ${op.index}${onNode(op, nodeOf)}`);
  }
  const between = Array.isArray(error['ops']) ? (error['ops'] as readonly ResultValue[]).filter(isOp) : [];
  const [earlier, later] = between;
  if (earlier !== undefined && later !== undefined) {
    parts.push(
      `operation ${earlier.index}${onNode(earlier, nodeOf)} and then operation ${later.index}${onNode(later, nodeOf)}`,
    );
  }
  return parts.join(', ');
}

function onNode(op: Op, nodeOf: NodeOf | undefined): string {
  const node = nodeOf?.(op);
  return node === undefined ? '' : ` on ${node}`;
}

/**
 * Which messages followed each other, and which the log has between them. A message that the log has twice can follow and
 * stand between: that is said, or it would read as a contradiction.
 */
function orderText(values: ResultValue, skipped: ResultValue): string | undefined {
  const between = Array.isArray(skipped) ? (skipped as readonly ResultValue[]) : undefined;
  if (!Array.isArray(values)) {
    if (between === undefined) return undefined;
    return `${byCount(between.length, 'message', 'messages')} ${listed(between)} left out`;
  }
  const [from, to] = (values as readonly ResultValue[]).map(show);
  const followed = `message ${to} came right after ${from}`;
  if (between === undefined) return followed;
  const twice = between.map(show).filter((value) => value === from || value === to);
  const again = twice.length === 0 ? '' : ` (the log has ${twice.join(' and ')} more than once)`;
  return `${followed}, although ${listed(between)} ${byCount(between.length, 'stands', 'stand')} between them in the log${again}`;
}

const listed = (values: readonly ResultValue[]): string => values.map(show).join(', ');

function keysAndCounts(unseen: { readonly [key: string]: ResultValue }): string {
  const entries = Object.entries(unseen);
  const shown = entries.slice(0, MOST).map(([name, count]) => {
    const key = valueOfKey(unseen, name);
    return `key ${typeof key === 'string' ? shownText(key, 60) : show(key)}: ${show(count)}`;
  });
  return (
    shown.join(', ') + (entries.length > MOST ? `, and ${counted(entries.length - MOST, 'more key')}` : '')
  );
}

// What is shown here came from the history, so it is JSON.
const show = (value: ResultValue): string => {
  return shownText(valueText(value as Json), 120);
};
