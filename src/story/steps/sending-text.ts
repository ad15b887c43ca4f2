/** Messages within sentences: what is sent to which node, whether it arrives, and the reply. */
import { addTo, groupedBy } from '../../columns/groups.ts';
import { errorName } from '../../protocol/error-code.ts';
import { canonicalJson, isJsonInteger, jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { ArrivedBefore } from './arrived-before.ts';
import { requestBehind, type Exchange, type Repeated, type Sending } from './exchanges.ts';
import { lossText } from './fault-text.ts';
import type { Resending } from './resending.ts';
import type { FollowedValues } from '../selection/values/followed-values.ts';
import { isLost, STATE } from '../selection/selection.ts';
import type { CiteStep } from '../text/saying.ts';
import type { StaleAnswers } from '../facts/stale-answers.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { bodyInWords, sayingFields } from '../../protocol/value-text.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { duration, inPlainWords, moment } from '../text/words.ts';

/** Maximum length of an error text, and of what a reply may repeat of its request. */
const LONGEST_ERROR = 60;
const LONGEST_REPEATED = 12;

export interface SendingContext {
  readonly facts: StoryFacts;
  readonly values: FollowedValues;
  readonly endNanos: number;
  readonly cite: CiteStep;
  readonly arrivedBefore: ArrivedBefore;
  readonly resending: Resending;
  readonly staleAnswers: StaleAnswers;
}

/** Returns a sentence for a sending and its repetitions. */
export function repeatedText(repeated: Repeated, context: SendingContext): string {
  const { first, all } = repeated;
  if (all.length === 1) return sendingText(first, context);
  const last = all.at(-1) ?? first;
  const dests = namesOf(all.flatMap(({ exchanges }) => exchanges.map(({ message }) => message.dest)));
  const text = first.weight >= STATE ? '' : bodyText(first, context);
  const isSame = all.every((sending) => bodyText(sending, context) === text);
  const body = text === '' ? '' : isSame ? behind(text) : ` such as ${text}`;
  const count = all.length;
  return `${first.src} sends ${shownType(first)}${body} to ${dests}, ${count === 2 ? 'twice' : `${count} times`} until ${moment(last.sentNanos)}${fatesOfAll(all, context)}`;
}

function fatesOfAll(all: readonly Sending[], context: SendingContext): string {
  const { facts } = context;
  const exchanges = all.flatMap((sending) => sending.exchanges);
  const lost = exchanges.filter(({ message }) => isLost(message));
  const answered = exchanges.filter(({ answers }) => answers.some((answer) => !isLost(answer)));
  const parts: string[] = [];
  if (answered.length === exchanges.length) parts.push(answersOfAll(all, context));
  else if (answered.length > 0) parts.push(`${answered.length} of ${exchanges.length} are answered`);
  const [first] = lost;
  const loss = first?.message.losses[0];
  if (first !== undefined && loss !== undefined) {
    const why = lossText(facts, loss, first.message.dest);
    parts.push(
      lost.length === exchanges.length
        ? `each time ${why}${lost.some(({ message }) => isSentAgain(message, context)) ? '' : ', and it is never sent again'}`
        : `${lost.length} to ${namesOf(lost.map(({ message }) => message.dest))} ${lost.length === 1 ? 'does' : 'do'} not arrive: ${why}`,
    );
  }
  return parts.map((part) => `; ${part}`).join('');
}

/** The answers to repeated messages, if they are all alike: an error, or an answer that is too old, may be what matters. */
function answersOfAll(all: readonly Sending[], context: SendingContext): string {
  const textOf = ({ exchanges, weight }: Sending): string =>
    weight >= STATE ? '' : answersText(exchanges, context).join('; ');
  const [first, ...others] = all;
  const text = first === undefined ? '' : textOf(first);
  return text === '' || others.some((one) => textOf(one) !== text) ? 'all are answered' : `each time ${text}`;
}

function sendingText(sending: Sending, context: SendingContext): string {
  const { src, exchanges } = sending;
  const dests = namesOf(exchanges.map(({ message }) => message.dest));
  const head = `${src} sends ${shownType(sending)}${behind(bodyText(sending, context))} to ${dests}`;
  const fates = fatesText(exchanges, context);
  const answers = answersText(exchanges, context);
  return [head, ...fates, ...answers].join('; ');
}

const shownType = ({ type }: Sending): string => shownText(type, 40);
const behind = (text: string): string => (text === '' ? '' : ` ${text}`);

function bodyText({ exchanges: [first] }: Sending, { facts, values }: SendingContext): string {
  return first === undefined ? '' : bodyInWords(facts.messages.bodyOf(first.message.id), values);
}

/** Returns a clause for each message that did not simply arrive; alike ones share one. */
function fatesText(exchanges: readonly Exchange[], context: SendingContext): readonly string[] {
  const alike = new Map<string, StoryMessage[]>();
  for (const { message } of exchanges) {
    const fate = isAfterTheEnd(message, context) ? AFTER_THE_END : fateText(message, context);
    if (fate === undefined) continue;
    addTo(alike, fate, message);
  }
  return [...alike].map(([clause, messages]) => {
    const fate = clause === AFTER_THE_END ? afterTheEndText(messages) : clause;
    if (exchanges.length === 1) return fate;
    const dests = messages.map(({ dest }) => dest);
    return `${dests.length === exchanges.length ? 'to each of them' : `to ${namesOf(dests)}`}: ${fate}`;
  });
}

const AFTER_THE_END = 'after the end';

const isAfterTheEnd = ({ arrivals: [first] }: StoryMessage, { endNanos }: SendingContext): boolean =>
  first !== undefined && first > endNanos;

/** Describes messages that arrive after the story's end; for several the shortest and the longest delay. */
function afterTheEndText(messages: readonly StoryMessage[]): string {
  const took = messages
    .map(({ arrivals: [first = 0], sentNanos }) => first - sentNanos)
    .toSorted((one, other) => one - other)
    .map(duration);
  const [least = ''] = took;
  const most = took.at(-1) ?? least;
  return `it arrives ${least === most ? least : `${least} to ${most}`} later, after the end of this story`;
}

/** Returns undefined if the message arrived once, as all do that no exception delays, and was not overtaken. */
function fateText(message: StoryMessage, context: SendingContext): string | undefined {
  const { arrivals, losses, dest } = message;
  const [first, ...others] = arrivals;
  const [loss] = losses;
  if (first === undefined)
    return loss === undefined
      ? 'it is still on its way at the end'
      : `${lossText(context.facts, loss, dest)}${isSentAgain(message, context) ? '' : ', and it is never sent again'}`;
  if (first > context.endNanos) return afterTheEndText([message]);
  const overtaken = lateText(message, first, context);
  const isDelayed = overtaken.length === 0 && context.facts.delayed.has(message.id);
  const late = isDelayed ? [ownTimeText(first - message.sentNanos)] : overtaken;
  const [second] = others.filter((time) => time <= context.endNanos);
  return (
    [...late, ...(second === undefined ? [] : [twiceText(message, first, second, context)])].join(', and ') ||
    undefined
  );
}

const ownTimeText = (nanos: number): string =>
  nanos === 0 ? 'it arrives at once' : `it takes ${duration(nanos)}`;

/** True if its content is sent there again, or if that does not matter: for replies, and for messages without followed values. */
function isSentAgain({ id, src, dest, sentNanos }: StoryMessage, { resending }: SendingContext): boolean {
  return !resending.carries(id) || resending.lastNanos(src, dest) > sentNanos;
}

/** True if the message arrives after the end of the story, or after a message sent later to the same node. */
export function isLate(message: StoryMessage, context: SendingContext): boolean {
  const [arrival] = message.arrivals;
  if (arrival === undefined) return message.losses.length === 0;
  return arrival > context.endNanos || lateText(message, arrival, context).length > 0;
}

function lateText(
  { dest, sentNanos }: StoryMessage,
  arrival: number,
  { arrivedBefore }: SendingContext,
): readonly string[] {
  const overtaker = arrivedBefore.lastStep(dest, { sinceNanos: sentNanos, untilNanos: arrival });
  return overtaker === undefined
    ? []
    : [`it takes ${duration(arrival - sentNanos)} and arrives after that of step ${overtaker}`];
}

function twiceText(
  { dest, sentNanos }: StoryMessage,
  first: number,
  second: number,
  { arrivedBefore }: SendingContext,
): string {
  const between = arrivedBefore.lastStep(dest, { sinceNanos: sentNanos, untilNanos: second });
  const after = between === undefined ? '' : `, after that of step ${between}`;
  return `it arrives twice, the second time ${duration(second - first)} later${after}`;
}

/** Describes the replies; alike replies share a clause, and empty ones a word. */
function answersText(exchanges: readonly Exchange[], context: SendingContext): readonly string[] {
  const { messages } = context.facts;
  const all = exchanges.flatMap(({ answers }) => answers);
  const alike = groupedBy(all, (answer) =>
    canonicalJson([
      messages.typeOf(answer.id),
      sayingFields(messages.bodyOf(answer.id)),
      answerFateText(answer, context) ?? '',
      context.staleAnswers.textOf(answer) ?? '',
    ]),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const names = new Set(same.map(({ src }) => src));
    const who = namesOf([...names]);
    const verb = names.size === 1 ? 'answers' : 'answer';
    const times = same.length === names.size ? '' : `, ${same.length} times`;
    const fate = answerFateText(first, context);
    const stale = context.staleAnswers.textOf(first);
    return [
      `${who} ${verb} ${answerText(first, context)}${times}${fate === undefined ? '' : ` (${fate})`}${stale === undefined ? '' : `, ${stale}`}`,
    ];
  });
}

