/**
 * Logs of a key-value store with get, put and append on strings, as in Porcupine's tests: many clients with one request
 * at a time, most of them short; some wait long, and all take effect shortly before they are answered. Values grow
 * until a put. There are correct logs, and ones in which the store loses an append or answers with an old value.
 */
import type { Op } from '../src/history/op.ts';
import type { Random } from '../src/world/random.ts';

export interface KvShape {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Number of requests without an answer. */
  readonly crashes: number;
  /** Maximum duration of one request in five; the others take at most 1. */
  readonly longest: number;
  /** Maximum delay of an answer; 50 clients have about one request per hundredth of the unit. */
  readonly answer: number;
  /**
   * Share of requests that take effect shortly after they begin, however long they wait; the others do shortly before
   * they end.
   */
  readonly early?: number;
  readonly fault: 'none' | 'stale get' | 'lost append';
}

export interface KvOp extends Op {
  readonly key: string;
}

interface Request {
  readonly client: number;
  readonly f: 'get' | 'put' | 'append';
  readonly key: string;
  readonly value: string | null;
  readonly begins: number;
  readonly takesEffect: number;
  readonly ends: number;
}

/** Returns the operations in order; `key` is separate from the value, as in Porcupine's logs. */
export function kvLog(shape: KvShape, random: Random): readonly KvOp[] {
  const requests = requestsOf(shape, random);
  const answers = answersOf(requests, shape);
  const crashed = new Set(Array.from({ length: shape.crashes }, () => random.int(requests.length)));
  const events = requests.flatMap((request, i) => [
    { at: request.begins, request, i, ends: false },
    { at: request.ends, request, i, ends: true },
  ]);
  const processOf = Array.from({ length: shape.clients }, (_, client) => client);
  const ops: KvOp[] = [];
  for (const { request, i, ends } of events.sort((a, b) => a.at - b.at)) {
    const { client, f, key, value } = request;
    const process = processOf[client] ?? client;
    const common = { index: ops.length, time: ops.length, process, f, key };
    if (!ends) ops.push({ ...common, type: 'invoke', value });
    else if (crashed.has(i)) {
      ops.push({ ...common, type: 'info', value });
      processOf[client] = process + shape.clients;
    } else ops.push({ ...common, type: 'ok', value: f === 'get' ? (answers[i] ?? '') : value });
  }
  return ops;
}

function requestsOf(
  { operations, clients, keys, longest, answer, early = 0 }: KvShape,
  random: Random,
): readonly Request[] {
  const freeAt = Array.from({ length: clients }, () => random.float());
  const sent = freeAt.map(() => 0);
  return Array.from({ length: operations }, (): Request => {
    const client = freeAt.indexOf(Math.min(...freeAt));
    const begins = freeAt[client] ?? 0;
    const ends = begins + 0.01 + random.float() * (random.int(5) === 0 ? longest : 1);
    freeAt[client] = ends + 0.01 * random.float();
    const kind = random.int(20);
    const f = kind < 9 ? 'get' : kind < 19 ? 'append' : 'put';
    const isEarly = early > 0 && random.float() < early;
    const count = sent[client] ?? 0;
    if (f !== 'get') sent[client] = count + 1;
    const wait = random.float() * Math.min(answer, ends - begins);
    return {
      client,
      f,
      key: String(random.int(keys)),
      value: f === 'get' ? null : `x ${client} ${count} y`,
      begins,
      takesEffect: isEarly ? begins + wait : ends - wait,
      ends,
    };
  });
}

/** Returns what each get sees, with the fault in the last tenth. */
function answersOf(requests: readonly Request[], { fault }: KvShape): readonly (string | undefined)[] {
  const answers: (string | undefined)[] = requests.map(() => undefined);
  const states = new Map<string, readonly string[]>();
  let isFaulty = false;
  const inOrder = [...requests.keys()].sort((a, b) => effectOf(requests, a) - effectOf(requests, b));
  for (const [n, i] of inOrder.entries()) {
    const request = requests[i];
    if (request === undefined) continue;
    const { f, key, value } = request;
    const past = states.get(key) ?? [''];
    const now = past.at(-1) ?? '';
    const isLate: boolean = !isFaulty && n > requests.length * 0.9;
    if (f === 'get') {
      const isStale: boolean = isLate && fault === 'stale get' && past.length > 12;
      isFaulty ||= isStale;
      answers[i] = isStale ? past.at(-12) : now;
    } else if (f === 'append' && isLate && fault === 'lost append' && isSeenNext(requests, inOrder, n))
      isFaulty = true;
    else states.set(key, [...past.slice(-12), f === 'put' ? (value ?? '') : now + (value ?? '')]);
  }
  return answers;
}

const effectOf = (requests: readonly Request[], i: number): number => requests[i]?.takesEffect ?? 0;

/** True when the next request that takes effect on the same key is a get that begins after this one has ended. */
function isSeenNext(requests: readonly Request[], inOrder: readonly number[], n: number): boolean {
  const one = requests[inOrder[n] ?? -1];
  const next = inOrder
    .slice(n + 1)
    .map((i) => requests[i])
    .find((request) => request?.key === one?.key);
  return one !== undefined && next?.f === 'get' && next.begins > one.ends;
}
