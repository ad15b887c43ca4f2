/**
 * Blind writes and reads of all that was written: a write that was over before another began shows wherever the other shows.
 * Jepsen's `comments`, which strict serializability promises.
 *
 *     write 1  |----| ok
 *     write 2           |----| ok
 *     read -> [2]                    |----| ok      2 without 1
 */
import { byCount } from '../protocol/count-text.ts';
import type { Op } from '../history/op.ts';
import { canonicalJson, isJsonArray, stringifyJson, type Json } from '../protocol/json.ts';
import { malformedResult, type Checker, type CheckResult, type ResultValue } from './checker.ts';

/** Wrong reads that are kept in full, and missing elements that are listed of each. */
const KEPT = 256;

export class CommentsChecker implements Checker {
  /** What was acknowledged, in order; and for each write, how many of these when it began. */
  readonly #completed: Json[] = [];
  readonly #completedNames = new Map<string, number>();
  readonly #expected = new Map<string, number>();
  readonly #reads: Op[] = [];
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.f === 'write') {
      const name = canonicalJson(op.value);
      if (op.type === 'invoke') {
        // Of two writes of one value either may be what a read shows: only what came before the first is certain.
        if (!this.#expected.has(name)) this.#expected.set(name, this.#completed.length);
      } else if (op.type === 'ok' && !this.#completedNames.has(name)) {
        this.#completedNames.set(name, this.#completed.push(op.value) - 1);
      }
    } else if (op.f === 'read' && op.type === 'ok') {
      if (isJsonArray(op.value)) this.#reads.push(op);
      else
        this.malformed = `operation ${op.index} reads ${stringifyJson(op.value).slice(0, 120)}; expected a list of what was written`;
    }
  }

  /** `{valid?, errors}`: the reads, each with what is `missing` and how much was expected. */
  result(): CheckResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const errors: ResultValue[] = [];
    let count = 0;
    for (const op of this.#reads) {
      const there = new Set((op.value as readonly Json[]).map((element) => canonicalJson(element))); // so says `observe`
      // What was over when a write began is a prefix of what was completed: the longest counts.
      let expected = 0;
      for (const name of there) expected = Math.max(expected, this.#expected.get(name) ?? 0);
      let seen = 0;
      for (const name of there) if ((this.#completedNames.get(name) ?? Infinity) < expected) seen++;
      if (seen === expected) continue;
      if (++count > KEPT) continue;
      const missing = this.#completed
        .slice(0, expected)
        .filter((element) => !there.has(canonicalJson(element)));
      errors.push({ op, missing: missing.slice(0, KEPT), 'expected-count': expected });
    }
    return {
      'valid?': count === 0,
      errors,
      ...(count > KEPT ? { 'error-count': count } : {}),
    };
  }
}

/** The first read that misses something. */
export function explainComments(result: CheckResult): string | undefined {
  // As made above.
  const errors = (result['errors'] ?? []) as readonly {
    readonly op: Op;
    readonly missing: readonly Json[];
  }[];
  const [first] = errors;
  if (first === undefined) return undefined;
  const missing = first.missing
    .slice(0, 8)
    .map((element) => stringifyJson(element).slice(0, 60))
    .join(', ');
  const count = Number(result['error-count'] ?? errors.length) - 1;
  const more = count === 0 ? '' : ` ${count} more ${byCount(count, 'read does', 'reads do')} so.`;
  return (
    `The read that is operation ${first.op.index} (process ${first.op.process}) misses ${missing}, written before something that it ` +
    `shows was begun: this is not strict serializability.${more}`
  );
}
