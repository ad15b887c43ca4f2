/**
 * Converts results to EDN by shapes: a shape declares which of Clojure's types a part of a result has (`:G1a` or "G1a",
 * a set or a list, 1 or 1.0). JSON has fewer types, and results in memory are JSON.
 *
 * A value that does not match its declared shape is written as it is and noted, since writing a result must never fail.
 */
import { isResultMap, type ResultValue } from '../../checkers/checker.ts';
import { valueOfKey } from '../../checkers/result-keys.ts';
import { EdnList, EdnMap, EdnSet, EdnSymbol, Keyword, type Edn } from '../../edn/edn-value.ts';
import { isKeywordName, jsonToEdn, writeJsonAsEdn, type JsonLike } from '../../edn/json-to-edn.ts';
import { keptApart, withoutRepeats } from '../../edn/kept-apart.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { errorAsEdn, opToEdn } from '../../history/op-codec.ts';
import { isOp } from '../../checkers/checker.ts';
import { compareJson, isJsonInteger, type Json } from '../../protocol/json.ts';
import { fractionOf } from '../../protocol/json/json-decimal.ts';
import type { Meaning } from '../../protocol/key-meaning.ts';
import type { Form } from './result-form.ts';

/** Records deviations from the declared shape: `workload.lost[3]: expected a keyword`. */
export interface Notes {
  readonly path: (string | number)[];
  readonly odd: string[];
}

type Write = (value: ResultValue, notes: Notes) => Edn;

/** How a part of a result is written, and its form. */
export type Shape = Write & { readonly form: Form };

export const shaped = (form: Form, write: Write): Shape => Object.assign(write.bind(undefined), { form });

const single = (type: string, write: Write): Shape => shaped({ kind: 'one', type }, write);

/** Notes the deviation and writes the value without its declared type. */
function undeclared(value: ResultValue, notes: Notes, expected: string): Edn {
  notes.odd.push(`${notes.path.join('.')}: expected ${expected}`);
  return loose(value, notes);
}

function within<T>(notes: Notes, step: string | number, use: () => T): T {
  notes.path.push(step);
  const result = use();
  notes.path.pop();
  return result;
}

/** A value of a user or a node: JSON, with strings as keys. */
export const userValue: Shape = single('value', (value) => jsonToEdn(value as JsonLike));

/** A value of a result without a declared type: keys become keywords, operations stay operations. */
export const loose: Shape = single('value', (value, notes) => {
  if (value === 'unknown') return Keyword.of('unknown');
  if (Array.isArray(value)) return (value as readonly ResultValue[]).map((item) => loose(item, notes));
  if (isOp(value) && typeof value.f === 'string') return opToEdn(value);
  return isResultMap(value) && Object.getPrototypeOf(value) === Object.prototype
    ? entriesOf(value, (key, item) => [keyName(key), loose(item, notes)])
    : userValue(value, notes);
});

export const text: Shape = single('string', (value, notes) =>
  typeof value === 'string' ? value : undeclared(value, notes, 'a string'),
);

export const flag: Shape = single('true or false', (value, notes) =>
  typeof value === 'boolean' ? value : undeclared(value, notes, 'true or false'),
);

export const integer: Shape = single('integer', (value, notes) =>
  typeof value === 'bigint' || Number.isSafeInteger(value)
    ? (value as number | bigint)
    : undeclared(value, notes, 'an integer'),
);

/** Writes 1 as 1.0. */
export const float: Shape = single('number', (value, notes) => {
  if (typeof value !== 'number') return undeclared(value, notes, 'a number');
  return /^-?\d+$/.test(String(value)) ? fractionOf(`${value}.0`) : value;
});

export const keyword: Shape = single('keyword', (value, notes) =>
  typeof value === 'string' && isKeywordName(value)
    ? Keyword.of(value)
    : undeclared(value, notes, 'a word that can be a keyword'),
);

export const operation: Shape = single('operation', (value, notes) =>
  isOp(value) && typeof value.f === 'string' ? opToEdn(value) : undeclared(value, notes, 'an operation'),
);

/** The error of an operation, whose words are keywords: `:net-timeout`, `[:timeout "text"]`. */
export const opError: Shape = single('value', (value) => readEdn(errorAsEdn(value as Json)));

/** Writes `["append", 1, 2]` as `[:append 1 2]`. */
export const microOperation: Shape = single('micro-operation', (value, notes) => {
  if (!Array.isArray(value)) return undeclared(value, notes, 'a micro-operation');
  const [f, ...others] = value as readonly ResultValue[];
  return [keyword(f, notes), ...others.map((item) => userValue(item, notes))];
});

export const orNull = (shape: Shape): Shape =>
  shaped({ kind: 'either', of: [shape.form, { kind: 'one', type: 'null' }] }, (value, notes) =>
    value === null ? null : shape(value, notes),
  );

/** Writes `word`, such as `...` or `:unknown`, as `as`; any other value by `shape`. */
export const wordOr = (word: string, as: Edn, shape: Shape): Shape =>
  shaped({ kind: 'either', of: [shape.form, { kind: 'one', type: `\`${word}\`` }] }, (value, notes) =>
    value === word ? as : shape(value, notes),
  );

export const ELLIPSIS = new EdnSymbol('...');

