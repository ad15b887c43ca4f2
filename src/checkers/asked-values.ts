/** What operations are about whose completion may only acknowledge them: a reply without a body says that what was asked for happened. */
import type { Op, Process } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';

export class AskedValues {
  readonly #asked = new Map<Process, Json>();

  /** The value of an operation or, where that is null, of the invocation that it completes. Asked of each, in their order. */
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
