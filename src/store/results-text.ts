/**
 * Results as text: results.json and results.edn hold the same keys, in EDN as keywords. What is undefined is left out;
 * integers keep every digit.
 */
import { isOp, type CheckResult, type ResultValue } from '../checkers/checker.ts';
import { jsonToEdn, type JsonLike } from '../edn/json-to-edn.ts';
import { EdnMap, type Edn } from '../edn/edn-value.ts';
import { writePrettyEdn } from '../edn/pretty-edn.ts';
import { opToEdn } from '../history/op-codec.ts';
import { JsonNumber, RichValue, stringifyJson, type Json } from '../protocol/json.ts';

export function resultsToJson(results: CheckResult): string {
  return `${indented(results, '')}\n`;
}

export function resultsToEdnText(results: CheckResult): string {
  return `${writePrettyEdn(resultsToEdn(results))}\n`;
}

/** Keys become keywords; so do the words which are keywords in Jepsen's results: `:unknown`, and an operation's `:type` and `:f`. */
export function resultsToEdn(results: CheckResult): Edn {
  // An Op is a plain object of JSON; only its type has no index signature.
  return jsonToEdn(results as JsonLike, {
    keys: 'keywords',
    keywordValue: (value, path) => {
      const key = path.at(-1);
      return (key === 'valid?' && value === 'unknown') || key === 'type' || key === 'f';
    },
    object: (value, path) => {
      // Operations of a transactional history may have no f.
      if (isOp(value) && typeof value['f'] === 'string') return opToEdn(value);
      return LATENCIES.has(path.at(-1) ?? '') ? byNumber(value) : undefined;
    },
  });
}

/** Maps from a quantile to a latency, whose keys are numbers. */
const LATENCIES: ReadonlySet<string | number> = new Set(['stable-latencies', 'lost-latencies']);

function byNumber(value: { readonly [key: string]: JsonLike }): Edn {
  const entries = Object.entries(value).map(([key, item]): [number, Edn] => [Number(key), Number(item)]);
  return new EdnMap(entries.sort(([a], [b]) => a - b));
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
    // ResultValue's arrays hold ResultValues.
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
