/**
 * Kafka's rules, one after the other, each by its definition: which message was seen at which offset, messages lost,
 * repeated, skipped, met in the wrong order, read though never sent, and cycles.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import { stringifyJson, type Json } from '../../src/protocol/json.ts';
import { intervalsOf, type Interval } from './intervals.ts';
import { identity } from './odd-values.ts';

interface Sighting {
  readonly kind: 'send' | 'poll';
  readonly key: string;
  readonly offset: bigint | undefined;
  readonly message: string;
}

interface Transfer extends Interval {
  readonly sightings: readonly Sighting[];
}

/**
 * Returns the names of all errors, with all cycles as one. With `isOrdered`, the writer of a message precedes the
 * writer of the next.
 */
export function kafkaErrors(ops: readonly HistoryOp[], isOrdered: boolean): ReadonlySet<string> {
  const all = intervalsOf(ops)
    .map((one) => ({ ...one, sightings: isTransfer(one) ? sightingsOf(one) : [] }))
    // In order of completion; open operations come last.
    .sort((a, b) => (a.returned === b.returned ? a.invoked - b.invoked : a.returned - b.returned));
  const transfers = all.filter(isTransfer);
  const oks = transfers.filter(({ outcome }) => outcome === 'ok');
  const polls = of(transfers, 'poll');
  const sends = of(transfers, 'send');
  const okPolls = of(oks, 'poll');
  const errors = new Set<string>();
  const same = (a: Sighting, b: Sighting): boolean => a.key === b.key && a.message === b.message;

  // A transaction is committed if it ended ok, or if one of its messages was polled.
  const isCommitted = ({ outcome, sightings }: Transfer): boolean =>
    outcome === 'ok' ||
    (outcome !== 'fail' &&
      sightings.some((sent) => sent.kind === 'send' && okPolls.some((polled) => same(sent, polled))));
  const writerOf = (message: Sighting): Transfer | undefined => {
    const writers = transfers.filter(({ sightings }) =>
      sightings.some((one) => one.kind === 'send' && same(one, message)),
    );
    return (
      writers.findLast(({ outcome }) => outcome === 'ok') ??
      writers.findLast(({ outcome }) => outcome !== 'fail') ??
      writers.at(-1)
    );
  };

  const placed = [...polls, ...of(transfers.filter(isCommitted), 'send')].filter(
    ({ offset }) => offset !== undefined,
  );
  const keys = new Set([...polls, ...sends].map(({ key }) => key));
  const logs = new Map([...keys].map((key) => [key, logOf(placed.filter((one) => one.key === key))]));
  const conflicted = new Set<string>();

  for (const [key, log] of logs) {
    if (log.some(({ messages }) => messages.size > 1)) {
      errors.add('inconsistent-offsets');
      conflicted.add(key);
    }
    for (const message of new Set(placed.filter((one) => one.key === key).map((one) => one.message))) {
      if (log.filter(({ messages }) => messages.has(message)).length > 1) {
        errors.add('duplicate');
        conflicted.add(key);
      }
    }
    const placesOf = (message: string): readonly number[] =>
      log.flatMap(({ messages }, place) => (messages.has(message) ? [place] : []));
    const reached = Math.max(
      -1,
      ...okPolls.filter((one) => one.key === key).map(({ message }) => placesOf(message)[0] ?? -1),
    );
    for (const sent of sends.filter((one) => one.key === key)) {
      const last = placesOf(sent.message).at(-1) ?? -1;
      const writer = writerOf(sent);
      if (last < 0 || last > reached || okPolls.some((one) => same(one, sent))) continue;
      if (writer !== undefined && isCommitted(writer)) errors.add('lost-write');
    }
  }

  for (const polled of polls) {
    const writer = writerOf(polled);
    if (writer === undefined) errors.add('garbage-read');
  }
  for (const polled of okPolls) if (writerOf(polled)?.outcome === 'fail') errors.add('G1a');
  for (const { sightings } of transfers) {
    if (
      sightings.some(
        (sent) => sent.kind === 'send' && sightings.some((one) => one.kind === 'poll' && same(one, sent)),
      )
    )
      errors.add('precommitted-read');
  }
  for (const sent of of(oks, 'send')) {
    if (!of(oks, 'poll').some((one) => same(one, sent))) errors.add('unseen');
  }

  orderErrors(all, logs, conflicted, errors);
  const follows = (from: Transfer, to: Transfer): boolean =>
    to.sightings.some((one) => one.kind === 'poll' && writerOf(one) === from) ||
    (isOrdered &&
      from.sightings.some((one) => {
        const log = logs.get(one.key) ?? [];
        const next = log[log.findIndex(({ messages }) => messages.has(one.message)) + 1];
        const place = log.some(({ messages }) => messages.has(one.message));
        return (
          place &&
          one.kind === 'send' &&
          writerOf(one) === from &&
          [...(next?.messages ?? [])].some((message) => writerOf({ ...one, message }) === to)
        );
      }));
  if (hasCycle(transfers, follows)) errors.add('cycle');
  return errors;
}

