/**
 * Blind writes and reads of everything written: a write that completed before another began is visible wherever the
 * other is. Jepsen's `comments`, which strict serializability guarantees.
 *
 *     write 1  |----| ok
 *     write 2           |----| ok
 *     read -> [2]                    |----| ok      2 without 1
 *
 * Jepsen's test of CockroachDB has many keys: values are `[key, value]` then, and a read shows those of its key.
 */
import { AskedValues } from '../asked-values.ts';
import { byCount } from '../../protocol/count-text.ts';
import type { Op, Process } from '../../history/op.ts';
import { canonicalJson, elementsOf, valueText, type Json } from '../../protocol/json.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { malformedResult, type Checker, type OrNoVerdict } from '../checker.ts';

/** Maximum number of wrong reads kept in full, and of missing elements listed for each. */
const KEPT = 256;

/** Wrong reads, each with the elements it misses and the number expected. */
export type CommentsResult = OrNoVerdict<{
  readonly 'valid?': boolean;
  readonly errors: readonly CommentsError[];
  /** Present only if there are more than `errors` holds. */
  readonly 'error-count'?: number;
}>;

type CommentsError = {
  readonly op: Op;
  readonly missing: readonly Json[];
  readonly 'expected-count': number;
  /** The key, if values have keys. */
  readonly key?: Json;
};

export const COMMENTS_MEANINGS = {
  errors: 'the wrong reads',
  'error-count': 'number of wrong reads, if not all are listed',
} as const satisfies Meanings<CommentsResult>;

export const COMMENTS_ERROR_MEANINGS = {
  op: 'the read',
  missing: 'elements that it misses, although they were written before something that it shows',
  'expected-count': 'number of elements that it should have shown',
  key: 'the key of all these, if values are `[key, value]`',
} as const satisfies Meanings<CommentsError>;

export class CommentsChecker implements Checker<CommentsResult> {
  readonly #asked = new AskedValues();
  readonly #all = new Visibility();
  readonly #keyed = new KeyedVisibility();
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.f === 'write') {
      const value = this.#asked.valueOf(op);
      this.malformed = this.#asked.problem;
      this.#all.write(op, value);
      this.#keyed.write(op, value);
    } else if (op.f === 'read' && op.type === 'ok') {
      const elements = elementsOf(op.value);
      if (elements === undefined)
        this.malformed = `operation ${op.index} reads ${valueText(op.value).slice(0, 120)}; expected a list of what was written`;
      else {
        this.#all.read(op, elements);
        this.#keyed.read(op);
      }
    }
  }

  result(): CommentsResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const { errors, count } = this.#keyed.wrongReads() ?? this.#all.wrongReads();
    return {
      'valid?': count === 0,
      errors: errors.slice(0, KEPT),
      ...(count > KEPT ? { 'error-count': count } : {}),
    };
  }
}

interface WrongReads {
  readonly errors: readonly CommentsError[];
  /** `errors` has only the first ones. */
  readonly count: number;
}

/** Which writes were over when others began, and what reads showed of them. */
class Visibility {
  /** Acknowledged elements, in order; and for each element, the number of these when each write of it began. */
  readonly #completed: Json[] = [];
  readonly #completedNames = new Map<string, number>();
  readonly #begun = new Map<string, number[]>();
  /** By element: the smallest such number among its failed writes. */
  readonly #failed = new Map<string, number>();
  readonly #open = new Map<Process, number>();
  readonly #reads: { readonly op: Op; readonly elements: readonly Json[] }[] = [];

  read(op: Op, elements: readonly Json[]): void {
    this.#reads.push({ op, elements });
  }

