/** The parts of a sentence about an operation: verb, noun and result, by the operation's function and value. */
import { inSeries } from '../../protocol/in-series.ts';
import {
  elementsOf,
  entriesOf,
  isJsonObject,
  jsonEquals,
  valueText,
  wordOf,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueInWords, type Followed } from '../../protocol/value-text.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { microOps, mopsText, resultOfMops, type MicroOps } from './micro-ops-text.ts';

export interface OperationPhrase {
  /** `adds 7`. */
  readonly verb: string;
  /** The preposition before the node: `at`. */
  readonly where: string;
  /** Text after the node. */
  readonly behind: string;
  /** `add of 7`. */
  readonly noun: string;
  /** The result of a successful operation; undefined if it is only an acknowledgement. */
  readonly result: string | undefined;
}

/** The value of an operation's invocation and of its completion. */
interface Values {
  readonly value: Json;
  /** The elements of `value`, if it is a list. */
  readonly parts: readonly Json[] | undefined;
  readonly completed: Json;
  readonly followed: Followed;
  readonly show: (part: Json) => string;
}

/** What else is known about an operation. */
export interface Known {
  /** Its name in the verdict, such as T1. */
  readonly name?: string | undefined;
  /** Its number, if the verdict calls it by that. */
  readonly number?: number | undefined;
  /** The body of its request. */
  readonly asked?: JsonObject | undefined;
}

export function phraseOf(
  { invocation, completion }: StoryOperation,
  followed: Followed,
  { name, asked = {} }: Known = {},
): OperationPhrase {
  const { f, value } = invocation;
  const show = (part: Json): string => valueInWords(part, followed);
  const completed = completion?.value ?? null;
  const values: Values = { value, parts: elementsOf(value), completed, followed, show };
  const mops = microOps(value);
  if (mops !== undefined && f === 'send') return sendPhrase(mops, values);
  if (mops !== undefined && f === 'poll') return pollPhrase(values, asked);
  const word = shownText(f, 40);
  if (mops !== undefined) {
    const called = name === undefined ? '' : ` ${name}`;
    return {
      verb: f === 'txn' ? `runs${called === '' ? ' a' : ''} transaction${called}` : `runs${called} ${word}`,
      where: 'at',
      behind: `: ${mopsText(mops, followed)}`,
      noun: f === 'txn' ? 'transaction' : word,
      result: completion === undefined ? undefined : resultOfMops(value, completed, followed),
    };
  }
  return PHRASES.get(f)?.(values) ?? phraseOfAny(word, values);
}

const phrase = (verb: string, noun: string, result?: string): OperationPhrase => ({
  verb,
  where: 'at',
  behind: '',
  noun,
  result,
});

function phraseOfAny(word: string, { value, completed, show }: Values): OperationPhrase {
  const about = value === null ? '' : ` ${show(value)}`;
  const isSame = jsonEquals(completed, value) || completed === null;
  return phrase(`does ${word}${about}`, `${word}${about}`, isSame ? undefined : show(completed));
}

/** Return undefined if the value does not have the structure of the workload's. */
const PHRASES: ReadonlyMap<string, (values: Values) => OperationPhrase | undefined> = new Map([
  ['add', ({ value, show }) => phrase(`adds ${show(value)}`, `add of ${show(value)}`)],
  ['broadcast', ({ value, show }) => phrase(`broadcasts ${show(value)}`, `broadcast of ${show(value)}`)],
  ['acquire', (values) => lockPhrase('acquire', values)],
  ['release', (values) => lockPhrase('release', values)],
  ['enqueue', ({ value, show }) => phrase(`enqueues ${show(value)}`, `enqueue of ${show(value)}`)],
  ['dequeue', ({ completed, show }) => phrase('dequeues', 'dequeue', show(completed))],
  ['drain', ({ completed, show }) => phrase('drains the queue', 'drain', show(completed))],
  ['transfer', transferPhrase],
  ['assign', assignPhrase],
  ['generate', ({ completed, show }) => phrase('asks for an id', 'request for an id', show(completed))],
  ['echo', echoPhrase],
  ['read', readPhrase],
  ['write', writePhrase],
  ['cas', casPhrase],
  ['put', putPhrase],
  ['append', appendPhrase],
  ['get', getPhrase],
]);

/** The value is the key of the lock, if there are several. */
function lockPhrase(f: string, { parts, show }: Values): OperationPhrase {
  return phrase(`${f}s the lock${parts === undefined ? '' : ` of key ${show(parts[0] ?? null)}`}`, f);
}

function transferPhrase({ value, show }: Values): OperationPhrase | undefined {
  const [from, to, amount] = ['from', 'to', 'amount'].map((part) => entryOf(value, part));
  if (from === undefined || to === undefined || amount === undefined) return undefined;
  return phrase(`transfers ${show(amount)} from ${show(from)} to ${show(to)}`, `transfer of ${show(amount)}`);
}

