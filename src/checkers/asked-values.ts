/**
 * Values of operations whose completion may only acknowledge them: a reply without a body means that what was asked for
 * happened.
 */
import type { Op, Process } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';

export class AskedValues {
  readonly #asked = new Map<Process, Json>();

  /** Returns the value of an operation or, if null, of its invocation. Call it for each operation, in history order. */
  valueOf({ type, process, value }: Op): Json {
    if (type === 'invoke') {
      this.#asked.set(process, value);
      return value;
    }
    const asked = this.#asked.get(process) ?? null;
    this.#asked.delete(process);
    return value ?? asked;
  }
}
