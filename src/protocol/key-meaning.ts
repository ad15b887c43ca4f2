/**
 * What the keys of results mean. A table of meanings stands beside the type that declares the keys, so that a new key without
 * one is an error of the compiler; the reference pages and `maelstrom help` read them through store/result-shapes.ts.
 */

/** What a number counts, where its name does not say. Times count from the zero of the run: see store/run-zero.ts. */
export type Unit = 'ns' | 'ms' | 's' | 'bytes';

/** In Markdown, a clause without a full stop. */
export type Meaning = string | { readonly unit: Unit; readonly meaning: string };

type KeysOf<Type> = Type extends unknown ? keyof Type : never;

/** Keys that every result with a verdict may have; what they mean is said once, in store/result-shapes.ts. */
type CommonKey<Result> = 'valid?' extends KeysOf<Result> ? 'valid?' | 'error' | 'warnings' : never;

/** A meaning for each key that a result, or a part of one, may have. */
export type Meanings<Result> = {
  readonly [Key in Exclude<KeysOf<Result>, CommonKey<Result>> & string]: Meaning;
};
