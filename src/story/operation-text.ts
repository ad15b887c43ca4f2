/** Operations within sentences: a client's request and its result. */
import type { Op } from '../history/op.ts';
import { ERROR_CODES } from '../protocol/error-code.ts';
import {
  elementsOf,
  entriesOf,
  isJsonArray,
  isJsonObject,
  jsonEquals,
  valueText,
  wordOf,
  type Json,
} from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { BROKEN_ANSWER } from '../run/cluster/client-connection.ts';
import { TIMEOUT } from '../run/records/outcome-tally.ts';
import type { StoryOperation } from './story-operations.ts';
import { valueInWords, type Followed } from '../protocol/value-text.ts';
import { inSeries } from '../protocol/in-series.ts';
import { inPlainWords, moment } from './words.ts';

export interface OperationWords {
  /** `c1 adds 7 at n1`. */
  readonly begins: string;
  /** Appended if no step comes in between: `, which acknowledges it`. */
  readonly ends: string;
  /** Otherwise a separate sentence: `n1 acknowledges c1's add of 7`. */
  readonly answer: string;
}

/** `name` is the operation's name in the verdict, such as T1. */
export function operationWords(operation: StoryOperation, followed: Followed, name?: string): OperationWords {
  const { client, node, completion } = operation;
  const asked = askedFor(operation, followed, name);
  const called = name === undefined ? asked.noun : `${asked.noun} ${name}`;
  const where = node === undefined ? '' : ` ${asked.where.replace('NODE', node)}`;
  const begins = `${client} ${asked.verb}${where}${asked.behind}`;
  switch (completion?.type) {
    case 'ok': {
      const got = asked.result;
      if (node === undefined) return answeredWords({ begins, client, called, got }, completion);
      return got === undefined
        ? {
            begins,
            ends: `, which acknowledges it`,
            answer: `${node} acknowledges ${client}'s ${called}`,
          }
        : { begins, ends: ` and gets ${got}`, answer: `${node} answers ${client}'s ${called}: ${got}` };
    }
    case 'fail':
    case 'info':
    case 'invoke':
    case undefined: {
      const { ends, answer } = failureWords(completion, { node, client, called });
      return { begins, ends, answer };
    }
  }
}

interface Answered {
  readonly begins: string;
  readonly client: string;
  readonly called: string;
  readonly got: string | undefined;
}

/** For histories without nodes: adds the time of the completion. */
function answeredWords({ begins, client, called, got }: Answered, { time }: Op): OperationWords {
  const at = `at ${moment(time)}`;
  return got === undefined
    ? {
        begins,
        ends: `, which is acknowledged ${at}`,
        answer: `${client}'s ${called} is acknowledged`,
      }
    : { begins, ends: ` and gets ${got} ${at}`, answer: `${client}'s ${called} gets ${got}` };
}

interface RequestWords {
  readonly verb: string;
  /** `at NODE`. */
  readonly where: string;
  /** Text after the place. */
  readonly behind: string;
  readonly noun: string;
  /** The result of a successful operation; undefined if it is only an acknowledgement. */
  readonly result: string | undefined;
}

/** `name` is the operation's name in the verdict, such as T1. */
export function askedFor(
  { invocation, completion }: StoryOperation,
  followed: Followed,
  name: string | undefined,
): RequestWords {
  const { f, value } = invocation;
  const answered = completion?.value ?? null;
  const show = (part: Json): string => valueInWords(part, followed);
  const mops = microOps(value);
  if (mops === undefined)
    return knownRequest(f, value, answered, followed) ?? otherRequest(f, value, answered, show);
  if (f === 'send') return sendWords(mops, answered, show);
  if (f === 'poll') {
    const got = microOps(answered)
      ?.map(([, polled = null]) => show(ofFollowedLogs(polled, followed)))
      .join(', ');
    return atNode('polls', 'poll', got);
  }
  const called = name === undefined ? '' : ` ${name}`;
  const word = shownText(f, 40);
  return {
    verb: f === 'txn' ? `runs${called === '' ? ' a' : ''} transaction${called}` : `runs${called} ${word}`,
    where: 'at NODE',
    behind: `: ${mopsText(mops, followed)}`,
    noun: f === 'txn' ? 'transaction' : word,
    result: completion === undefined ? undefined : resultOfMops(value, answered, followed),
  };
}

const atNode = (verb: string, noun: string, result?: string): RequestWords => ({
  verb,
  where: 'at NODE',
  behind: '',
  noun,
  result,
});

