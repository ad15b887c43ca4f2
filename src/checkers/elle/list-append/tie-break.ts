/**
 * Chooses which of several equally long lists counts as a key's order when they disagree.
 *
 * Any choice is as good as another: the key's reads contradict each other, and that is reported. But the choice decides
 * which further cycles appear. To make results comparable with Elle's, lists are put in the order in which Elle meets
 * them, that of the hash trie that holds them there (five bits of the hash per level; first collisions on a level,
 * descending, then single entries, ascending).
 */
import type { Json } from '../../../protocol/json.ts';

interface Entry<List> {
  readonly list: List;
  readonly hash: number;
}

/** Returns the lists in the order of that trie. */
export function inTrieOrder<List>(lists: readonly List[], valuesOf: (list: List) => readonly Json[]): List[] {
  const entries = lists.map((list) => ({ list, hash: spread(hashList(valuesOf(list))) }));
  return walkTrie(entries, 0).map(({ list }) => list);
}

function walkTrie<List>(entries: readonly Entry<List>[], shift: number): readonly Entry<List>[] {
  if (shift > 30) return entries;
  const slots = Array.from({ length: 32 }, (): Entry<List>[] => []);
  for (const entry of entries) slots[(entry.hash >>> shift) & 31]?.push(entry);
  const below = slots.toReversed().filter((slot) => slot.length > 1);
  return [
    ...below.flatMap((slot) => walkTrie(slot, shift + 5)),
    ...slots.filter(({ length }) => length === 1).flat(),
  ];
}

/** Java's hash of a list and of its numbers and strings; values of other kinds all hash to 0. */
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
  for (let index = 0; index < value.length; index++)
    hash = (Math.imul(31, hash) + value.charCodeAt(index)) | 0;
  return hash;
}

function spread(hash: number): number {
  const once = hash ^ (hash >>> 20) ^ (hash >>> 12);
  return once ^ (once >>> 7) ^ (once >>> 4);
}
