/**
 * A set that is read at the end: the last successful read holds every element whose add was acknowledged, and no
 * element that was never added. Jepsen's `set`; earlier reads do not count. Elements are lists here; results.edn has
 * them in Jepsen's form, texts of intervals: `"#{0..53 55}"`.
 */
import { AskedValues } from '../asked-values.ts';
import type { Op } from '../../history/op.ts';
import { canonicalJson, elementsOf, valueText, type Json } from '../../protocol/json.ts';
import { malformedResult, type Checker, type OrNoVerdict } from '../checker.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export type LastReadSetResult = OrNoVerdict<{
  readonly 'valid?': boolean;
  readonly 'attempt-count': number;
  readonly 'acknowledged-count': number;
  readonly 'ok-count': number;
  readonly 'lost-count': number;
  readonly 'recovered-count': number;
  readonly 'unexpected-count': number;
  readonly ok: readonly Json[];
  readonly lost: readonly Json[];
  readonly unexpected: readonly Json[];
  readonly recovered: readonly Json[];
  readonly 'last-read': Op;
}>;

export const LAST_READ_SET_MEANINGS = {
  'attempt-count': 'number of elements that clients tried to add',
  'acknowledged-count': 'number of elements whose add succeeded',
  'ok-count': 'number of elements of the last read that clients tried to add',
  'lost-count': 'number of acknowledged elements that are missing from the last read',
  'recovered-count': 'number of elements of the last read whose add was not acknowledged',
  'unexpected-count': 'number of elements of the last read that no client tried to add',
  ok: 'the elements counted by `ok-count`',
  lost: 'the elements counted by `lost-count`',
  unexpected: 'the elements counted by `unexpected-count`',
  recovered: 'the elements counted by `recovered-count`',
  'last-read': 'the read that was checked',
} as const satisfies Meanings<LastReadSetResult>;

export class LastReadSetChecker implements Checker<LastReadSetResult> {
  readonly #asked = new AskedValues();
  readonly #attempts = new Map<string, Json>();
  readonly #acknowledged = new Map<string, Json>();
  #lastRead: Op | undefined;
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.f === 'add') {
      const value = this.#asked.valueOf(op);
      this.malformed = this.#asked.problem;
      if (op.type === 'invoke') this.#attempts.set(canonicalJson(value), value);
      else if (op.type === 'ok') this.#acknowledged.set(canonicalJson(value), value);
    } else if (op.f === 'read' && op.type === 'ok') {
      if (op.value === null || elementsOf(op.value) !== undefined) this.#lastRead = op;
      else
        this.malformed = `operation ${op.index} reads ${valueText(op.value).slice(0, 120)}; expected a list of elements`;
    }
  }

  result(): LastReadSetResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const lastRead = this.#lastRead;
    const value = elementsOf(lastRead?.value);
    if (lastRead === undefined || value === undefined)
      return { 'valid?': 'unknown', error: 'Set was never read' };
    const read = new Map(value.map((element) => [canonicalJson(element), element]));
    const ok = [...read].filter(([name]) => this.#attempts.has(name));
    const unexpected = [...read].filter(([name]) => !this.#attempts.has(name));
    const lost = [...this.#acknowledged].filter(([name]) => !read.has(name));
    const recovered = ok.filter(([name]) => !this.#acknowledged.has(name));
    const elements = (entries: readonly (readonly [string, Json])[]): readonly Json[] =>
      entries.map(([, element]) => element);
    return {
      'valid?': lost.length === 0 && unexpected.length === 0,
      'attempt-count': this.#attempts.size,
      'acknowledged-count': this.#acknowledged.size,
      'ok-count': ok.length,
      'lost-count': lost.length,
      'recovered-count': recovered.length,
      'unexpected-count': unexpected.length,
      ok: elements(ok),
      lost: elements(lost),
      unexpected: elements(unexpected),
      recovered: elements(recovered),
      'last-read': lastRead,
    };
  }
}

/** Explains which elements the last read lacks, or shows although no operation added them. */
export function explainLastReadSet(result: LastReadSetResult): string | undefined {
  if (result.error !== undefined) return 'No read of the set succeeded, so the history proves nothing.';
  if (result['valid?']) return undefined;
  const named = (all: readonly Json[]): string => {
    const shown = all
      .slice(0, 8)
      .map((element) => valueText(element).slice(0, 60))
      .join(', ');
    return all.length > 8 ? `${shown}, ... (${all.length} in all)` : shown;
  };
  const read = result['last-read'];
  const parts = [
    ...(result['lost-count'] === 0 ? [] : [`lacks ${named(result.lost)}, whose addition was acknowledged`]),
    ...(result['unexpected-count'] === 0
      ? []
      : [`holds ${named(result.unexpected)}, which no operation added`]),
  ];
  return `The last read (operation ${read.index}, process ${read.process}) ${parts.join(', and ')}.`;
}
