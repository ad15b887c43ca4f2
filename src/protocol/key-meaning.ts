/**
 * Meanings of the keys of results. A table of meanings is next to the type that declares the keys, so that the compiler
 * reports a new key without one. The reference pages and `maelstrom help` read them through store/results/result-shapes.ts.
 */

/** The unit of a number whose name does not say it. Times count from the zero of the run: see store/run-zero.ts. */
export type Unit = 'ns' | 'ms' | 's' | 'bytes';

/** A clause in Markdown, without a full stop. */
export type Meaning = string | { readonly unit: Unit; readonly meaning: string };

type KeysOf<Type> = Type extends unknown ? keyof Type : never;

/** Keys that every result with a verdict may have; their meaning is given once, in store/results/shapes/common-shapes.ts. */
type CommonKey<Result> = 'valid?' extends KeysOf<Result> ? 'valid?' | 'error' | 'warnings' : never;

/** A meaning for each key that a result, or a part of one, may have. */
export type Meanings<Result> = {
  readonly [Key in Exclude<KeysOf<Result>, CommonKey<Result>> & string]: Meaning;
};