/** Like `fateText`; a reply for which the node did not wait long enough is late, too. */
const answerFateText = (answer: StoryMessage, context: SendingContext): string | undefined =>
  fateText(answer, context) ?? impatienceText(answer, context);

/** Returns undefined unless a timer had made the node send the request again, for the same operation, before the reply arrived. */
function impatienceText(answer: StoryMessage, { facts }: SendingContext): string | undefined {
  const { messages } = facts;
  const [arrival] = answer.arrivals;
  const asked = messages.requestOf(answer.id);
  const request = asked === undefined ? undefined : messages.at(asked);
  if (arrival === undefined || request === undefined) return undefined;
  const cause = requestBehind(facts, request);
  if (cause === undefined) return undefined;
  const fieldsOf = ({ id }: StoryMessage): string => canonicalJson(sayingFields(messages.bodyOf(id)));
  const again = messages
    .sentBetween(request.sentNanos, arrival)
    .find(
      (other) =>
        other.byTimer &&
        other.src === request.src &&
        other.dest === request.dest &&
        messages.typeOf(other.id) === messages.typeOf(request.id) &&
        fieldsOf(other) === fieldsOf(request) &&
        requestBehind(facts, other) === cause,
    );
  if (again === undefined) return undefined;
  const took = duration(arrival - request.sentNanos);
  return `it arrives ${took} after the request, when ${request.src} has sent ${shownText(messages.typeOf(again.id), 40)} again`;
}

