/** Explains a failed kafka check: each kind of error, what it says about the system, and one example. */
import { inSeries } from '../../protocol/in-series.ts';
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueOfKey } from '../result-keys.ts';
import type { NodeOf } from '../checker.ts';
import { anomalyOf } from '../elle/explaining/anomaly-evidence.ts';
import { describeCycle, explainAnomaly } from '../elle/explaining/explain.ts';
import type { Evidence } from '../evidence.ts';
import { LOG_WORDS } from '../glossary/words/log-words.ts';
import type { KafkaCycle, KafkaError, KafkaErrorType, KafkaResult, UnseenMessages } from './result.ts';

const MEANINGS: ReadonlyMap<string, string> = new Map(
  Object.entries(LOG_WORDS).map(([type, { meaning }]) => [type, meaning]),
);

const meaningOf = (type: string): string =>
  MEANINGS.get(type) ?? 'the order of operations forms a cycle, which no single log could have';

const NOTHING_JUDGED =
  'No operation of the history depended on another (no message was sent and polled, and no operation began after another ' +
  'had succeeded), so the history proves nothing about the logs, for or against.';

const MOST = 4;

/** Returns one line per kind of error; undefined if there is nothing to say. */
export function explainKafka(result: KafkaResult, nodeOf?: NodeOf): string | undefined {
  const { 'bad-error-types': names } = result;
  if (names === undefined) return undefined;
  if (names.length === 0) return result['valid?'] === 'unknown' ? NOTHING_JUDGED : undefined;
  const sentences = names.slice(0, MOST).map((name) => {
    return `${name}: ${meaningOf(name)}${example(name, result, nodeOf)}.`;
  });
  const more = names.length > MOST ? [`Also: ${names.slice(MOST).join(', ')}.`] : [];
  return [...sentences, ...more].join('\n');
}

/** Returns undefined if there is no verdict. */
export function kafkaFigure(result: KafkaResult): string | undefined {
  const { 'bad-error-types': names } = result;
  if (names === undefined) return undefined;
  if (names.length === 0) return result['valid?'] === true ? 'no error' : 'nothing judged';
  const shown = names.slice(0, MOST).map((name) => {
    const count = name === 'unseen' ? unseenCount(result) : (result[name]?.count ?? 1);
    return `${count} ${name}`;
  });
  return [...shown, ...(names.length > MOST ? [`${names.length - MOST} more kinds`] : [])].join(', ');
}

const unseenCount = ({ unseen }: { readonly unseen?: UnseenMessages | undefined }): number =>
  Object.values(unseen?.unseen ?? {}).reduce((sum, count) => sum + count, 0);

function example(name: KafkaErrorType, result: KafkaResult, nodeOf: NodeOf | undefined): string {
  if (name === 'unseen') return result.unseen === undefined ? '' : ` (${keysAndCounts(result.unseen)})`;
  const { count = 0, errs = true } = result[name] ?? {};
  const [first] = errs === true ? [] : errs;
  if (first === undefined) return '';
  const often = byCount(count, 'once', `${count} times`);
  const shown = isCycle(first) ? describeOrder(first, nodeOf) : describeError(name, first, nodeOf);
  return ` (${often}, for example ${shown})`;
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
            keyOf: (error) => (isCycle(error) ? undefined : error.key),
            cycleOf: (error) => (isCycle(error) ? describeCycle(error, nodeOf) : undefined),
          });
    }),
  };
}

/** Explains one error: its kind, and the messages and operations that show it. */
export function explainKafkaError(name: string, error: KafkaError | KafkaCycle, nodeOf?: NodeOf): string {
  return isCycle(error)
    ? explainAnomaly(name, error, nodeOf)
    : `${name}: ${meaningOf(name)}: ${describeError(name, error, nodeOf)}.`;
}

const isCycle = (error: KafkaError | KafkaCycle): error is KafkaCycle => 'type' in error;

/** Describes the operations of a cycle, in a clause. */
function describeOrder(error: KafkaCycle, nodeOf: NodeOf | undefined): string {
  const ops = 'cycle' in error ? error.cycle.slice(0, -1) : error.scc;
  const places = ops
    .slice(0, MOST)
    .map((op) => (typeof op === 'number' ? `operation ${op}` : place(op, nodeOf)));
  const more = ops.length > MOST ? [`${ops.length - MOST} more`] : [];
  return 'cycle' in error
    ? `each of ${inSeries([...places, ...more])} came before the next, and the last before the first`
    : `each of ${inSeries([...places, ...more])} came before the others`;
}

