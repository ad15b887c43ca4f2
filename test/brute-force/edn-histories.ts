/**
 * Histories as EDN: each key, element and message becomes an EDN value, equal ones in several spellings, and the text
 * is read like a file. This must not change any verdict, since only equality matters.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import { HistoryStream } from '../../src/history/reading/history-stream.ts';
import { JsonNumber, type Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { textOf } from './logs.ts';
import { identity } from './odd-values.ts';

/** Each line is one value, in all spellings; no two lines are equal in Clojure. */
const SPELLINGS: readonly (readonly string[])[] = [
  [':a'], [':b'], [':a/b'], [':1'], ['a'], ['a/b'], ['"a"'], ['":a"'], ['"1"'], ['\\a'],
  ['1', '1N', '+1'], ['2'], ['-1'], ['500'], ['2000'], ['9007199254740993', '9007199254740993N'], ['1.0', '1.00', '1e0'], ['1.5'], ['2000.0'],
  ['true'], ['[]', '()'], ['[1]', '(1)'], ['[:a]', '(:a)'], ['["a"]'], ['[1 2]', '(1 2)'], ['[nil]'], ['[[1]]', '[(1)]'],
  ['#{}'], ['#{1}'], ['#{1 2}', '#{2 1}'], ['#{:a "a"}', '#{"a" :a}'], ['#{[1]}', '#{(1)}'], ['#{#{1 2}}', '#{#{2 1}}'], ['[#{1 2}]', '[#{2 1}]'],
  ['{}'], ['{:a 1}'], ['{"a" 1}'], ['{1 1}'], ['{"1" 1}'], ['{1.0 1}'], ['{:a 1, :b 2}', '{:b 2 :a 1}'], ['{:a 2, :b 1}', '{:b 1, :a 2}'], ['{[1] 2}', '{(1) 2}'],
  ['{:a #{1 2}}', '{:a #{2 1}}'], ['{nil 1}'], ['#uuid "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"'],
]; // prettier-ignore

/** Possible initial values of registers are more than names (`registersIn`), so they stay unchanged. */
const BEGINNINGS = new Map<string, readonly string[]>([
  [identity(0), ['0', '0N', '-0']],
  [identity(new JsonNumber('0.0')), ['0.0', '0.00', '0e0']],
  [identity(false), ['false']],
  [identity(''), ['""']],
]);

type Name = (value: Json) => string;
/** Returns an operation's value as EDN. */
export type ValueInEdn = (op: HistoryOp, name: Name, dice: Dice) => string;

const vector = (items: readonly string[]): string => `[${items.join(' ')}]`;
const listed = (value: Json, name: Name): string =>
  value === null ? 'nil' : vector((value as readonly Json[]).map(name));

export const single: ValueInEdn = ({ value }, name) => name(value ?? null);

export const listTransaction: ValueInEdn = ({ value }, name) =>
  transaction(value ?? null, (f, shown) => (f === 'r' ? listed(shown, name) : name(shown)), name);

export const registerTransaction: ValueInEdn = ({ value }, name) =>
  transaction(value ?? null, (_, shown) => name(shown), name);

function transaction(value: Json, shown: (f: string, value: Json) => string, name: Name): string {
  if (value === null) return 'nil';
  return vector(
    (value as readonly (readonly [string, Json, Json])[]).map(([f, key, item]) =>
      vector([`:${f}`, name(key), shown(f, item)]),
    ),
  );
}

/** For registers: cas has a pair of values. */
export const registerValue: ValueInEdn = ({ f, value }, name) =>
  f === 'cas' ? listed(value ?? null, name) : name(value ?? null);

/** For operations whose values are `[key, value]`. */
export const keyed =
  (valueInEdn: ValueInEdn): ValueInEdn =>
  (op, name, dice) => {
    const [key = null, value = null] = op.value as readonly Json[];
    return vector([name(key), valueInEdn({ ...op, value }, name, dice)]);
  };

/** Reads of sets may be written as sets if no element is listed twice. */
export const setValue: ValueInEdn = ({ f, type, value }, name, dice) => {
  if (f !== 'read') return name(value ?? null);
  if (!Array.isArray(value)) return (value ?? null) === null ? 'nil' : ':no-list';
  const items = value as readonly Json[];
  const isSet = type === 'ok' && new Set(items.map(identity)).size === items.length && dice.chance(0.5);
  return isSet ? `#{${items.map(name).join(' ')}}` : listed(items, name);
};

export const logValue: ValueInEdn = ({ f, type, value }, name) => {
  if (f === 'assign' || f === 'subscribe')
    return vector(((value ?? []) as readonly Json[]).map((key) => name(textOf(key))));
  if (!Array.isArray(value)) return 'nil';
  const pair = ([offset, message]: readonly Json[]): string =>
    vector([offset === null ? 'nil' : `${offset as number | bigint}`, name(message ?? null)]);
  return vector(
    (value as readonly (readonly Json[])[]).map(([kind, key = null, sent = null]) => {
      if (kind === 'send')
        return vector([
          ':send',
          name(textOf(key)),
          type === 'ok' ? pair(sent as readonly Json[]) : name(sent),
        ]);
      const logs = Object.entries((key ?? {}) as { readonly [key: string]: readonly (readonly Json[])[] });
      return key === null
        ? '[:poll]'
        : `[:poll {${logs.map(([log, some]) => `${name(log)} ${vector(some.map(pair))}`).join(', ')}}]`;
    }),
  );
};

/** Returns the history as EDN, one operation per line. */
export function ednLines(ops: readonly HistoryOp[], valueOf: ValueInEdn, dice: Dice): readonly string[] {
  const left = dice.some(SPELLINGS, SPELLINGS.length);
  const spellings = new Map<string, readonly string[]>();
  const name: Name = (value) => {
    if (value === null) return 'nil';
    const id = identity(value);
    const known = BEGINNINGS.get(id) ?? spellings.get(id) ?? left.pop() ?? [`:k${spellings.size}`];
    spellings.set(id, known);
    return dice.pick(known) ?? 'nil';
  };
  return ops.map((op) => {
    const { index, time, type, process, f = 'txn', final } = op;
    const fields = [
      ...(index === undefined ? [] : [`:index ${index}`]),
      ...(time === undefined ? [] : [`:time ${time}`]),
      `:type :${type}, :process ${typeof process === 'number' ? process : ':nemesis'}, :f :${f}`,
      `:value ${typeof process === 'number' ? valueOf(op, name, dice) : 'nil'}`,
      ...(final === true ? [':final? true'] : []),
    ];
    return `{${fields.join(', ')}}`;
  });
}

export function readEdnLines(lines: readonly string[]): readonly HistoryOp[] {
  const read: HistoryOp[] = [];
  const stream = new HistoryStream((op) => read.push(op));
  stream.push(new TextEncoder().encode(`${lines.join('\n')}\n`));
  stream.end();
  return read;
}
