/** Findings about logs: the operations that sent the affected messages, and those that polled them. */
import { withoutNote } from '../../checkers/bounded-result.ts';
import { explainKafkaError } from '../../checkers/kafka/explain-kafka.ts';
import type {
  KafkaError,
  KafkaResult,
  MessageErrorType,
  UnseenMessages,
} from '../../checkers/kafka/result.ts';
import { valueOfKey } from '../../checkers/result-keys.ts';
import { isOp } from '../../checkers/checker.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { elementsOf, entriesOf, jsonEquals, valueText, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { anomalyFile } from '../../report/findings/evidence-files.ts';
import type { Finding, Missed } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { anomalyTitle } from '../../report/findings/anomaly-words.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { atNode, brief, duration } from '../text/words.ts';

/** Errors that explain others come first: an overwritten message is also lost. */
const ORDER: readonly MessageErrorType[] = [
  'inconsistent-offsets',
  'duplicate',
  'int-poll-skip',
  'poll-skip',
  'lost-write',
  'int-nonmonotonic-poll',
  'nonmonotonic-poll',
];

/** Maximum number of messages of one error whose sends become steps. */
const MOST_SENDS = 4;

/** One finding per error type; none for types that anomalies cover, such as cycles. */
export function* kafkaFindings(facts: StoryFacts, result: KafkaResult): Generator<Finding> {
  const { 'bad-error-types': types = [], unseen } = result;
  const others = types.length - 1;
  const more =
    others < 1
      ? undefined
      : `The results have ${counted(types.length, 'kind')} of errors: ${types.join(', ')}.`;
  let isAny = false;
  for (const type of ORDER) {
    const errors = types.includes(type) ? result[type]?.errs : undefined;
    const [first] = errors === undefined || errors === true ? [] : withoutNote(errors);
    const finding = first === undefined ? undefined : errorFinding(facts, type, first);
    if (finding === undefined) continue;
    yield { ...finding, more: isAny ? undefined : more };
    isAny = true;
  }
  if (unseen === undefined || types.some((type) => type !== 'unseen')) return;
  const finding = unseenMessage(facts, unseen);
  if (finding !== undefined) yield finding;
}

function errorFinding(facts: StoryFacts, type: string, error: KafkaError): Finding | undefined {
  const { key, value, values = [], skipped = [], op, ops = [], writer, reader, 'max-read': furthest } = error;
  const messages = [...(value === undefined ? [] : [value]), ...skipped, ...values].slice(0, MOST_SENDS);
  const sends = messages.flatMap((message) => sendOf(facts, key, message) ?? []);
  const named = [op, ...ops, writer, reader, furthest].flatMap((one) =>
    isOp(one) ? (facts.operations.at(one.index) ?? []) : [],
  );
  const polls = named.length > 0 ? [] : pollsBehind(facts, error, messages);
  const involved = [...new Set([...sends, ...named, ...polls])].toSorted((a, b) => endOf(a) - endOf(b));
  const last = involved.at(-1);
  if (last === undefined) return undefined;
  return {
    title: `${anomalyTitle(type)}: key ${brief(key)}`,
    evidence: anomalyFile(type),
    verdict: [
      shownText(
        explainKafkaError(
          type,
          namedByInvocation(error, facts.operations.numberOf),
          facts.run.clients.nodeOf,
        ),
        600,
      ),
    ],
    operations: involved.map(({ number }) => number),
    wrong: last.number,
    numbered: new Set(named.map(({ number }) => number)),
    values: messages.map((message) => [message, key]),
    beside: otherKeys(facts, key),
    reach: 'operations',
    missed: missedBy(facts, last, key, type === 'lost-write' ? value : skipped[0]),
  };
}

