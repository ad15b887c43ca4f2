/** Stale replies of services, which seq-kv and lww-kv may give: the reply itself does not show that it is stale. */
import { addTo } from '../../columns/groups.ts';
import { firstNotBefore } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import { canonicalJson, isJsonInteger, jsonEquals, type Json, type JsonObject } from '../../protocol/json.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import { brief } from '../text/words.ts';

/** Services that may return stale reads, with the reason. */
const MAY_BE_OLD: ReadonlyMap<string, string> = new Map([
  ['seq-kv', 'seq-kv is only sequentially consistent'],
  ['lww-kv', 'a replica of lww-kv may not have it yet, or keep another write'],
]);
const KEY_DOES_NOT_EXIST = 20;

/** What a service acknowledged as written to a key, in order of time. */
interface Written {
  readonly sentNanos: number;
  readonly value: Json;
}

export class StaleAnswers {
  /** By service and key; read when a reply may first be stale. */
  private writes: ReadonlyMap<string, readonly Written[]> | undefined;

  constructor(private readonly facts: StoryFacts) {}

  /** Returns a clause about a stale reply to a read; undefined if it is current, or if that is unknown. */
  textOf(answer: StoryMessage): string | undefined {
    const { messages } = this.facts;
    const why = MAY_BE_OLD.get(answer.src);
    const request = messages.at(messages.requestOf(answer.id) ?? -1);
    if (why === undefined || request === undefined || messages.typeOf(request.id) !== 'read')
      return undefined;
    const { key = null } = messages.bodyOf(request.id);
    const shown = valueIn(messages.bodyOf(answer.id));
    if (shown === undefined) return undefined;
    const mayShow = this.during(placeOf(answer.src, key), request.sentNanos, answer.sentNanos);
    const [newest] = mayShow;
    if (newest === undefined) return undefined;
    if (mayShow.some(({ value }) => shown !== ABSENT && jsonEquals(value, shown))) return undefined;
    return `although ${brief(newest.value)} had been written by then: ${why}`;
  }

  /** Returns the last write before a time, if there is one, and those after it up to another time. */
  private during(place: string, sinceNanos: number, untilNanos: number): readonly Written[] {
    this.writes ??= writesOf(this.facts);
    const written = this.writes.get(place) ?? [];
    const until = (nanos: number): number =>
      firstNotBefore(written.length, (at) => present(written[at]).sentNanos <= nanos);
    const next = until(sinceNanos);
    return next === 0 ? [] : written.slice(next - 1, until(untilNanos));
  }
}

function writesOf({ messages }: StoryFacts): ReadonlyMap<string, readonly Written[]> {
  const writes = new Map<string, Written[]>();
  for (const { id, src, sentNanos } of messages.all) {
    const request = MAY_BE_OLD.has(src) ? messages.requestOf(id) : undefined;
    if (request === undefined) continue;
    const type = messages.typeOf(id);
    if (type !== 'write_ok' && type !== 'cas_ok') continue;
    const { key = null, value = null, to = null } = messages.bodyOf(request);
    addTo(writes, placeOf(src, key), { sentNanos, value: type === 'cas_ok' ? to : value });
  }
  return writes;
}

const ABSENT = Symbol('the key does not exist');

function valueIn({ type, value, code }: JsonObject): Json | typeof ABSENT | undefined {
  if (type === 'read_ok') return value;
  return type === 'error' && isJsonInteger(code) && Number(code) === KEY_DOES_NOT_EXIST ? ABSENT : undefined;
}

const placeOf = (service: string, key: Json): string => canonicalJson([service, key]);
