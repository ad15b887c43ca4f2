/**
 * A set that is read at the end: the last successful read holds every element whose addition was acknowledged, and no element
 * that was never added. Jepsen's `set`; earlier reads do not count.
 */
import type { Op } from '../history/op.ts';
import { canonicalJson, elementsOf, stringifyJson, type Json } from '../protocol/json.ts';
import { malformedResult, type Checker, type CheckResult } from './checker.ts';

export class LastReadSetChecker implements Checker {
  readonly #attempts = new Map<string, Json>();
  readonly #acknowledged = new Map<string, Json>();
  #lastRead: Op | undefined;
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.f === 'add') {
      if (op.type === 'invoke') this.#attempts.set(canonicalJson(op.value), op.value);
      else if (op.type === 'ok') this.#acknowledged.set(canonicalJson(op.value), op.value);
    } else if (op.f === 'read' && op.type === 'ok') {
      if (op.value === null || elementsOf(op.value) !== undefined) this.#lastRead = op;
      else
        this.malformed = `operation ${op.index} reads ${stringifyJson(op.value).slice(0, 120)}; expected a list of elements`;
    }
  }

  result(): CheckResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const value = elementsOf(this.#lastRead?.value);
    if (value === undefined) return { 'valid?': 'unknown', error: 'Set was never read' };
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
      lost: elements(lost),
      unexpected: elements(unexpected),
      recovered: elements(recovered),
      'last-read': this.#lastRead,
    };
  }
}

/** Which elements are missing from the last read, or are there without having been added. */
export function explainLastReadSet(result: CheckResult): string | undefined {
  if (result['valid?'] === 'unknown') return 'No read of the set succeeded, so the history proves nothing.';
  if (result['valid?']) return undefined;
  const named = (key: string): string => {
    const all = result[key] as readonly Json[]; // as made above
    const shown = all
      .slice(0, 8)
      .map((element) => stringifyJson(element).slice(0, 60))
      .join(', ');
    return all.length > 8 ? `${shown}, ... (${all.length} in all)` : shown;
  };
  const read = result['last-read'] as Op;
  const parts = [
    ...(result['lost-count'] === 0 ? [] : [`lacks ${named('lost')}, whose addition was acknowledged`]),
    ...(result['unexpected-count'] === 0 ? [] : [`holds ${named('unexpected')}, which no operation added`]),
  ];
  return `The last read (operation ${read.index}, process ${read.process}) ${parts.join(', and ')}.`;
}
