/** Operations within sentences: what a client asks for, and what it gets. */
import { elementsOf, isJsonArray, jsonEquals, wordOf, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { StoryOperation } from './story-operations.ts';
import { valueInWords, type Followed } from './value-text.ts';

export interface OperationWords {
  /** `c1 adds 7 at n1`. */
  readonly begins: string;
  /** Behind that, when no step comes in between: `, which acknowledges it`. */
  readonly ends: string;
  /** Else, as a sentence of its own: `n1 acknowledges c1's add of 7`. */
  readonly answer: string;
}

/** `name` is what the verdict calls it, such as T1. */
export function operationWords(operation: StoryOperation, followed: Followed, name?: string): OperationWords {
  const { client, node = 'a node', completion } = operation;
  const asked = askedFor(operation, followed, name);
  const called = name === undefined ? asked.noun : `${asked.noun} ${name}`;
  const begins = `${client} ${asked.verb} ${asked.where.replace('NODE', node)}${asked.behind}`;
  switch (completion?.type) {
    case 'ok': {
      const got = asked.result;
      return got === undefined
        ? {
            begins,
            ends: `, which acknowledges it`,
            answer: `${node} acknowledges ${client}'s ${called}`,
          }
        : { begins, ends: ` and gets ${got}`, answer: `${node} answers ${client}'s ${called}: ${got}` };
    }
    case 'fail': {
      const why = errorText(completion.error);
      return { begins, ends: `, which refuses${why}`, answer: `${node} refuses ${client}'s ${called}${why}` };
    }
    case 'info':
    case 'invoke':
    case undefined: {
      const why = completion === undefined ? '' : errorText(completion.error);
      return {
        begins,
        ends: ` and gets no certain answer${why}`,
        answer: `${client}'s ${called} ends without a certain answer${why}`,
      };
    }
  }
}

interface Asked {
  readonly verb: string;
  /** `at NODE`. */
  readonly where: string;
  /** Behind the place. */
  readonly behind: string;
  readonly noun: string;
  /** What a successful one answered; undefined where that is no more than an acknowledgement. */
  readonly result: string | undefined;
}

function askedFor(
  { invocation, completion }: StoryOperation,
  followed: Followed,
  name: string | undefined,
): Asked {
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
      ?.map(([, polled = null]) => show(polled))
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
    case 'generate':
      return { ...at, verb: 'asks for an id', noun: 'request for an id', result: show(answered) };
    case 'echo':
      return {
        ...at,
        verb: `sends echo ${show(value)}`,
        noun: `echo ${show(value)}`,
        where: 'to NODE',
        result: show(answered),
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
      break;
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

/** `sends 1 to key 5`, and the offset that it gets. */
function sendWords(mops: MicroOps, answered: Json, show: (part: Json) => string): Asked {
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

/** Of a transaction: each a list that begins with a word. */
function microOps(value: Json): MicroOps | undefined {
  if (!isJsonArray(value) || value.length === 0) return undefined;
  const lists = value.map((mop) => elementsOf(mop));
  return lists.every((mop) => mop !== undefined && wordOf(mop[0]) !== undefined)
    ? lists.filter((mop) => mop !== undefined)
    : undefined;
}

/** What was not read yet is left out; in an answer it is nil. */
function mopsText(mops: MicroOps, followed: Followed, nil?: string): string {
  const show = (part: Json): string | undefined => (part === null ? nil : valueInWords(part, followed));
  return mops
    .map(([f, ...rest]) =>
      [shownText(wordOf(f) ?? '?', 20), ...rest.flatMap((part) => show(part) ?? [])].join(' '),
    )
    .join(', ');
}

/** Undefined where nothing was read. */
function resultOfMops(asked: Json, answered: Json, followed: Followed): string | undefined {
  if (jsonEquals(asked, answered)) return undefined;
  const mops = microOps(answered);
  return mops === undefined ? valueInWords(answered, followed) : mopsText(mops, followed, 'nil');
}

/** `: error 22, "precondition failed"`; empty where nothing is known. */
function errorText(error: Json | undefined): string {
  if (error === undefined || error === null) return '';
  const parts = elementsOf(error);
  if (parts === undefined) return `: ${shownText(wordOf(error) ?? valueInWords(error), 80)}`;
  const [code = null, ...texts] = parts;
  const said = texts
    .map((part) => shownText(wordOf(part) ?? valueInWords(part), 100))
    .filter((part) => part !== '');
  return `: ${wordOf(code) ?? `error ${valueInWords(code)}`}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}
