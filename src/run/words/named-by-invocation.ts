/**
 * Converts results for sentences and pictures: each quoted operation gets the number by which it is named, the index of
 * its invocation. Stored results keep the indexes of the quoted entries, as upstream has them.
 */
import { isOp } from '../../checkers/checker.ts';
import type { NumberOf } from '../../history/operation-names.ts';

/** Keys of lists of plain indexes, from cycles that are too large to be named. */
const LISTS_OF_INDEXES: ReadonlySet<string> = new Set(['scc', 'operations']);

/** Returns the same value if it quotes no operation; unchanged parts are shared. */
export function namedByInvocation<Value>(value: Value, numberOf: NumberOf | undefined): Value {
  // The type is unchanged: only numbers are replaced, by numbers.
  return numberOf === undefined ? value : (named(value, numberOf) as Value);
}

function named(value: unknown, numberOf: NumberOf): unknown {
  if (Array.isArray(value)) return rebuilt(value, (item) => named(item, numberOf));
  if (!isPlain(value)) return value;
  if (isOp(value)) {
    const index = typeof value.index === 'number' ? numberOf(value.index) : value.index;
    return index === value.index ? value : { ...value, index };
  }
  let changed: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const after =
      LISTS_OF_INDEXES.has(key) && Array.isArray(item)
        ? rebuilt(item, (one) => (typeof one === 'number' ? numberOf(one) : named(one, numberOf)))
        : named(item, numberOf);
    if (after !== item) {
      changed ??= { ...value };
      changed[key] = after;
    }
  }
  return changed ?? value;
}

function rebuilt(list: readonly unknown[], each: (item: unknown) => unknown): readonly unknown[] {
  const after = list.map(each);
  return after.some((item, at) => item !== list[at]) ? after : list;
}

/** EDN values that JSON lacks are instances of classes. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