/** Returns the polls that saw the messages at the places of which the error speaks, unless the replies to their senders show it. */
function pollsBehind(
  facts: StoryFacts,
  { key, offset, offsets = [] }: KafkaError,
  messages: readonly Json[],
): readonly StoryOperation[] {
  return messages.flatMap((message) => {
    const send = sendOf(facts, key, message);
    const at = send === undefined ? undefined : offsetOf(send, key, message);
    if (offset !== undefined)
      return at !== undefined && jsonEquals(at, offset) ? [] : (pollOf(facts, key, message, offset) ?? []);
    if (messages.length > 1 && send !== undefined) return [];
    // Each of the places at which a message stands may have been seen by another poll.
    return offsets.length > 0
      ? offsets.flatMap((one) => pollOf(facts, key, message, one) ?? [])
      : (pollOf(facts, key, message) ?? []);
  });
}

/** Returns a sent message that a poll should have had, since it asked for its offset. */
function missedBy(
  facts: StoryFacts,
  poll: StoryOperation,
  key: Json,
  value: Json | undefined,
): Missed | undefined {
  const send = value === undefined ? undefined : sendOf(facts, key, value);
  const offset = value === undefined || send === undefined ? undefined : offsetOf(send, key, value);
  if (value === undefined || send === undefined || offset === undefined || !isPoll(poll)) return undefined;
  const from = facts.operations.requestsOf(poll).flatMap((id) => {
    const { type, offsets = null } = facts.messages.bodyOf(id);
    if (type !== 'poll') return [];
    return (entriesOf(offsets) ?? []).flatMap(([name, first]) => (isKey(name, key) ? [first] : []));
  });
  if (!from.every((first) => typeof first === 'number' && first <= offset) || from.length === 0)
    return undefined;
  return {
    key,
    value,
    writer: send.number,
    what: `message ${brief(value)} of key ${brief(key)}`,
    by: 'the poll',
  };
}

function unseenMessage(facts: StoryFacts, { messages }: UnseenMessages): Finding | undefined {
  const count = Object.values(messages).flat().length;
  for (const [name, [value]] of Object.entries(messages)) {
    const key = valueOfKey(messages, name);
    const send = value === undefined ? undefined : sendOf(facts, key, value);
    if (value === undefined || send === undefined) continue;
    const last = pollsOf(facts, key).findLast(({ invocation }) => invocation.time >= endOf(send));
    const since = endOf(last ?? send);
    const later = facts.operations.all.filter((one) => isPoll(one) && one.invocation.time >= since);
    // Others asked for other keys, or for none.
    const areAllUnanswered = later.every(({ completion }) => completion?.type !== 'ok');
    const unanswered = areAllUnanswered ? later : [];
    const shown = [send, last ?? unanswered.at(-1)].filter((one) => one !== undefined);
    return {
      title: `Message ${brief(value)} of key ${brief(key)} was acknowledged, but never polled`,
      verdict: [unseenText(send, key, value, last, unanswered.length)],
      operations: shown.map(({ number }) => number),
      wrong: (shown.at(-1) ?? send).number,
      values: [[value, key]],
      beside: otherKeys(facts, key),
      reach: 'operations',
      missed: last === undefined ? undefined : missedBy(facts, last, key, value),
      more: `In all, ${counted(count, 'acknowledged message')} ${byCount(count, 'was', 'were')} never polled.`,
    };
  }
  return undefined;
}

/** `last` is the last poll that shows anything of the key, and `unanswered` the number of polls after it. */
function unseenText(
  send: StoryOperation,
  key: Json,
  value: Json,
  last: StoryOperation | undefined,
  unanswered: number,
): string {
  const what = `message ${brief(value)} of key ${brief(key)}`;
  const unseen = `No client polls ${what}, which ${send.node ?? 'was'} acknowledged`;
  const failing = `${byCount(unanswered, 'the only poll', `all ${unanswered} polls`)} after that did not succeed`;
  if (last === undefined) return unanswered === 0 ? `${unseen}.` : `${unseen}: ${failing}.`;
  const furthest = offsetsIn(last, key).at(-1);
  const own = offsetOf(send, key, value);
  const poll = `${last.client}'s poll${atNode(last.node)}`;
  if (furthest !== undefined && own !== undefined && furthest < own)
    return `${unseen} at offset ${own}: the last poll that shows this key, ${poll}, ends at offset ${furthest}${unanswered === 0 ? '' : `, and ${failing}`}.`;
  return `${poll}, ${duration(last.invocation.time - endOf(send))} after ${what} was acknowledged, does not have it, nor has any other: it is lost.`;
}