/** Returns undefined for a function that has no words of its own, or whose value has another form. */
function knownRequest(f: string, value: Json, answered: Json, followed: Followed): RequestWords | undefined {
  const show = (part: Json): string => valueInWords(part, followed);
  const parts = elementsOf(value);
  const [key = null, second = null] = parts?.length === 2 ? parts : [];
  const hasKey = parts?.length === 2;
  switch (f) {
    case 'add':
    case 'broadcast':
    case 'enqueue':
      return atNode(`${f}s ${show(value)}`, `${f} of ${show(value)}`);
    case 'acquire':
    case 'release':
      // The key of the lock, if there are several.
      return atNode(`${f}s the lock${parts === undefined ? '' : ` of key ${show(parts[0] ?? null)}`}`, f);
    case 'dequeue':
      return atNode('dequeues', 'dequeue', show(answered));
    case 'transfer': {
      const [from, to, amount] = ['from', 'to', 'amount'].map((part) => entryOf(value, part));
      if (from === undefined || to === undefined || amount === undefined) return undefined;
      const what = `${show(amount)} from ${show(from)} to ${show(to)}`;
      return atNode(`transfers ${what}`, `transfer of ${show(amount)}`);
    }
    case 'assign':
      return parts === undefined || parts.length === 0 ? undefined : assignWords(parts, followed);
    case 'generate':
      return atNode('asks for an id', 'request for an id', show(answered));
    case 'echo': {
      const got = isJsonObject(answered) ? (answered['echo'] ?? answered) : answered;
      const words = atNode(`sends echo ${show(value)}`, `echo ${show(value)}`, show(got));
      return { ...words, where: 'to NODE' };
    }
    case 'read':
      return hasKey
        ? atNode(
            `reads key ${show(key)}`,
            `read of key ${show(key)}`,
            show(elementsOf(answered)?.[1] ?? null),
          )
        : atNode('reads', 'read', show(answered));
    case 'write': {
      const what = hasKey ? `${show(second)} to key ${show(key)}` : show(value);
      return atNode(`writes ${what}`, `write of ${what}`);
    }
    case 'cas': {
      if (!hasKey) return undefined;
      const [from, to] = elementsOf(second) ?? [];
      // A single register has no key.
      if (from === undefined || to === undefined)
        return atNode(
          `sets the value from ${show(key)} to ${show(second)}`,
          `cas from ${show(key)} to ${show(second)}`,
        );
      const what = `key ${show(key)} from ${show(from)} to ${show(to)}`;
      return atNode(`sets ${what}`, `cas of ${what}`);
    }
    default:
      return undefined;
  }
}

/** Names the followed keys, or all if none is followed. */
function assignWords(keys: readonly Json[], followed: Followed): RequestWords {
  const some = keys.filter((key) => followed.has(key));
  const named = some.length > 0 ? some : keys;
  const others = keys.length - named.length;
  const words = named.map((key) => valueInWords(key, followed));
  return atNode(`turns to key ${inSeries(others === 0 ? words : [...words, `${others} more`])}`, 'assign');
}

function otherRequest(f: string, value: Json, answered: Json, show: (part: Json) => string): RequestWords {
  const what = `${shownText(f, 40)}${value === null ? '' : ` ${show(value)}`}`;
  const isSame = jsonEquals(answered, value) || answered === null;
  return atNode(`does ${what}`, what, isSame ? undefined : show(answered));
}

/** Returns the messages of a poll for the logs that the story follows, with a mark for other logs that have messages. */
function ofFollowedLogs(polled: Json, followed: Followed): Json {
  const entries = entriesOf(polled) ?? (isJsonObject(polled) ? Object.entries(polled) : []);
  const told = entries.filter(([key]) => followed.has(key));
  if (told.length === 0) return polled;
  const isEmpty = ([, messages]: readonly [Json, Json]): boolean => elementsOf(messages)?.length === 0;
  const shown = entries.filter((entry) => told.includes(entry) || !isEmpty(entry));
  return Object.fromEntries(
    shown.map(([key, messages]) => [typeof key === 'string' ? key : valueText(key), messages]),
  );
}

/** Returns an entry by name; names may be keywords. */
const entryOf = (value: Json, name: string): Json | undefined =>
  entriesOf(value)?.find(([key]) => wordOf(key) === name)?.[1];

/** Describes a send: `sends 1 to key 5`, and the offset it gets. */
function sendWords(mops: MicroOps, answered: Json, show: (part: Json) => string): RequestWords {
  const sent = mops
    .map(([, key = null, message = null]) => `${show(message)} to key ${show(key)}`)
    .join(', ');
  const offsets = microOps(answered)?.flatMap(([, , got = null]) => {
    const [offset] = elementsOf(got) ?? [];
    return offset === undefined ? [] : [show(offset)];
  });
  return {
    verb: `sends ${sent}`,
    where: 'at NODE',
    behind: '',
    noun: `send of ${sent}`,
    result: offsets === undefined || offsets.length === 0 ? undefined : `offset ${offsets.join(', ')}`,
  };
}

type MicroOps = readonly (readonly Json[])[];

