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
  const word = shownText(f, 40);
  const show = (part: Json): string => valueInWords(part, followed);
  const answered = completion?.value ?? null;
  const at = { where: 'at NODE', behind: '' };
  const parts = elementsOf(value);
  const mops = microOps(value);
  if (mops !== undefined && f === 'send') return sendWords(mops, answered, show);
  if (mops !== undefined && f === 'poll') {
    const got = microOps(answered)
      ?.map(([, polled = null]) => show(ofFollowedLogs(polled, followed)))
      .join(', ');
    return { ...at, verb: 'polls', noun: 'poll', result: got };
  }
  if (mops !== undefined) {
    const text = mopsText(mops, followed);
    const called = name === undefined ? '' : ` ${name}`;
    return {
      verb: f === 'txn' ? `runs${called === '' ? ' a' : ''} transaction${called}` : `runs${called} ${word}`,
      where: 'at NODE',
      behind: `: ${text}`,
      noun: f === 'txn' ? 'transaction' : word,
      result: completion === undefined ? undefined : resultOfMops(value, answered, followed),
    };
  }
  switch (f) {
    case 'add':
      return { ...at, verb: `adds ${show(value)}`, noun: `add of ${show(value)}`, result: undefined };
    case 'broadcast':
      return {
        ...at,
        verb: `broadcasts ${show(value)}`,
        noun: `broadcast of ${show(value)}`,
        result: undefined,
      };
    case 'acquire':
    case 'release':
      // The key of the lock, if there are several.
      return {
        ...at,
        verb: `${f}s the lock${parts === undefined ? '' : ` of key ${show(parts[0] ?? null)}`}`,
        noun: f,
        result: undefined,
      };
    case 'enqueue':
      return { ...at, verb: `enqueues ${show(value)}`, noun: `enqueue of ${show(value)}`, result: undefined };
    case 'dequeue':
      return { ...at, verb: 'dequeues', noun: 'dequeue', result: show(answered) };
    case 'transfer': {
      const [from, to, amount] = ['from', 'to', 'amount'].map((part) => entryOf(value, part));
      if (from === undefined || to === undefined || amount === undefined) break;
      return {
        ...at,
        verb: `transfers ${show(amount)} from ${show(from)} to ${show(to)}`,
        noun: `transfer of ${show(amount)}`,
        result: undefined,
      };
    }
    case 'assign': {
      if (parts === undefined || parts.length === 0) break;
      const told = parts.some((key) => followed.has(key)) ? parts.filter((key) => followed.has(key)) : parts;
      const others = parts.length - told.length;
      const keys = [...told.map(show), ...(others === 0 ? [] : [`${others} more`])];
      return { ...at, verb: `turns to key ${inSeries(keys)}`, noun: 'assign', result: undefined };
    }
    case 'generate':
      return { ...at, verb: 'asks for an id', noun: 'request for an id', result: show(answered) };
    case 'echo':
      return {
        ...at,
        verb: `sends echo ${show(value)}`,
        noun: `echo ${show(value)}`,
        where: 'to NODE',
        result: show(isJsonObject(answered) ? (answered['echo'] ?? answered) : answered),
      };
    case 'read':
      return parts?.length === 2
        ? {
            ...at,
            verb: `reads key ${show(parts[0] ?? null)}`,
            noun: `read of key ${show(parts[0] ?? null)}`,
            result: show(elementsOf(answered)?.[1] ?? null),
          }
        : { ...at, verb: 'reads', noun: 'read', result: show(answered) };
    case 'write':
      if (parts?.length === 2) {
        const [key = null, written = null] = parts;
        return {
          ...at,
          verb: `writes ${show(written)} to key ${show(key)}`,
          noun: `write of ${show(written)} to key ${show(key)}`,
          result: undefined,
        };
      }
      return { ...at, verb: `writes ${show(value)}`, noun: `write of ${show(value)}`, result: undefined };
    case 'cas': {
      const [key = null, swap = null] = parts ?? [];
      const [from, to] = elementsOf(swap) ?? [];
      if (from !== undefined && to !== undefined) {
        return {
          ...at,
          verb: `sets key ${show(key)} from ${show(from)} to ${show(to)}`,
          noun: `cas of key ${show(key)} from ${show(from)} to ${show(to)}`,
          result: undefined,
        };
      }
      // A single register has no key.
      if (parts?.length === 2)
        return {
          ...at,
          verb: `sets the value from ${show(key)} to ${show(swap)}`,
          noun: `cas from ${show(key)} to ${show(swap)}`,
          result: undefined,
        };
      break;
    }
    default:
  }
  const about = value === null ? '' : ` ${show(value)}`;
  const isSame = jsonEquals(answered, value) || answered === null;
  return {
    ...at,
    verb: `does ${word}${about}`,
    noun: `${word}${about}`,
    result: isSame ? undefined : show(answered),
  };
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
