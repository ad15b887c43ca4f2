/**
 * What Clojure's reader refuses although it is EDN: a map with the same key twice, or a set with the same element, where
 * fractions are doubles, 0.0 equals -0.0, and a list equals a vector.
 */
import { EdnList, EdnMap, EdnSet, EdnTagged, writeEdn, type Edn } from '../../src/edn/edn-value.ts';
import { JsonNumber } from '../../src/protocol/json.ts';

/** Returns the keys and elements that occur twice, as texts. */
export function refusedByClojure(value: Edn): readonly string[] {
  if (value instanceof EdnMap)
    return [
      ...twice(value.entries.map(([key]) => key)),
      ...value.entries.flatMap(([key, item]) => [...refusedByClojure(key), ...refusedByClojure(item)]),
    ];
  if (value instanceof EdnSet) return [...twice(value.items), ...value.items.flatMap(refusedByClojure)];
  if (value instanceof EdnTagged) return refusedByClojure(value.value);
  return itemsOf(value)?.flatMap(refusedByClojure) ?? [];
}

function twice(values: readonly Edn[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(readingOf(value)).size).map(writeEdn);
}

/** A text that is the same for values that are equal in Clojure. */
function readingOf(value: Edn): string {
  if (value instanceof JsonNumber || (typeof value === 'number' && !Number.isInteger(value)))
    return `double ${Number(value instanceof JsonNumber ? value.text : value)}`;
  if (value instanceof EdnMap)
    return `{${value.entries
      .map(([key, item]) => `${readingOf(key)} ${readingOf(item)}`)
      .toSorted()
      .join(', ')}}`;
  if (value instanceof EdnSet) return `#{${value.items.map(readingOf).toSorted().join(' ')}}`;
  if (value instanceof EdnTagged) return `#${value.tag} ${readingOf(value.value)}`;
  const items = itemsOf(value);
  return items === undefined ? writeEdn(value) : `[${items.map(readingOf).join(' ')}]`;
}

const itemsOf = (value: Edn): readonly Edn[] | undefined =>
  value instanceof EdnList ? value.items : Array.isArray(value) ? (value as readonly Edn[]) : undefined;
