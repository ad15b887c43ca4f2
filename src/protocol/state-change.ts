/**
 * What a node has said of its state, as it is kept: which fields it set, one line of JSON for each change, in the order of time.
 *
 *     {"node":"n1","time":20416000000,"set":{"role":"leader","term":3,"vote":null}}     null: there is no such field any more
 *     {"node":"n1","time":20520000000,"end":true}                                       its process ended
 *     {"node":"n1","time":60416000000,"cut":true}                                       it said too much: nothing is kept from here on
 */
import { isJsonObject, parseJson, stringifyJson, type Json } from './json.ts';

export type StateFields = { readonly [field: string]: Json };

export type StateChange = {
  readonly node: string;
  /** On the clock of the journal. */
  readonly time: number;
} & ({ readonly kind: 'set'; readonly fields: StateFields } | { readonly kind: 'end' | 'cut' });

/** What lines of stderr begin with, or have in them, that say a state: the key stands first or anywhere. */
const STATE = /"maelstrom"\s*:\s*"state"/;
/** As the harness puts the time before the lines of logs. */
const LABEL = /^(?:start\+)?-?\d+\.\d{3} /;

/** Whether a line of stderr or of a log says a state, and so is none for people. */
export function saysState(line: string): boolean {
  if (!line.includes('"maelstrom"')) return false;
  const said = line.replace(LABEL, '');
  return said.startsWith('{') && STATE.test(said);
}

export function stateLine(change: StateChange): string {
  const { node, time, kind } = change;
  const said = kind === 'set' ? { set: change.fields } : { [kind]: true };
  return `${stringifyJson({ node, time, ...said })}\n`;
}

/** Undefined for a line that is none of ours. */
export function stateChangeIn(line: string): StateChange | undefined {
  let read: Json;
  try {
    read = parseJson(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(read)) return undefined;
  const { node, time, set, end, cut } = read;
  if (typeof node !== 'string' || typeof time !== 'number') return undefined;
  if (set !== undefined && isJsonObject(set)) return { node, time, kind: 'set', fields: set };
  if (end === true) return { node, time, kind: 'end' };
  return cut === true ? { node, time, kind: 'cut' } : undefined;
}
