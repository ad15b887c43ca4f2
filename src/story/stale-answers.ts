/** Stale replies of services, which seq-kv and lww-kv may give: the reply itself does not show that it is stale. */
import { isJsonInteger, jsonEquals, type Json } from '../protocol/json.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import { brief } from './words.ts';

/** Services that may return stale reads, with the reason. */
const MAY_BE_OLD: ReadonlyMap<string, string> = new Map([
  ['seq-kv', 'seq-kv is only sequentially consistent'],
  ['lww-kv', 'a replica of lww-kv may not have it yet, or keep another write'],
]);
const KEY_DOES_NOT_EXIST = 20;

/** Returns a clause about a stale reply to a read; undefined if it is current, or if that is unknown. */
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

interface ServiceRead {
  readonly service: string;
  readonly key: Json;
  readonly request: StoryMessage;
  readonly answer: StoryMessage;
}

/** Returns the last value written before the request was sent, and those written until the reply. */
function writesBefore(
  { messages }: StoryFacts,
  { service, key, request, answer }: ServiceRead,
): readonly Json[] {
  const writes = messages.all
    .flatMap(({ id, src, sentNanos }) => {
      const written = src === service && sentNanos <= answer.sentNanos ? messages.requestOf(id) : undefined;
      if (written === undefined) return [];
      const type = messages.typeOf(id);
      if (type !== 'write_ok' && type !== 'cas_ok') return [];
      const { key: other = null, value, to } = messages.bodyOf(written);
      if (!jsonEquals(other, key)) return [];
      return [{ sentNanos, value: (type === 'cas_ok' ? to : value) ?? null }];
    })
    .toSorted((a, b) => a.sentNanos - b.sentNanos);
  const last = writes.findLastIndex(({ sentNanos }) => sentNanos <= request.sentNanos);
  return last < 0 ? [] : writes.slice(last).map(({ value }) => value);
}
