/** Histories of kafka clients: a broker that mostly keeps its promises, and then perhaps one altered result. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { textOf } from './logs.ts';
import { ODD_VALUES, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';

type Message = readonly [offset: Json, message: Json];
type Logs = { readonly [key: string]: readonly Message[] };

const FIRST_OFFSETS = [0n, 0n, 5n, -2n, 2n ** 53n - 2n, 2n ** 60n, -(2n ** 60n)] as const;

export function kafkaHistory(dice: Dice): HistoryOp[] {
  const keys = dice.some<Json>(['a', 'k', '2000', 500, 7, '__proto__', ''], 1 + dice.int(2));
  const messages = oddValues(dice, 12);
  const logs = new Map(keys.map((key) => [key, [] as { offset: bigint; message: Json }[]]));
  const nextOffset = new Map(keys.map((key) => [key, dice.pick(FIRST_OFFSETS)]));
  const gap = dice.pick([1, 1, 3]);
  const positions = new Map<string, number>();
  let begun = 0;
  const operations = 2 + dice.int(6);

  const append = (key: Json, message: Json): Json => {
    const offset = nextOffset.get(key) ?? 0n;
    nextOffset.set(key, offset + 1n + BigInt(dice.int(gap)));
    logs.get(key)?.push({ offset, message });
    return dice.chance(0.1) ? null : integer(offset);
  };
  const poll = (process: number): Logs => {
    const polled = keys.map((key): [string, Message[]] => {
      const name = `${process} ${textOf(key)}`;
      const log = logs.get(key) ?? [];
      const from = positions.get(name) ?? 0;
      const to = dice.chance(0.8) ? log.length : Math.min(log.length, from + 1);
      positions.set(name, to);
      return [
        textOf(key),
        log.slice(from, to).map(({ offset, message }): Message => [integer(offset), written(message, dice)]),
      ];
    });
    return Object.fromEntries(polled.filter(([, some]) => some.length > 0 || dice.chance(0.2)));
  };

  const next = (process: number): Planned => {
    const isLast = ++begun > operations - 2;
    const kind = isLast
      ? 'poll'
      : dice.pick(['send', 'send', 'send', 'poll', 'poll', 'txn', 'assign', 'subscribe', 'crash']);
    if (kind === 'assign' || kind === 'subscribe')
      return { f: kind, value: dice.some(keys, 1 + dice.int(2)), stages: [] };
    if (kind === 'crash') return { f: kind, value: null, stages: [() => 'fail'] };
    const asked = Array.from({ length: kind === 'txn' ? 1 + dice.int(3) : 1 }, (): readonly Json[] => {
      // A client whose send failed may try again; repeating one needlessly breaks the rules.
      const message = dice.chance(0.04) ? messages.at(-1) : messages.pop();
      const isSend = kind === 'send' || (kind === 'txn' && dice.chance(0.6));
      return isSend && message !== undefined ? ['send', dice.pick(keys) ?? 'a', message] : ['poll'];
    });
    let answer: Json = asked;
    const act = (): void => {
      answer = asked.map(([f, key = null, message = null]): Json =>
        f === 'send' ? [f, key, [append(key, message), written(message, dice)]] : ['poll', poll(process)],
      );
    };
    return {
      f: kind === 'send' && asked[0]?.[0] === 'poll' ? 'poll' : kind,
      value: asked,
      answer: () => answer,
      stages: [act],
    };
  };

  const ops = record(dice, {
    operations,
    processes: 1 + dice.int(3),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.1]),
    next,
  });
  return dice.chance(0.35) ? corrupted(ops, dice, hasPolled, (value) => otherPoll(value, dice)) : ops;
}

const integer = (exact: bigint): Json => (BigInt.asIntN(53, exact) === exact ? Number(exact) : exact);

const hasPolled = ({ f, value }: HistoryOp): boolean =>
  (f === 'poll' || f === 'txn') &&
  Array.isArray(value) &&
  (value as readonly (readonly Json[])[]).some(([kind]) => kind === 'poll');

function otherPoll(value: Json, dice: Dice): Json {
  return (value as readonly (readonly Json[])[]).map((mop) => {
    if (mop[0] !== 'poll') return mop;
    return [
      'poll',
      Object.fromEntries(
        Object.entries((mop[1] ?? {}) as Logs).map(([key, log]) => [key, otherLog(log, dice)]),
      ),
    ];
  });
}

function otherLog(log: readonly Message[], dice: Dice): readonly Message[] {
  const at = dice.int(Math.max(1, log.length));
  const changed = log[at];
  if (changed === undefined) return log;
  switch (dice.int(4)) {
    case 0:
      return log.toSpliced(at, 1);
    case 1:
      return log.toReversed();
    case 2:
      return log.with(at, [changed[0], dice.pick(ODD_VALUES) ?? 0]);
    default:
      return [...log, changed];
  }
}
