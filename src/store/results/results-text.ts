/**
 * Results as text: results.json and results.edn have the same keys, in EDN with the types that `result-shapes.ts`
 * declares. Undefined values are omitted; integers keep all digits.
 */
import { boundedResult } from '../../checkers/bounded-result.ts';
import type { CheckResult, ResultValue } from '../../checkers/checker.ts';
import { writePrettyEdn } from '../../edn/pretty-edn.ts';
import { JsonNumber, RichValue, stringifyJson, type Json } from '../../protocol/json.ts';
import { keyResultToEdn, resultsToEdn } from './result-shapes.ts';

export function resultsToJson(results: CheckResult): string {
  return `${indented(boundedResult(results), '')}\n`;
}

/** Writes results as EDN; `checker` is their workload or model, see `resultsToEdn`. */
export function resultsToEdnText(results: CheckResult, checker?: string): string {
  return `${writePrettyEdn(resultsToEdn(results, checker))}\n`;
}

/** Writes the result for one key that is judged separately. */
export function keyResultToEdnText(results: CheckResult): string {
  return `${writePrettyEdn(keyResultToEdn(results))}\n`;
}

function indented(value: ResultValue, indent: string): string {
  if (
    value === null ||
    typeof value !== 'object' ||
    value instanceof JsonNumber ||
    value instanceof RichValue
  )
    return stringifyJson(value as Json);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    // The arrays of a ResultValue contain ResultValues.
    const items = (value as readonly ResultValue[]).map((item) => indented(item ?? null, inner));
    return fits(items, indent)
      ? `[${items.join(', ')}]`
      : `[\n${inner}${items.join(`,\n${inner}`)}\n${indent}]`;
  }
  const entries = Object.entries(value as { readonly [key: string]: ResultValue })
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}: ${indented(item, inner)}`);
  if (entries.length === 0) return '{}';
  return fits(entries, indent) && indent !== ''
    ? `{ ${entries.join(', ')} }`
    : `{\n${inner}${entries.join(`,\n${inner}`)}\n${indent}}`;
}

function fits(items: readonly string[], indent: string): boolean {
  let length = indent.length;
  for (const item of items) {
    length += item.length + 2;
    if (length > 100 || item.includes('\n')) return false;
  }
  return true;
}
