/** What a failed kafka check means, in words: each kind of error, what it says of the system, and one example. */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueOfKey } from '../result-keys.ts';
import type { NodeOf } from '../checker.ts';
import { anomalyOf } from '../elle/anomaly-evidence.ts';
import { describeCycle, explainAnomaly } from '../elle/explain.ts';
import type { Evidence } from '../evidence.ts';
import type { KafkaCycle, KafkaError, KafkaErrorType, KafkaResult, UnseenMessages } from './result.ts';

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

const meaningOf = (type: string): string =>
  MEANINGS.get(type) ?? 'the order of operations forms a cycle, which no single log could have';

const NOTHING_JUDGED =
  'No operation of the history depended on another (no message was sent and polled, and no operation began after another ' +
  'had succeeded), so the history proves nothing about the logs, for or against.';

const MOST = 4;

/** Undefined when there is nothing to say. */
export function explainKafka(result: KafkaResult, nodeOf?: NodeOf): string | undefined {
  const { 'bad-error-types': names } = result;
  if (names === undefined) return undefined;
  if (names.length === 0) return result['valid?'] === 'unknown' ? NOTHING_JUDGED : undefined;
  const sentences = names.slice(0, MOST).map((name) => {
    return `${name}: ${meaningOf(name)}${example(name, result, nodeOf)}.`;
  });
  const more = names.length > MOST ? ` Also: ${names.slice(MOST).join(', ')}.` : '';
  return sentences.join(' ') + more;
}

function example(name: KafkaErrorType, result: KafkaResult, nodeOf: NodeOf | undefined): string {
  if (name === 'unseen') return result.unseen === undefined ? '' : ` (${keysAndCounts(result.unseen)})`;
  const { count = 0, errs = true } = result[name] ?? {};
  const [first] = errs === true ? [] : errs;
  if (first === undefined) return '';
  const often = byCount(count, 'once', `${count} times`);
  return ` (${often}, for example ${describeError(first, nodeOf)})`;
}

export function kafkaEvidence(result: KafkaResult, nodeOf?: NodeOf): Evidence {
  const { 'bad-error-types': types = [] } = result;
  return {
    kind: 'anomalies',
    anomalies: types.flatMap((type) => {
      const errors = type === 'unseen' ? undefined : result[type]?.errs;
      return errors === undefined || errors === true
        ? []
        : anomalyOf<KafkaError | KafkaCycle>(type, errors, {
            inWords: (error) => explainKafkaError(type, error, nodeOf),
            cycleOf: (error) => (isCycle(error) ? describeCycle(error, nodeOf) : undefined),
          });
    }),
  };
}

/** One error in words: what kind it is, and which messages and operations show it. */
export function explainKafkaError(name: string, error: KafkaError | KafkaCycle, nodeOf?: NodeOf): string {
  return isCycle(error)
    ? explainAnomaly(name, error, nodeOf)
    : `${name}: ${meaningOf(name)}: ${describeError(error, nodeOf)}.`;
}

const isCycle = (error: KafkaError | KafkaCycle): error is KafkaCycle => 'type' in error;

function describeError(error: KafkaError | KafkaCycle, nodeOf: NodeOf | undefined): string {
  if (isCycle(error)) return '';
  const { key, value, offset, offsets, values, skipped, ops = [] } = error;
  const place = (op: Op): string => `operation ${op.index}${onNode(op, nodeOf)}`;
  const parts = [`key ${show(key)}`];
  if (value !== undefined) parts.push(`message ${show(value)}`);
  if (offset !== undefined) parts.push(`offset ${show(offset)}`);
  if (offsets !== undefined) parts.push(`offsets ${listed(offsets)}`);
  const order = orderText(values, skipped);
  if (order !== undefined) parts.push(order);
  for (const role of ['writer', 'max-read', 'reader'] as const) {
    const op = error[role];
    if (op !== undefined) parts.push(`${role} ${place(op)}`);
  }
  if (error.op !== undefined) parts.push(place(error.op));
  const [earlier, later] = ops;
  if (earlier !== undefined && later !== undefined) parts.push(`${place(earlier)} and then ${place(later)}`);
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
function orderText(values?: readonly Json[], skipped?: readonly Json[]): string | undefined {
  if (values === undefined) {
    if (skipped === undefined) return undefined;
    return `${byCount(skipped.length, 'message', 'messages')} ${listed(skipped)} left out`;
  }
  const [from, to] = values.map(show);
  const followed = `message ${to} came right after ${from}`;
  if (skipped === undefined) return followed;
  const twice = skipped.map(show).filter((value) => value === from || value === to);
  const again = twice.length === 0 ? '' : ` (the log has ${twice.join(' and ')} more than once)`;
  return `${followed}, although ${listed(skipped)} ${byCount(skipped.length, 'stands', 'stand')} between them in the log${again}`;
}

const listed = (values: readonly Json[]): string => values.map(show).join(', ');

function keysAndCounts({ unseen }: UnseenMessages): string {
  const entries = Object.entries(unseen);
  const shown = entries.slice(0, MOST).map(([name, count]) => {
    const key = valueOfKey(unseen, name);
    return `key ${typeof key === 'string' ? shownText(key, 60) : show(key)}: ${show(count)}`;
  });
  return (
    shown.join(', ') + (entries.length > MOST ? `, and ${counted(entries.length - MOST, 'more key')}` : '')
  );
}

const show = (value: Json): string => shownText(valueText(value), 120);