/** Describes a reply without repeating the request; errors are shown by name. */
function answerText({ id, src }: StoryMessage, { facts, values }: SendingContext): string {
  const { messages, kindOf } = facts;
  const body = messages.bodyOf(id);
  const type = messages.typeOf(id);
  const { code, text, ...others } = body;
  if (type === 'error' && isJsonInteger(code)) {
    const name = errorName(Number(code));
    const named = `error ${valueText(code)}${name === undefined ? '' : `, ${inPlainWords(name)}`}`;
    // The error texts of services repeat the request and the name of the error.
    const isSaid =
      typeof text !== 'string' || text === '' || (name !== undefined && kindOf(src) === 'service');
    const said = isSaid ? '' : ` ("${shownText(text, LONGEST_ERROR)}")`;
    return `${named}${said}${behind(bodyInWords(others, values))}`;
  }
  const request = messages.requestOf(id);
  const asked = request === undefined ? {} : messages.bodyOf(request);
  const isNew = ([field, value]: readonly [string, Json]): boolean =>
    valueText(value).length <= LONGEST_REPEATED || !jsonEquals(asked[field] ?? null, value);
  const news = Object.fromEntries(Object.entries(body).filter(isNew));
  return `${shownText(type, 40)}${behind(bodyInWords(news, values))}`;
}

/** Lists distinct names in order. */
const namesOf = (names: readonly string[]): string => inSeries([...new Set(names)].toSorted(byName));

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