  write({ type, process }: Op, value: Json): void {
    const name = canonicalJson(value);
    if (type === 'ok') {
      if (!this.#completedNames.has(name)) this.#completedNames.set(name, this.#completed.push(value) - 1);
      return;
    }
    if (type === 'info') return;
    const begun = this.#begun.get(name) ?? [];
    if (type === 'invoke') {
      this.#open.set(process, this.#completed.length);
      this.#begun.set(name, begun);
      begun.push(this.#completed.length);
      return;
    }
    const at = begun.indexOf(this.#open.get(process) ?? -1);
    const [before] = at < 0 ? [] : begun.splice(at, 1);
    if (before !== undefined) this.#failed.set(name, Math.min(before, this.#failed.get(name) ?? before));
  }

  /**
   * Returns the number of elements acknowledged before the write that a read of the element shows began. Of several
   * writes the first counts, as it may be any of them. Failed writes do not count, unless all failed.
   */
  #overBefore(name: string): number {
    return this.#begun.get(name)?.[0] ?? this.#failed.get(name) ?? 0;
  }

  wrongReads(): WrongReads {
    const errors: CommentsError[] = [];
    let count = 0;
    for (const { op, elements } of this.#reads) {
      const there = new Set(elements.map((element) => canonicalJson(element)));
      // The elements acknowledged before a write began are a prefix of all acknowledged ones: the longest counts.
      let expected = 0;
      for (const name of there) expected = Math.max(expected, this.#overBefore(name));
      let seen = 0;
      for (const name of there) if ((this.#completedNames.get(name) ?? Infinity) < expected) seen++;
      if (seen === expected) continue;
      if (++count > KEPT) continue;
      const missing = this.#completed
        .slice(0, expected)
        .filter((element) => !there.has(canonicalJson(element)));
      errors.push({ op, missing: missing.slice(0, KEPT), 'expected-count': expected });
    }
    return { errors, count };
  }
}

interface KeyOfComments {
  readonly key: Json;
  readonly own: Visibility;
  isWritten: boolean;
  /** True if a read shows an element of it. */
  isRead: boolean;
}

/**
 * The same for values of the form `[key, value]`, as Jepsen's test of CockroachDB writes them: a read shows what was
 * written to its key. All values have this form, or none.
 */
class KeyedVisibility {
  readonly #byKey = new Map<string, KeyOfComments>();
  #isPossible = true;

  write(op: Op, value: Json): void {
    const { key, rest } = this.#pair(value);
    if (key === undefined) return;
    key.isWritten = true;
    key.own.write(op, rest);
  }

  read(op: Op): void {
    const { key, rest } = this.#pair(op.value);
    const elements = elementsOf(rest);
    this.#isPossible &&= elements !== undefined;
    if (key === undefined || elements === undefined) return;
    key.isRead ||= elements.length > 0;
    key.own.read(op, elements);
  }

  #pair(value: Json): { readonly key: KeyOfComments | undefined; readonly rest: Json } {
    const pair = elementsOf(value);
    this.#isPossible &&= pair?.length === 2;
    if (!this.#isPossible || pair === undefined) return { key: undefined, rest: null };
    const [first = null, rest = null] = pair;
    const name = canonicalJson(first);
    const key = this.#byKey.get(name) ?? {
      key: first,
      own: new Visibility(),
      isWritten: false,
      isRead: false,
    };
    this.#byKey.set(name, key);
    return { key, rest };
  }

  /** Returns undefined if the values have no keys: a read shows something only of keys that were written to. */
  wrongReads(): WrongReads | undefined {
    const keys = [...this.#byKey.values()];
    const isKeyed = this.#isPossible && keys.length > 0 && keys.every((key) => key.isWritten || !key.isRead);
    if (!isKeyed) return undefined;
    const found = keys.map(({ key, own }) => {
      const { errors, count } = own.wrongReads();
      return { errors: errors.map((error): CommentsError => ({ ...error, key })), count };
    });
    return {
      errors: found.flatMap(({ errors }) => errors).toSorted((a, b) => a.op.index - b.op.index),
      count: found.reduce((sum, { count }) => sum + count, 0),
    };
  }
}

/** Explains the first read that misses something. */
export function explainComments({ errors = [], ...result }: CommentsResult): string | undefined {
  const [first] = errors;
  if (first === undefined) return undefined;
  const missing = first.missing
    .slice(0, 8)
    .map((element) => valueText(element).slice(0, 60))
    .join(', ');
  const ofKey = first.key === undefined ? '' : ` of key ${valueText(first.key).slice(0, 60)}`;
  const count = (result['error-count'] ?? errors.length) - 1;
  const more = count === 0 ? '' : ` ${count} more ${byCount(count, 'read does', 'reads do')} so.`;
  return (
    `The read that is operation ${first.op.index} (process ${first.op.process})${ofKey} misses ${missing}, written before something that it ` +
    `shows was begun: this is not strict serializability.${more}`
  );
}
