/**
 * EDN values, the data language of Jepsen's histories and results.
 *
 * nil is `null`; integers are `number`, or `bigint` beyond 2^53; fractions are `number`, or `JsonNumber` where a number
 * would lose what was written (1.0, 1e400); ##NaN and ##Inf are the numbers; vectors are arrays; all else is a class here.
 * Two spellings of one value become one: 5N is 5. Sets and maps keep the order in which they were written, which means nothing.
 */
import type { JsonNumber } from '../protocol/json.ts';

/** A keyword; `name` is without the colon: `valid?`, `elle.list-append/init`. Equal ones are mostly the same object. */
export class Keyword {
  private static readonly known = new Map<string, Keyword>();
  private constructor(readonly name: string) {}

  static of(name: string): Keyword {
    let found = Keyword.known.get(name);
    if (found === undefined) {
      found = new Keyword(name);
      // Bounded, for names can come from hostile input; beyond it equal keywords are merely equal.
      if (Keyword.known.size < 10_000) Keyword.known.set(name, found);
    }
    return found;
  }
}

/** Short for `Keyword.of`. */
export function keyword(name: string): Keyword {
  return Keyword.of(name);
}

export class EdnSymbol {
  constructor(readonly name: string) {}
}

/** A character: one Unicode code point. */
export class EdnChar {
  constructor(readonly char: string) {}
}

/** `1/3`, in lowest terms, the denominator greater than 1. */
export class EdnRatio {
  constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}
}

/** A decimal of arbitrary precision, written with M; `text` is without it. */
export class EdnDecimal {
  constructor(readonly text: string) {}
}

/** `(a b c)`. */
export class EdnList {
  constructor(readonly items: readonly Edn[]) {}
}

/** `#{a b c}`. */
export class EdnSet {
  constructor(readonly items: readonly Edn[]) {}
}

/** `{k v}`, with keys of any kind, in the order written. */
export class EdnMap {
  constructor(readonly entries: readonly (readonly [Edn, Edn])[]) {}

  /** The value of a keyword key, or undefined. */
  get(name: string): Edn | undefined {
    for (const [key, value] of this.entries) if (key instanceof Keyword && key.name === name) return value;
    return undefined;
  }
}

/** `#tag value`; the tag is without the #. */
export class EdnTagged {
  constructor(
    readonly tag: string,
    readonly value: Edn,
  ) {}
}

export type Edn =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonNumber
  | Keyword
  | EdnSymbol
  | EdnChar
  | EdnRatio
  | EdnDecimal
  | EdnList
  | EdnSet
  | EdnMap
  | EdnTagged
  | readonly Edn[];