const itemsOf = (as: 'list' | 'set', shape: Shape, make: (items: readonly Edn[]) => Edn): Shape =>
  shaped({ kind: 'several', as, of: shape.form }, (value, notes) =>
    Array.isArray(value)
      ? make(
          (value as readonly ResultValue[]).map((item, at) =>
            within(notes, at, () => shape(item ?? null, notes)),
          ),
        )
      : undeclared(value, notes, 'several values'),
  );

export const vector = (shape: Shape): Shape => itemsOf('list', shape, (items) => items);
export const list = (shape: Shape): Shape => itemsOf('list', shape, (items) => new EdnList(items));
export const set = (shape: Shape): Shape =>
  itemsOf('set', shape, (items) => new EdnSet(keptApart(withoutRepeats(items))));

/** Elements of a set as a text, with runs of consecutive integers as intervals: `"#{0..53 55}"`. */
export const intervalText: Shape = shaped(
  { kind: 'several', as: 'list', of: userValue.form },
  (value, notes) =>
    Array.isArray(value)
      ? `#{${intervalsOf(value as readonly Json[])}}`
      : undeclared(value, notes, 'elements'),
);

function intervalsOf(elements: readonly Json[]): string {
  const runs: { first: Json; last: Json }[] = [];
  for (const element of elements.toSorted(compareJson)) {
    const run = runs.at(-1);
    if (run !== undefined && follows(run.last, element)) run.last = element;
    else runs.push({ first: element, last: element });
  }
  return runs
    .map(({ first, last }) =>
      first === last ? writeJsonAsEdn(first) : `${writeJsonAsEdn(first)}..${writeJsonAsEdn(last)}`,
    )
    .join(' ');
}

const follows = (last: Json, next: Json): boolean =>
  isJsonInteger(last) && isJsonInteger(next) && BigInt(next) === BigInt(last) + 1n;

/** A vector with a shape for each item. */
export const tuple = (...shapes: readonly Shape[]): Shape =>
  shaped({ kind: 'tuple', of: shapes.map(({ form }) => form) }, (value, notes) =>
    Array.isArray(value) && value.length === shapes.length
      ? shapes.map((shape, at) =>
          within(notes, at, () => shape((value as readonly ResultValue[])[at] ?? null, notes)),
        )
      : undeclared(value, notes, `${shapes.length} values`),
  );

export type Fields = { readonly [key: string]: Shape };

/**
 * A map with these keys as keywords, each of which may be missing. Each has a meaning, declared beside the type of the
 * result. `others` is the shape of keys that are names, such as types of errors.
 */
export function fields<Declared extends Fields>(
  declared: Declared,
  meanings: { readonly [Key in keyof Declared]: Meaning },
  others?: Shape,
): Shape {
  const keys = new Map(
    Object.entries(declared).map(([name, { form }]) => [name, { form, meaning: meanings[name] ?? '' }]),
  );
  const form: Form =
    others === undefined ? { kind: 'map', keys } : { kind: 'map', keys, others: others.form };
  return shaped(form, (value, notes) => {
    if (!isResultMap(value)) return undeclared(value, notes, 'a map');
    return entriesOf(value, (key, item) => [
      keyName(key),
      within(notes, key, () => {
        const shape = Object.hasOwn(declared, key) ? declared[key] : others;
        return shape === undefined ? undeclared(item, notes, 'no such key') : shape(item, notes);
      }),
    ]);
  });
}

/** A map whose keys are names, written as keywords. */
export const byName = (by: string, shape: Shape): Shape =>
  shaped({ kind: 'by', by, of: shape.form }, fields({}, {}, shape));

/** A map whose keys are values of a user or a node. */
export const byValue = (by: string, shape: Shape): Shape =>
  shaped({ kind: 'by', by, of: shape.form }, (value, notes) =>
    isResultMap(value)
      ? withKeysApart(
          entriesOf(value, (key, item) => [
            userValue(valueOfKey(value, key), notes),
            within(notes, key, () => shape(item, notes)),
          ]),
        )
      : undeclared(value, notes, 'a map'),
  );

function withKeysApart({ entries }: EdnMap): EdnMap {
  const keys = keptApart(entries.map(([key]) => key));
  return new EdnMap(entries.map(([key, item], at) => [keys[at] ?? key, item]));
}

/** A map whose keys are numbers, in ascending order. */
export const byNumber = (by: string, shape: Shape): Shape =>
  shaped({ kind: 'by', by, of: shape.form }, (value, notes) => {
    if (!isResultMap(value)) return undeclared(value, notes, 'a map');
    const sorted = Object.entries(value).toSorted(([a], [b]) => Number(a) - Number(b));
    return new EdnMap(
      sorted.map(([key, item]) => [Number(key), within(notes, key, () => shape(item, notes))]),
    );
  });

/** A map whose keys are strings, such as names of nodes. */
export const byText = (by: string, shape: Shape): Shape =>
  shaped({ kind: 'by', by, of: shape.form }, (value, notes) =>
    isResultMap(value)
      ? entriesOf(value, (key, item) => [key, within(notes, key, () => shape(item, notes))])
      : undeclared(value, notes, 'a map'),
  );

function entriesOf(
  map: { readonly [key: string]: ResultValue },
  turn: (key: string, item: ResultValue) => readonly [Edn, Edn],
): EdnMap {
  return new EdnMap(
    Object.entries(map).flatMap(([key, item]) => (item === undefined ? [] : [turn(key, item)])),
  );
}

const keyName = (key: string): Edn => (isKeywordName(key) ? Keyword.of(key) : key);
