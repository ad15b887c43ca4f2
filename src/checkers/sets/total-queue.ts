/**
 * What goes into a queue comes out: after the queue is drained, every element whose enqueue was acknowledged has been
 * dequeued, and none that was not enqueued. The order does not count. Jepsen's `total-queue`; an element dequeued more often
 * than it was enqueued is only counted, as there.
 *
 *     enqueue 1 ok, enqueue 2 ok, dequeue -> 2, drain -> []      1 is lost
 *
 * An element may also be missing because a dequeue that crashed took it, so that as many missing elements as there are such
 * dequeues prove nothing. Jepsen's checker calls them lost.
 */
import { AskedValues } from '../asked-values.ts';
import { counted } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { canonicalJson, elementsOf, valueText, wordOf, type Json } from '../../protocol/json.ts';
import { malformedResult, type Checker, type OrNoVerdict, type Validity } from '../checker.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Elements are listed as often as they count. */
export type TotalQueueResult = OrNoVerdict<{
  readonly 'valid?': Validity;
  readonly 'attempt-count': number;
  readonly 'acknowledged-count': number;
  readonly 'ok-count': number;
  readonly 'unexpected-count': number;
  readonly 'duplicated-count': number;
  readonly 'lost-count': number;
  readonly 'recovered-count': number;
  readonly lost: readonly Json[];
  readonly unexpected: readonly Json[];
  readonly duplicated: readonly Json[];
  readonly recovered: readonly Json[];
  readonly note?: string;
}>;

export const TOTAL_QUEUE_MEANINGS = {
  'attempt-count': 'number of enqueues',
  'acknowledged-count': 'number of enqueues that succeeded',
  'ok-count': 'number of dequeued elements that clients tried to enqueue',
  'unexpected-count': 'number of dequeued elements that no client tried to enqueue',
  'duplicated-count': 'number of dequeues of an element beyond those of its enqueues',
  'lost-count': 'number of acknowledged elements that were never dequeued',
  'recovered-count': 'number of dequeued elements whose enqueue was not acknowledged',
  lost: 'the elements counted by `lost-count`',
  unexpected: 'the elements counted by `unexpected-count`',
  duplicated:
    'the elements counted by `duplicated-count`: allowed, as in a queue that delivers at least once',
  recovered: 'the elements counted by `recovered-count`',
  note: 'why missing elements prove nothing',
} as const satisfies Meanings<TotalQueueResult>;

interface Element {
  readonly value: Json;
  attempted: number;
  acknowledged: number;
  dequeued: number;
}

export class TotalQueueChecker implements Checker<TotalQueueResult> {
  readonly #asked = new AskedValues();
  readonly #elements = new Map<string, Element>();
  /** The open dequeues and drains. */
  readonly #open = new Map<number, string>();
  #crashedDequeues = 0;
  #crashedDrains = 0;
  malformed: string | undefined;

  observe(op: Op): void {
    const { process, type, f, value } = op;
    if (process === 'nemesis' || this.malformed !== undefined) return;
    if (f === 'enqueue') {
      const element = this.#element(this.#asked.valueOf(op));
      this.malformed = this.#asked.problem;
      if (type === 'invoke') element.attempted++;
      else if (type === 'ok') element.acknowledged++;
      return;
    }
    if (type === 'invoke') {
      this.#open.set(process, f);
      return;
    }
    this.#open.delete(process);
    if (type === 'info') this.#crash(f);
    if (type !== 'ok') return;
    if (f === 'drain') this.#drain(op);
    // A dequeue of nil found the queue empty, unless nil was enqueued.
    else if (value !== null || this.#elements.has(canonicalJson(null))) this.#element(value).dequeued++;
  }

  #crash(f: string): void {
    if (f === 'drain') this.#crashedDrains++;
    else this.#crashedDequeues++;
  }

  #drain({ index, value }: Op): void {
    // Some tests of Jepsen record each dequeue of a drain, and :exhausted for the drain.
    const elements = value === null || wordOf(value) === 'exhausted' ? [] : elementsOf(value);
    if (elements === undefined)
      this.malformed = `operation ${index} drains ${valueText(value).slice(0, 120)}; expected a list of elements`;
    for (const element of elements ?? []) this.#element(element).dequeued++;
  }

  #element(value: Json): Element {
    const name = canonicalJson(value);
    let element = this.#elements.get(name);
    if (element === undefined)
      this.#elements.set(name, (element = { value, attempted: 0, acknowledged: 0, dequeued: 0 }));
    return element;
  }

  result(): TotalQueueResult {
    for (const f of this.#open.values()) this.#crash(f);
    this.#open.clear();
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const elements = [...this.#elements.values()];
    const sum = (count: (element: Element) => number): number =>
      elements.reduce((total, element) => total + count(element), 0);
    const listed = (count: (element: Element) => number): readonly Json[] =>
      elements.flatMap((element) => Array.from({ length: Math.max(0, count(element)) }, () => element.value));
    const taken = ({ attempted, dequeued }: Element): number => Math.min(attempted, dequeued);
    const lost = listed(({ acknowledged, dequeued }) => acknowledged - dequeued);
    const unexpected = listed(({ attempted, dequeued }) => (attempted === 0 ? dequeued : 0));
    const duplicated = listed(({ attempted, dequeued }) => (attempted === 0 ? 0 : dequeued - attempted));
    const recovered = listed((element) => taken(element) - element.acknowledged);
    const mayBeTaken =
      lost.length > 0 &&
      (this.#crashedDrains > 0 || lost.length <= this.#crashedDequeues) &&
      unexpected.length === 0;
    return {
      'valid?': mayBeTaken ? 'unknown' : lost.length === 0 && unexpected.length === 0,
      'attempt-count': sum(({ attempted }) => attempted),
      'acknowledged-count': sum(({ acknowledged }) => acknowledged),
      'ok-count': sum(taken),
      'unexpected-count': unexpected.length,
      'duplicated-count': duplicated.length,
      'lost-count': lost.length,
      'recovered-count': recovered.length,
      lost,
      unexpected,
      duplicated,
      recovered,
      ...(mayBeTaken && {
        note: `${this.#crashedDrains > 0 ? 'A drain' : counted(this.#crashedDequeues, 'dequeue')} that crashed may have taken what is missing.`,
      }),
    };
  }
}

/** Returns what a valid result allows; undefined if there is nothing to say. */
export function remarkOnTotalQueue(result: TotalQueueResult): string | undefined {
  const again = result['duplicated-count'] ?? 0;
  return again === 0
    ? undefined
    : `${counted(again, 'dequeue')} returned an element more often than it was enqueued, which total-queue allows.`;
}

/** Explains which elements never came out, or came out although they were not enqueued. */
export function explainTotalQueue(result: TotalQueueResult): string | undefined {
  if (result['valid?'] === true || result.error !== undefined) return undefined;
  const named = (all: readonly Json[]): string => {
    const shown = all
      .slice(0, 8)
      .map((element) => valueText(element).slice(0, 60))
      .join(', ');
    return all.length > 8 ? `${shown}, ... (${all.length} in all)` : shown;
  };
  const parts = [
    ...(result.lost.length === 0
      ? []
      : [`${named(result.lost)} never came out, although the enqueue succeeded`]),
    ...(result.unexpected.length === 0
      ? []
      : [`${named(result.unexpected)} came out, which no operation enqueued`]),
  ];
  return `Of the queue, ${parts.join('; ')}.${result.note === undefined ? '' : ` ${result.note}`}`;
}
