/** Answers of services that show an older state than the newest, which seq-kv and lww-kv may give: a reader cannot see it in the answer. */
import { isJsonInteger, jsonEquals, type Json } from '../protocol/json.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import { brief } from './words.ts';

/** Services that need not answer from the newest state, with why. */
const MAY_BE_OLD: ReadonlyMap<string, string> = new Map([
  ['seq-kv', 'seq-kv is only sequentially consistent'],
  ['lww-kv', 'a replica of lww-kv may not have it yet'],
]);
const KEY_DOES_NOT_EXIST = 20;

/** A clause about an answer to a read; undefined where it shows the newest state, or where that is not known. */
export function staleAnswerText(facts: StoryFacts, answer: StoryMessage): string | undefined {
  const { messages } = facts;
  const why = MAY_BE_OLD.get(answer.src);
  const request = messages.at(messages.requestOf(answer.id) ?? -1);
  if (why === undefined || request === undefined || messages.typeOf(request.id) !== 'read') return undefined;
  const { key = null } = messages.bodyOf(request.id);
  const shown = valueIn(facts, answer);
  if (shown === undefined) return undefined;
  const [newest, ...meanwhile] = writesBefore(facts, { service: answer.src, key, request, answer });
  if (newest === undefined) return undefined;
  if ([newest, ...meanwhile].some((value) => shown !== ABSENT && jsonEquals(value, shown))) return undefined;
  return `although ${brief(newest)} had been written by then: ${why}`;
}

const ABSENT = Symbol('the key does not exist');

function valueIn({ messages }: StoryFacts, answer: StoryMessage): Json | typeof ABSENT | undefined {
  const { type, value, code } = messages.bodyOf(answer.id);
  if (type === 'read_ok') return value;
  return type === 'error' && isJsonInteger(code) && Number(code) === KEY_DOES_NOT_EXIST ? ABSENT : undefined;
}

interface Asked {
  readonly service: string;
  readonly key: Json;
  readonly request: StoryMessage;
  readonly answer: StoryMessage;
}

/** The value written last before the request was sent, then those that were written until it was answered. */
function writesBefore({ messages }: StoryFacts, { service, key, request, answer }: Asked): readonly Json[] {
  const written = messages.all
    .flatMap(({ id, src, sentNanos }) => {
      const asked = src === service && sentNanos <= answer.sentNanos ? messages.requestOf(id) : undefined;
      if (asked === undefined) return [];
      const type = messages.typeOf(id);
      if (type !== 'write_ok' && type !== 'cas_ok') return [];
      const { key: other = null, value, to } = messages.bodyOf(asked);
      if (!jsonEquals(other, key)) return [];
      return [{ sentNanos, value: (type === 'cas_ok' ? to : value) ?? null }];
    })
    .toSorted((a, b) => a.sentNanos - b.sentNanos);
  const last = written.findLastIndex(({ sentNanos }) => sentNanos <= request.sentNanos);
  return last < 0 ? [] : written.slice(last).map(({ value }) => value);
}
