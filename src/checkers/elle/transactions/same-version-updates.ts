/** The rows or transactions that read a version of a key before they wrote the key; most versions have at most one. */
import { present } from '../../../columns/present.ts';

export class SameVersionUpdates {
  /** The updates of versions that have several. */
  readonly several = new Map<number, number[]>();
  readonly #first: Int32Array;

  constructor(versions: number) {
    this.#first = new Int32Array(versions).fill(-1);
  }

  add(version: number, update: number): void {
    const first = present(this.#first[version]);
    const group = this.several.get(version);
    if (first < 0) this.#first[version] = update;
    else if (group === undefined) this.several.set(version, [first, update]);
    else group.push(update);
  }
}
