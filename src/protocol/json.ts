/**
 * JSON that loses nothing that matters to a distributed system: the table of contents.
 *
 * Values: json-value.ts, and the numbers among them: json-decimal.ts. Reading: json-reader.ts. Writing: json-writer.ts.
 * Equality and order: json-order.ts.
 */
export {
  JsonNumber,
  RichValue,
  elementsOf,
  entriesOf,
  isJsonArray,
  isJsonInteger,
  jsonInteger,
  isJsonObject,
  wordOf,
  type Json,
  type JsonScalar,
  type JsonObject,
} from './json-value.ts';
export { wholeNumberOf } from './json-decimal.ts';
export { parseJson } from './json-reader.ts';
export { stringifyJson, valueText } from './json-writer.ts';
export { canonicalJson, compareJson, jsonEquals } from './json-order.ts';
