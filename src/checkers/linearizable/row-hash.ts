/** Hashes some words of a row, for hash tables of rows. Changing any bit changes most of the hash. */
import { present } from '../../columns/present.ts';

export function rowHash(row: Int32Array, at: number, words: number): number {
  let h = 0x9e3779b1 | 0;
  for (let i = 0; i < words; i++) {
    h = Math.imul(h ^ present(row[at + i]), 0x85ebca6b);
    h ^= h >>> 15;
  }
  return h;
}
