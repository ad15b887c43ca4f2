/**
 * Results as sentences and pictures read them: each operation that they quote has the number by which it is named, the index of
 * its invocation. What is stored keeps the indexes of the entries quoted, as upstream has them.
 */
import { isOp } from '../../checkers/checker.ts';
import type { NumberOf } from '../../history/operation-names.ts';

/** Lists of bare indexes, of cycles that are too large to be named. */
const LISTS_OF_INDEXES: ReadonlySet<string> = new Set(['scc', 'operations']);

/** The same value where it quotes no operation; of what it holds, the same parts. */
export function namedByInvocation<Value>(value: Value, numberOf: NumberOf | undefined): Value {
  // Rebuilt with the same keys, and numbers in place of numbers.
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

/** Values that EDN has, and JSON has not, are of classes. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
