/**
 * Values of operations whose completion may only acknowledge them: a reply without a body means that what was asked for
 * happened.
 */
import type { Op, Process } from '../history/op.ts';
import { jsonEquals, valueText, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';

export class AskedValues {
  readonly #asked = new Map<Process, Json>();
  /** Set once a completion shows another value than its operation was asked for. */
  problem: string | undefined;

  /** Returns the value of an operation or, if null, of its invocation. Call it for each operation, in history order. */
  valueOf({ type, process, value, index, f }: Op): Json {
    if (type === 'invoke') {
      this.#asked.set(process, value);
      return value;
    }
    const asked = this.#asked.get(process) ?? null;
    this.#asked.delete(process);
    if (type !== 'ok') return asked ?? value;
    if (value !== null && asked !== null && !jsonEquals(value, asked))
      this.problem ??= `operation ${index} ${completesWithAnother(f, { asked, value })}`;
    return value ?? asked;
  }
}

/**
 * Describes a completion whose value is not what was asked for: what the store returned, such as "OK" or a new total. To
 * take it for what happened would make right histories wrong.
 */
export function completesWithAnother(
  f: string,
  { asked, value }: { readonly asked: Json; readonly value: Json },
): string {
  const [was, is] = [asked, value].map((one) => valueText(one).slice(0, 80));
  return (
    `completes ${shownText(f, 60)} ${was} with ${is}; expected ${was} again, or null. What else it returned belongs in ` +
    'another field, and if it did not happen its type is fail'
  );
}
