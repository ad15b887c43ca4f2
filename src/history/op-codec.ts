/**
 * Converts one operation to one line of text, in the three formats of a history.
 *
 *   history.jsonl   {"index":0,"time":123,"type":"invoke","process":0,"f":"read","value":null}
 *   history.edn     {:index 0, :time 123, :type :invoke, :process 0, :f :read, :value nil}
 *   history.txt     0  :invoke  :read  nil      (process, type, f, value, error, separated by tabs)
 *
 * EDN has keywords where Jepsen writes keywords: type, f, the functions of micro-operations, error words. Objects keep
 * their keys as strings. Hot: called for every operation of a run, 1 us for a small value.
 */
import { isKeywordName, writeJsonAsEdn } from '../edn/json-to-edn.ts';
import { readEdn } from '../edn/edn-reader.ts';
import type { Edn } from '../edn/edn-value.ts';
import { writeEdnString } from '../edn/edn-text.ts';
import { plainText } from '../protocol/shown-text.ts';
import { isJsonArray, isJsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { isTransactional } from './micro-ops.ts';
import type { Op } from './op.ts';

/** Returns the line of history.jsonl, without newline. */
export function opToJsonLine(op: Op): string {
  return jsonLine(op, stringifyJson(op.value));
}

/** Returns the line of history.edn, as Jepsen writes it. */
export function opToEdnLine(op: Op): string {
  return ednLine(op, valueAsEdn(op, stringifyJson(op.value)));
}

/** Returns the line of history.txt: process, type, f, value, error, separated by tabs. */
export function opToTxtLine(op: Op): string {
  return txtLine(op, valueAsEdn(op, stringifyJson(op.value)));
}

/** Returns an operation as an EDN value, for results. It is read from the EDN line, so that keywords are decided in one place. */
export function opToEdn(op: Op): Edn {
  return readEdn(opToEdnLine(op));
}

/** The three lines of an operation, for which the value is converted to text only once. */
export interface OpLines {
  readonly jsonl: string;
  readonly edn: string;
  readonly txt: string;
}

export function opToLines(op: Op): OpLines {
  const json = stringifyJson(op.value);
  const edn = valueAsEdn(op, json);
  return { jsonl: jsonLine(op, json), edn: ednLine(op, edn), txt: txtLine(op, edn) };
}

function jsonLine(op: Op, value: string): string {
  const { index, time, type, process, f, error, final } = op;
  return (
    `{"index":${index},"time":${time},"type":"${type}","process":${process === 'nemesis' ? '"nemesis"' : process},` +
    `"f":${JSON.stringify(f)},"value":${value}` +
    (error === undefined ? '' : `,"error":${stringifyJson(error)}`) +
    (final === undefined ? '}' : `,"final":${final}}`)
  );
}

function ednLine(op: Op, value: string): string {
  const { index, time, type, process, f, error, final } = op;
  return (
    `{:index ${index}, :time ${time}, :type :${type}, :process ${processAsEdn(process)}, :f ${word(f)}, ` +
    `:value ${value}` +
    (error === undefined ? '' : `, :error ${errorAsEdn(error)}`) +
    (final === undefined ? '}' : `, :final? ${final}}`)
  );
}

function txtLine(op: Op, value: string): string {
  const { type, process, f, error } = op;
  const line = `${processAsEdn(process)}\t:${type}\t${word(f)}\t${value}`;
  return plainText(error === undefined ? line : `${line}\t${errorAsEdn(error)}`);
}

function processAsEdn(process: Op['process']): string {
  return process === 'nemesis' ? ':nemesis' : String(process);
}

/** Writes a word as a keyword if it can be one, else as a string. */
function word(text: string): string {
  return isKeywordName(text) ? `:${text}` : writeEdnString(text);
}

/** True if the JSON of a value is also EDN except for the commas. Long reads of integers are the largest values. */
function isAllIntegers(value: readonly Json[]): boolean {
  for (const item of value) {
    const fits =
      typeof item === 'number' ? Number.isSafeInteger(item) : isJsonArray(item) && isAllIntegers(item);
    if (!fits) return false;
  }
  return true;
}

/** `json` is the value as JSON. */
function valueAsEdn(op: Op, json: string): string {
  const { f, value } = op;
  if (value === null) return 'nil';
  if (op.process === 'nemesis') return nemesisValueAsEdn(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return json;
  if (isJsonArray(value)) {
    if (isTransactional(f)) return `[${value.map(microOpAsEdn).join(' ')}]`;
    if (typeof value[0] === 'number' && isAllIntegers(value)) return json.replaceAll(',', ' ');
  }
  return writeJsonAsEdn(value);
}

/**
 * Writes the target or the outcome of a fault: `:majority`, `:network-healed`, `{"n1" :killed}`,
 * `[:isolated {"n1" #{"n2"}}]`. Node names, in a list or as keys, are strings.
 */
function nemesisValueAsEdn(value: Json): string {
  if (typeof value === 'string') return word(value);
  if (isJsonArray(value)) {
    const [first = null, second = null] = value;
    return value.length === 2 && typeof first === 'string' && isJsonObject(second)
      ? `[${word(first)} ${nodesAsEdn(second)}]`
      : writeJsonAsEdn(value);
  }
  return isJsonObject(value) ? nodesAsEdn(value) : writeJsonAsEdn(value);
}

function nodesAsEdn(byNode: JsonObject): string {
  const entries = Object.entries(byNode).map(([node, value]) => {
    const said =
      isJsonArray(value) && areNames(value)
        ? `#{${value.map(writeJsonAsEdn).join(' ')}}`
        : typeof value === 'string'
          ? word(value)
          : writeJsonAsEdn(value);
    return `${writeEdnString(node)} ${said}`;
  });
  return `{${entries.join(', ')}}`;
}

/** True for distinct node names, which are written as a set. */
const areNames = (items: readonly Json[]): boolean =>
  items.every((item) => typeof item === 'string') && new Set(items).size === items.length;

function microOpAsEdn(microOp: Json): string {
  if (!isJsonArray(microOp) || typeof microOp[0] !== 'string') return writeJsonAsEdn(microOp);
  return `[${microOp.map((part, at) => (at === 0 && typeof part === 'string' ? word(part) : writeJsonAsEdn(part))).join(' ')}]`;
}

/** Writes an error; words, alone or first in an array (`["timeout", ...]`), become keywords. */
export function errorAsEdn(error: Json): string {
  if (typeof error === 'string') return word(error);
  return microOpAsEdn(error);
}