/** Returns an entry by name; names may be keywords. */
const entryOf = (value: Json, name: string): Json | undefined =>
  entriesOf(value)?.find(([key]) => wordOf(key) === name)?.[1];

function assignPhrase({ parts = [], followed, show }: Values): OperationPhrase | undefined {
  if (parts.length === 0) return undefined;
  const named = parts.some((key) => followed.has(key)) ? parts.filter((key) => followed.has(key)) : parts;
  const others = parts.length - named.length;
  const keys = [...named.map(show), ...(others === 0 ? [] : [`${others} more`])];
  return phrase(`turns to key ${inSeries(keys)}`, 'assign');
}

function echoPhrase({ value, completed, show }: Values): OperationPhrase {
  const echoed = isJsonObject(completed) ? (completed['echo'] ?? completed) : completed;
  return { ...phrase(`sends echo ${show(value)}`, `echo ${show(value)}`, show(echoed)), where: 'to' };
}

function readPhrase({ parts, completed, show }: Values): OperationPhrase {
  if (parts?.length !== 2) return phrase('reads', 'read', show(completed));
  const key = show(parts[0] ?? null);
  return phrase(`reads key ${key}`, `read of key ${key}`, show(elementsOf(completed)?.[1] ?? null));
}

function writePhrase({ value, parts, show }: Values): OperationPhrase {
  if (parts?.length !== 2) return phrase(`writes ${show(value)}`, `write of ${show(value)}`);
  const [key, written] = parts.map(show);
  return phrase(`writes ${written} to key ${key}`, `write of ${written} to key ${key}`);
}

function putPhrase({ parts, show }: Values): OperationPhrase | undefined {
  if (parts?.length !== 2) return undefined;
  const [key, value] = parts.map(show);
  return phrase(`sets key ${key} to ${value}`, `put of ${value} to key ${key}`);
}

function appendPhrase({ parts, show }: Values): OperationPhrase | undefined {
  if (parts?.length !== 2) return undefined;
  const [key, value] = parts.map(show);
  return phrase(`appends ${value} to key ${key}`, `append of ${value} to key ${key}`);
}

function getPhrase({ parts, completed, show }: Values): OperationPhrase | undefined {
  if (parts?.length !== 2) return undefined;
  const key = show(parts[0] ?? null);
  return phrase(`asks for key ${key}`, `get of key ${key}`, show(elementsOf(completed)?.[1] ?? null));
}

function casPhrase({ parts = [], show }: Values): OperationPhrase | undefined {
  const [first = null, second = null] = parts;
  const [from, to] = elementsOf(second) ?? [];
  if (from !== undefined && to !== undefined) {
    const change = `key ${show(first)} from ${show(from)} to ${show(to)}`;
    return phrase(`sets ${change}`, `cas of ${change}`);
  }
  // A single register has no key.
  if (parts.length !== 2) return undefined;
  const change = `from ${show(first)} to ${show(second)}`;
  return phrase(`sets the value ${change}`, `cas ${change}`);
}

/** `sends 1 to key 5`, and the offset it gets. */
function sendPhrase(mops: MicroOps, { completed, show }: Values): OperationPhrase {
  const sent = mops
    .map(([, key = null, message = null]) => `${show(message)} to key ${show(key)}`)
    .join(', ');
  const offsets = (microOps(completed) ?? []).flatMap(([, , got = null]) => {
    const [offset] = elementsOf(got) ?? [];
    return offset === undefined ? [] : [show(offset)];
  });
  return phrase(
    `sends ${sent}`,
    `send of ${sent}`,
    offsets.length === 0 ? undefined : `offset ${offsets.join(', ')}`,
  );
}

/** `polls`, and the offsets from which it does so in the logs that the story follows. */
function pollPhrase({ completed, followed, show }: Values, { offsets = null }: JsonObject): OperationPhrase {
  const polled = microOps(completed)?.map(([, logs = null]) => show(ofFollowedLogs(logs, followed)));
  const from = (isJsonObject(offsets) ? Object.entries(offsets) : [])
    .filter(([key]) => followed.has(key))
    .map(([key, offset]) => `offset ${show(offset)} of key ${show(key)}`);
  const behind = from.length === 0 ? '' : ` from ${inSeries(from)}`;
  return { ...phrase('polls', 'poll', polled?.join(', ')), behind };
}

/** Returns the messages of a poll for the logs that the story follows, with a mark for other logs that have messages. */
function ofFollowedLogs(polled: Json, followed: Followed): Json {
  const entries = entriesOf(polled) ?? (isJsonObject(polled) ? Object.entries(polled) : []);
  if (!entries.some(([key]) => followed.has(key))) return polled;
  const shown = entries.filter(([key, messages]) => followed.has(key) || elementsOf(messages)?.length !== 0);
  return Object.fromEntries(
    shown.map(([key, messages]) => [typeof key === 'string' ? key : valueText(key), messages]),
  );
}
