/** Makes operations of what was read from a file, checking each field: a history may come from anywhere. */
import { EdnMap, EdnTagged, ednToJson, ednToValue, type Edn } from '../edn/edn-value.ts';
import { shownJson } from '../protocol/explain-line.ts';
import { isJsonObject, parseJson, type Json } from '../protocol/json.ts';
import { HistoryError } from './history-error.ts';
import { isTransactional, withNamedMicroOps } from './micro-ops.ts';
import type { Op, OpType, Process } from './op.ts';

/**
 * Reads a line of history.jsonl. Throws `SyntaxError` when it is no JSON, `HistoryError` when it is no operation. What
 * `opFromJson` fills in is filled in.
 */
export function parseOpLine(line: string, position = 0, defaultF?: string): Op {
  return opFromJson(parseJson(line), position, defaultF);
}

/** Makes an operation of a JSON object. Where index or time are missing they are the position and 0; f, the default. */
export function opFromJson(value: Json, position: number, defaultF?: string): Op {
  if (!isJsonObject(value)) throw new HistoryError(`expected an operation, saw ${shownJson(value)}`);
  const { final } = value;
  return {
    index: countOf(value['index'], 'index', position),
    time: countOf(value['time'], 'time', 0),
    type: typeOf(value['type']),
    process: processOf(value['process']),
    f: wordOf(value['f'] ?? defaultF),
    value: value['value'] ?? null,
    ...(value['error'] === undefined || value['error'] === null ? {} : { error: value['error'] }),
    ...(typeof final === 'boolean' ? { final } : {}),
  };
}

/** Makes an operation of an EDN map, plain or tagged `#jepsen.history.Op`, as `opFromJson` does. */
export function opFromEdn(form: Edn, position: number, defaultF?: string): Op {
  const map = form instanceof EdnTagged ? form.value : form;
  if (!(map instanceof EdnMap))
    throw new HistoryError(`expected an operation, saw ${shownJson(ednToJson(form))}`);
  const fields: Record<string, Json> = {};
  for (const name of ['index', 'time', 'type', 'process', 'f', 'error']) {
    const field = map.get(name);
    if (field !== undefined) fields[name] = ednToJson(field);
  }
  const value = ednToValue(map.get('value') ?? null);
  fields['value'] = isTransactional(fields['f'] ?? defaultF) ? withNamedMicroOps(value) : value;
  const final = map.get('final?') ?? map.get('final');
  return opFromJson(typeof final === 'boolean' ? { ...fields, final } : fields, position, defaultF);
}

function countOf(value: Json | undefined, name: string, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new HistoryError(`\`${name}\` is ${shownJson(value)}; expected an integer`);
}

function typeOf(value: Json | undefined): OpType {
  if (value === 'invoke' || value === 'ok' || value === 'fail' || value === 'info') return value;
  throw new HistoryError(`\`type\` is ${shownJson(value)}; expected invoke, ok, fail or info`);
}

function processOf(value: Json | undefined): Process {
  if (value === 'nemesis' || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  throw new HistoryError(`\`process\` is ${shownJson(value)}; expected an integer or nemesis`);
}

function wordOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new HistoryError(`\`f\` is ${shownJson(value)}; expected the name of an operation`);
}