const isTransfer = ({ f }: Interval): boolean => f === 'send' || f === 'poll' || f === 'txn';

const of = (transfers: readonly Transfer[], kind: Sighting['kind']): readonly Sighting[] =>
  transfers.flatMap(({ sightings }) => sightings.filter((one) => one.kind === kind));

function sightingsOf({ asked, answered, outcome }: Interval): readonly Sighting[] {
  const mops = answered as readonly (readonly Json[])[];
  return mops.flatMap(([kind, key = null, sent = null], place): readonly Sighting[] => {
    if (kind === 'send') {
      const plain = (asked as readonly (readonly Json[])[])[place]?.[2];
      const isPlain = outcome !== 'ok' && identity(sent) === identity(plain);
      const [offset, message] = isPlain ? [null, sent] : (sent as readonly [Json, Json]);
      return [{ kind, key: textOf(key), offset: offsetOf(offset), message: identity(message) }];
    }
    if (key === null) return [];
    return Object.entries(key as { readonly [key: string]: readonly (readonly [Json, Json])[] }).flatMap(
      ([log, messages]) =>
        messages.map(([offset, message]): Sighting => {
          return { kind: 'poll', key: log, offset: offsetOf(offset), message: identity(message) };
        }),
    );
  });
}

/** Logs are named by texts on the wire. kafkaHistory uses only texts and small numbers. */
export const textOf = (key: Json): string => (typeof key === 'string' ? key : stringifyJson(key));
const offsetOf = (offset: Json): bigint | undefined =>
  offset === null ? undefined : BigInt(offset as number | bigint);

type Log = readonly { readonly offset: bigint; readonly messages: ReadonlySet<string> }[];

function logOf(placed: readonly Sighting[]): Log {
  const offsets = [...new Set(placed.map(({ offset }) => offset ?? 0n))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  return offsets.map((offset) => ({
    offset,
    messages: new Set(placed.filter((one) => one.offset === offset).map(({ message }) => message)),
  }));
}

/**
 * Finds order errors within one operation, and from one operation of a process to its next. Logs with a disputed order
 * are left out, since the choice among messages at one offset is arbitrary.
 */
function orderErrors(
  all: readonly Transfer[],
  logs: ReadonlyMap<string, Log>,
  conflicted: ReadonlySet<string>,
  errors: Set<string>,
): void {
  const delta = (key: string, from: string, to: string): number => {
    const log = logs.get(key) ?? [];
    const a = log.findIndex(({ messages }) => messages.has(from));
    const b = log.findIndex(({ messages }) => messages.has(to));
    return a < 0 || b < 0 ? 1 : b - a;
  };
  const lastPolled = new Map<string, Map<string, string>>();
  const lastSent = new Map<string, Map<string, string>>();
  for (const { f, process, outcome, answered, sightings } of all) {
    const held = [lastPolled, lastSent].map((table) => {
      const places = table.get(`${process}`) ?? new Map<string, string>();
      table.set(`${process}`, places);
      return places;
    });
    if (f === 'assign' || f === 'subscribe') {
      const kept = new Set(((answered ?? []) as readonly Json[]).map(textOf));
      if (outcome !== 'fail')
        for (const places of held) for (const key of places.keys()) if (!kept.has(key)) places.delete(key);
      continue;
    }
    for (const kind of ['poll', 'send'] as const) {
      const places = held[kind === 'poll' ? 0 : 1] ?? new Map<string, string>();
      const some = sightings.filter((one) => one.kind === kind && !conflicted.has(one.key));
      for (const key of new Set(some.map((one) => one.key))) {
        const messages = some.filter((one) => one.key === key).map(({ message }) => message);
        messages.slice(1).forEach((message, place) => {
          const step = delta(key, messages[place] ?? '', message);
          if (step > 1) errors.add(`int-${kind}-skip`);
          if (step < 1) errors.add(`int-nonmonotonic-${kind}`);
        });
        const before = places.get(key);
        const step = before === undefined ? 1 : delta(key, before, messages[0] ?? '');
        if (kind === 'send' && outcome === 'fail') continue;
        if (step > 1 && kind === 'poll') errors.add('poll-skip');
        if (step < 1) errors.add(`nonmonotonic-${kind}`);
        if (kind === 'send' || outcome === 'ok') places.set(key, messages.at(-1) ?? '');
      }
    }
  }
}

/** Whether dependencies and realtime order lead from some operation back to itself. */
function hasCycle(
  transfers: readonly Transfer[],
  follows: (from: Transfer, to: Transfer) => boolean,
): boolean {
  const next = transfers.map((from) =>
    transfers.filter(
      (to) => to !== from && ((from.outcome === 'ok' && from.returned < to.invoked) || follows(from, to)),
    ),
  );
  const reaches = (from: Transfer, goal: Transfer, seen: Set<Transfer>): boolean =>
    (next[transfers.indexOf(from)] ?? []).some((to) => {
      if (to === goal) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return reaches(to, goal, seen);
    });
  return transfers.some((one) => reaches(one, one, new Set()));
}
