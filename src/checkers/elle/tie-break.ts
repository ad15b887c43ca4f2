/**
 * Which of several equally long lists counts as a key's order, when they disagree.
 *
 * Any choice is as good as another: the key's reads contradict each other, and that is reported. But the choice decides
 * which further cycles appear. So that a result can be laid beside one of Elle's, lists are put in the order in which Elle meets
 * them: that of the hash trie they are kept in there (five bits of the hash a level; single entries of a level in ascending
 * order, before the levels below, which follow in descending order).
 */
import type { Json } from '../../protocol/json.ts';

/** The lists in the order of their hashes, then stable. */
export function inTrieOrder<List>(lists: readonly List[], valuesOf: (list: List) => readonly Json[]): List[] {
  const ordered: List[] = [];
  const nodes = [{ shift: 0, entries: lists.map((list) => ({ list, hash: spread(hashList(valuesOf(list))) })) }];
  for (const { shift, entries } of nodes) {
    const slots = Array.from({ length: 32 }, (): typeof entries => []);
    for (const entry of entries) slots[(entry.hash >>> shift) & 31]?.push(entry);
    for (const slot of slots) if (slot.length === 1) ordered.push(...slot.map(({ list }) => list));
    for (const slot of slots.toReversed()) {
      if (slot.length < 2) continue;
      if (shift >= 30) ordered.push(...slot.map(({ list }) => list));
      else nodes.push({ shift: shift + 5, entries: slot });
    }
  }
  return ordered;
}

/** Java's hash of a list, and of what may stand in one; values of other kinds all hash to 0. */
function hashList(values: readonly Json[]): number {
  let hash = 1;
  for (const value of values) hash = (Math.imul(31, hash) + hashValue(value)) | 0;
  return hash;
}

function hashValue(value: Json): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return (value | 0) ^ (Math.floor(value / 2 ** 32) | 0);
  }
  if (typeof value !== 'string') return 0;
  let hash = 0;
  for (let index = 0; index < value.length; index++) hash = (Math.imul(31, hash) + value.charCodeAt(index)) | 0;
  return hash;
}

function spread(hash: number): number {
  const once = hash ^ (hash >>> 20) ^ (hash >>> 12);
  return once ^ (once >>> 7) ^ (once >>> 4);
}
