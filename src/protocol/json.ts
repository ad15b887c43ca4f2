/**
 * JSON that loses nothing that matters to a distributed system: the table of contents.
 *
 * Values: json/json-value.ts, and the numbers among them: json/json-decimal.ts. Reading: json/json-reader.ts. Writing:
 * json/json-writer.ts. Equality and order: json/json-order.ts.
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
} from './json/json-value.ts';
export { wholeNumberOf } from './json/json-decimal.ts';
export { parseJson } from './json/json-reader.ts';
export { stringifyJson, valueText } from './json/json-writer.ts';
export { canonicalJson, compareJson, jsonEquals } from './json/json-order.ts';