/** Returns the list items of its value: `["send", key, message]`. */
function partsOf({ invocation, completion }: StoryOperation): readonly (readonly Json[])[] {
  const value = completion?.type === 'ok' ? completion.value : invocation.value;
  return (elementsOf(value) ?? []).flatMap((part) => {
    const mop = elementsOf(part);
    return mop === undefined ? [] : [mop];
  });
}

/** Compares keys; as keys of a JSON object they are strings. */
const isKey = (a: Json, b: Json): boolean => jsonEquals(a, b) || valueText(a) === valueText(b);

/** Returns what an operation sent to the key, if that is the message: paired with its offset once it is acknowledged. */
function sentIn(operation: StoryOperation, key: Json, value: Json): Json | undefined {
  for (const [f = null, own = null, sent = null] of partsOf(operation)) {
    const message = elementsOf(sent)?.[1] ?? sent;
    if (wordOf(f) === 'send' && isKey(own, key) && jsonEquals(message, value)) return sent;
  }
  return undefined;
}

const sendOf = ({ operations }: StoryFacts, key: Json, value: Json): StoryOperation | undefined =>
  operations.all.find((operation) => sentIn(operation, key, value) !== undefined);

/** Returns the keys of all other logs that clients use. */
const otherKeys = ({ operations }: StoryFacts, key: Json): readonly Json[] => {
  const keys = operations.all.flatMap(({ invocation: { f, value } }) =>
    f === 'assign' ? (elementsOf(value) ?? []) : [],
  );
  return [...new Set(keys)].filter((other) => !isKey(other, key));
};

/** Returns the messages that a poll returned for the key; undefined if it is not a poll or failed. */
function polledIn(operation: StoryOperation, key: Json): readonly Json[] | undefined {
  if (operation.completion?.type !== 'ok') return undefined;
  for (const [f = null, polled = null] of partsOf(operation)) {
    const own =
      wordOf(f) === 'poll' ? (entriesOf(polled) ?? []).find(([name]) => isKey(name, key)) : undefined;
    if (own !== undefined) return elementsOf(own[1]);
  }
  return undefined;
}

const isPoll = (operation: StoryOperation): boolean =>
  partsOf(operation).some(([f = null]) => wordOf(f) === 'poll');

const offsetsIn = (poll: StoryOperation, key: Json): readonly number[] =>
  (polledIn(poll, key) ?? [])
    .flatMap((pair) => {
      const offset = elementsOf(pair)?.[0];
      return typeof offset === 'number' ? [offset] : [];
    })
    .toSorted((a, b) => a - b);

/** Returns the offset at which a message was acknowledged. */
function offsetOf(send: StoryOperation, key: Json, value: Json): number | undefined {
  const offset = elementsOf(sentIn(send, key, value))?.[0];
  return typeof offset === 'number' ? offset : undefined;
}

const pollsOf = ({ operations }: StoryFacts, key: Json): readonly StoryOperation[] =>
  operations.all.filter((operation) => polledIn(operation, key) !== undefined);

/** The first that shows the message, at that offset where one is given. */
const pollOf = (facts: StoryFacts, key: Json, value: Json, offset?: Json): StoryOperation | undefined =>
  pollsOf(facts, key).find((poll) =>
    polledIn(poll, key)?.some((pair) => {
      const [at = null, message = null] = elementsOf(pair) ?? [];
      return jsonEquals(message, value) && (offset === undefined || jsonEquals(at, offset));
    }),
  );