/** Describes what one error shows, in a clause. */
function describeError(name: string, error: KafkaError, nodeOf: NodeOf | undefined): string {
  const {
    value = null,
    offset = null,
    offsets = [],
    op,
    ops = [],
    writer,
    reader,
    'max-read': furthest,
  } = error;
  const key = `key ${show(error.key)}`;
  const message = `message ${show(value)} of ${key}`;
  const at = (operation: Op | undefined): string =>
    operation === undefined ? 'an operation' : place(operation, nodeOf);
  const [from = null, to = null] = error.values ?? [];
  const [earlier, later] = ops;
  switch (name) {
    case 'inconsistent-offsets':
      return `offset ${show(offset)} of ${key} held ${inSeries((error.values ?? []).map(show).map(asMessage), 'and also')}`;
    case 'duplicate':
      return `${message} was stored at offsets ${inSeries(offsets.map(show))}`;
    case 'G1a':
      return `${message}, which ${at(writer)} failed to send, was polled by ${at(reader)}`;
    case 'garbage-read':
      return `${message} was polled by ${at(reader)}`;
    case 'precommitted-read':
      return `${at(op)} sent ${message} and also polled it`;
    case 'lost-write':
      return `${message}, sent by ${at(writer)}, was never polled, although ${at(furthest)} polled up to its place or further`;
    case 'int-poll-skip':
      return `${at(op)} polled ${asMessage(show(from))} of ${key} and right after it ${show(to)}${between(error)}`;
    case 'int-send-skip':
      return `${at(op)} sent ${asMessage(show(from))} and then ${show(to)} to ${key}${between(error)}`;
    case 'int-nonmonotonic-poll':
      return `${at(op)} polled ${asMessage(show(from))} of ${key} and right after it ${orTheSame(error)}`;
    case 'int-nonmonotonic-send':
      return `${at(op)} sent ${asMessage(show(from))} to ${key} and then ${orTheSame(error)}`;
    case 'poll-skip':
      return `${at(earlier)} polled ${key}, and ${at(later)}, the next poll of it by the same process, left out ${leftOut(error)}`;
    case 'nonmonotonic-poll':
      return `${at(earlier)} polled ${asMessage(show(from))} of ${key}, and ${at(later)}, the next poll of it by the same process, began with ${orTheSame(error)}`;
    case 'nonmonotonic-send':
      return `${at(earlier)} sent ${asMessage(show(from))} to ${key}, and then ${at(later)} of the same process sent ${orTheSame(error)}`;
    default:
      return key;
  }
}

const asMessage = (text: string): string => `message ${text}`;

type Placed = Parameters<NodeOf>[0] & Pick<Op, 'index'>;

const place = (op: Placed, nodeOf: NodeOf | undefined): string =>
  `operation ${op.index}${onNode(op, nodeOf)}`;

function onNode(op: Placed, nodeOf: NodeOf | undefined): string {
  const node = nodeOf?.(op);
  return node === undefined ? '' : ` on ${node}`;
}

/** Describes the second of two messages that the log has in reverse order, or that are the same. */
function orTheSame({ values = [], delta = -1 }: KafkaError): string {
  if (delta === 0) return 'the same message again';
  return `message ${show(values[1] ?? null)}, which is ${counted(-delta, 'place')} before it in the log`;
}

/**
 * Describes the messages that the log has between two consecutive ones. A message that the log has twice can both
 * follow and stand between, which is mentioned so that it does not read as a contradiction.
 */
function between(error: KafkaError): string {
  const { values = [], skipped = [] } = error;
  const ends = new Set(values.map(show));
  const twice = [...new Set(skipped.map(show).filter((value) => ends.has(value)))];
  const again = twice.length === 0 ? '' : ` (the log has ${inSeries(twice)} more than once)`;
  const are = byCount(leftOutCount(error), 'is', 'are');
  return `, although ${leftOut(error)} ${are} between them in the log${again}`;
}

function leftOut(error: KafkaError): string {
  const { skipped = [] } = error;
  const shown = skipped.slice(0, MOST_LISTED).map(show);
  const count = leftOutCount(error);
  const rest = count > shown.length ? [`${count - shown.length} more`] : [];
  return `${byCount(count, 'message', 'messages')} ${inSeries([...shown, ...rest])}`;
}

/** The results name only the first ones; the distance between their neighbours gives the number. */
const leftOutCount = ({ delta = 1, skipped = [] }: KafkaError): number => Math.max(delta - 1, skipped.length);

const MOST_LISTED = 8;

function keysAndCounts({ unseen }: UnseenMessages): string {
  const entries = Object.entries(unseen);
  const shown = entries
    .slice(0, MOST)
    .map(([name, count]) => `${count} of key ${show(valueOfKey(unseen, name))}`);
  return (
    shown.join(', ') + (entries.length > MOST ? `, and ${counted(entries.length - MOST, 'more key')}` : '')
  );
}

const show = (value: Json): string => shownText(valueText(value), 120);
