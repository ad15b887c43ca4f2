/** Adds a value to the group of that key, creating the group if needed. */
export function addTo<Key, Value>(groups: Map<Key, Value[]>, key: Key, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** Returns the items by key, in the order of first occurrence. */
export function groupedBy<Key, Value>(
  items: Iterable<Value>,
  keyOf: (item: Value) => Key,
): ReadonlyMap<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const item of items) addTo(groups, keyOf(item), item);
  return groups;
}
