/** What the key-value services stored, in the order of their answers, which is not that of effect for lww-kv: its replicas differ. */
import { isJsonInteger, jsonEquals, type Json } from '../../protocol/json.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';

const SERVICES: ReadonlySet<string> = new Set(['lin-kv', 'seq-kv', 'lww-kv']);

/** Of two writes of a key it may keep either. */
export const hasReplicas = ({ service }: { readonly service: string }): boolean => service === 'lww-kv';

export interface Storing {
  readonly service: string;
  readonly key: Json;
  readonly value: Json;
  readonly request: StoryMessage;
  readonly reply: StoryMessage;
}

/** Returns what the services stored until this time. */
export function storingsOf({ messages }: StoryFacts, endNanos: number): readonly Storing[] {
  return messages.all
    .flatMap((reply): readonly Storing[] => {
      if (!SERVICES.has(reply.src) || reply.sentNanos > endNanos) return [];
      const request = messages.at(messages.requestOf(reply.id) ?? -1);
      const type = messages.typeOf(reply.id);
      if (request === undefined || (type !== 'write_ok' && type !== 'cas_ok')) return [];
      const { key = null, value, to } = messages.bodyOf(request.id);
      return [{ service: reply.src, key, value: (type === 'cas_ok' ? to : value) ?? null, request, reply }];
    })
    .toSorted((a, b) => a.reply.id - b.reply.id);
}

export const isSameKey = (a: Storing, b: Storing): boolean =>
  a.service === b.service && jsonEquals(a.key, b.key);

export interface ServiceRead {
  readonly service: string;
  readonly key: Json;
  readonly request: StoryMessage;
  readonly reply: StoryMessage;
}

/** Returns all reads of these services in the order of their replies. */
export const readsOf = ({ messages }: StoryFacts): readonly ServiceRead[] =>
  messages.all.flatMap((reply): readonly ServiceRead[] => {
    const request = SERVICES.has(reply.src) ? messages.at(messages.requestOf(reply.id) ?? -1) : undefined;
    if (request === undefined || messages.typeOf(request.id) !== 'read') return [];
    return [{ service: reply.src, key: messages.bodyOf(request.id)['key'] ?? null, request, reply }];
  });

/** Returns the last read of the key by the node before it stored something there. */
export const lastReadBefore = (
  reads: readonly ServiceRead[],
  { request, service, key }: Storing,
): ServiceRead | undefined =>
  reads.findLast(
    (read) =>
      read.service === service &&
      read.reply.dest === request.src &&
      (read.reply.arrivals[0] ?? Infinity) <= request.sentNanos &&
      jsonEquals(read.key, key),
  );

export const isSum = (a: Json, b: Json, sum: Json): boolean =>
  isJsonInteger(a) && isJsonInteger(b) && isJsonInteger(sum) && BigInt(a) + BigInt(b) === BigInt(sum);