/** Returns the micro-operations of a transaction: lists that begin with a word. */
function microOps(value: Json): MicroOps | undefined {
  if (!isJsonArray(value) || value.length === 0) return undefined;
  const lists = value.map((mop) => elementsOf(mop));
  return lists.every((mop) => mop !== undefined && wordOf(mop[0]) !== undefined)
    ? lists.filter((mop) => mop !== undefined)
    : undefined;
}

/** Values that are not known yet are omitted; in a result they are shown. */
function mopsText(mops: MicroOps, followed: Followed, isResult = false): string {
  const show = (part: Json): string | undefined =>
    part === null && !isResult ? undefined : valueInWords(part, followed);
  return mops
    .map(([f, ...rest]) =>
      [shownText(wordOf(f) ?? '?', 20), ...rest.flatMap((part) => show(part) ?? [])].join(' '),
    )
    .join(', ');
}

/** Returns the results of the reads; undefined if there are none. */
function resultOfMops(asked: Json, answered: Json, followed: Followed): string | undefined {
  const mops = microOps(answered);
  if (mops === undefined) return valueInWords(answered, followed);
  const before = microOps(asked) ?? [];
  const isRead = (mop: readonly Json[], at: number): boolean =>
    before[at]?.at(-1) === null || !jsonEquals([...mop], [...(before[at] ?? [])]);
  const read = mops.filter(isRead);
  if (read.length === 0) return undefined;
  return mopsText(read, followed, true);
}

interface Failed {
  readonly node: string | undefined;
  readonly client: string;
  /** `add of 7`. */
  readonly called: string;
}

/** Describes how an unsuccessful operation ended: without a reply, with a malformed one, or with an error. */
function failureWords(
  completion: Op | undefined,
  { node, client, called }: Failed,
): Pick<OperationWords, 'ends' | 'answer'> {
  const { type, error = null } = completion ?? {};
  if (type !== 'fail' && type !== 'info')
    return {
      ends: ' and has no answer by the end',
      answer: `${client}'s ${called} has no answer by the end`,
    };
  if (error === TIMEOUT)
    return { ends: ' and gets no answer', answer: `${client}'s ${called} gets no answer` };
  const [code = null, ...texts] = elementsOf(error) ?? [error];
  const name = wordOf(code);
  const said = inSeries(texts.flatMap((part) => textOfError(part)));
  const broken = name === WRONG_STRUCTURE ? said : brokenAnswer(said);
  if (broken !== undefined)
    return {
      ends: ` and gets an answer that breaks the protocol: ${broken}`,
      answer:
        node === undefined
          ? `the answer to ${client}'s ${called} breaks the protocol: ${broken}`
          : `${node} answers ${client}'s ${called}, and breaks the protocol: ${broken}`,
    };
  const behind = said === '' ? '' : ` (${said})`;
  if (name !== undefined && !isErrorName(name)) {
    const known = `${shownText(name, 80)}${behind}`;
    return {
      ends: `; how it ended is not known: ${known}`,
      answer: `how ${client}'s ${called} ended is not known: ${known}`,
    };
  }
  if (code === null && type === 'fail')
    return node === undefined
      ? { ends: ', which is refused', answer: `${client}'s ${called} is refused` }
      : { ends: ', which refuses it', answer: `${node} refuses ${client}'s ${called}` };
  const why = name === undefined ? `error ${valueInWords(code)}` : inPlainWords(name);
  // Its progress before the crash is unknown.
  if (name === CRASH)
    return {
      ends: `, where its handling fails${said === '' ? '' : `: ${said}`}`,
      answer: `${node === undefined ? 'the' : `${node}'s`} handling of ${client}'s ${called} fails${said === '' ? '' : `: ${said}`}`,
    };
  return type === 'fail'
    ? {
        ends:
          node === undefined ? `, which is refused: ${why}${behind}` : `, which refuses it: ${why}${behind}`,
        answer:
          node === undefined
            ? `${client}'s ${called} is refused: ${why}${behind}`
            : `${node} refuses ${client}'s ${called}: ${why}${behind}`,
      }
    : {
        ends: ` and does not learn whether it was done: ${why}${behind}`,
        answer: `${client}'s ${called} ends in doubt: ${why}${behind}`,
      };
}

const CRASH = 'crash';
const WRONG_STRUCTURE = 'wrong-structure';
const LONGEST_ERROR = 120;

const isErrorName = (name: string): boolean => ERROR_CODES.some((one) => one.name === name);

const brokenAnswer = (said: string): string | undefined =>
  said.startsWith(BROKEN_ANSWER) ? said.slice(BROKEN_ANSWER.length) : undefined;

function textOfError(part: Json): readonly string[] {
  const said = shownText(wordOf(part) ?? valueInWords(part), LONGEST_ERROR);
  return said === '' ? [] : [said];
}
