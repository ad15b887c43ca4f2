/**
 * State changes of a node, as they are stored: the fields that it has set, one line of JSON per change, ordered by
 * time.
 *
 *     {"node":"n1","time":20416000000,"set":{"role":"leader","term":3,"vote":null}}     null: the field is removed
 *     {"node":"n1","time":20520000000,"end":true}                                       its process ended
 *     {"node":"n1","time":60416000000,"cut":true}                                       too many changes: later ones are lost
 */
import { isJsonObject, parseJson, stringifyJson, type Json } from './json.ts';
import { unlessThrows } from './unless-throws.ts';

export type StateFields = { readonly [field: string]: Json };

export type StateChange = {
  readonly node: string;
  /** Nanoseconds on the clock of the journal. */
  readonly time: number;
} & ({ readonly kind: 'set'; readonly fields: StateFields } | { readonly kind: 'end' | 'cut' });

/** Matches lines of stderr that report a state; the key may be at any position. */
const STATE = /"maelstrom"\s*:\s*"state"/;
/** The time with which the harness prefixes lines of logs. */
const LABEL = /^(?:start\+)?-?\d+\.\d{3} /;

/** Whether a line of stderr or of a log reports a state, and so is not meant for people. */
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

/** Returns undefined for a line that is not a state change. */
export function stateChangeIn(line: string): StateChange | undefined {
  const read = unlessThrows(() => parseJson(line));
  if (read === undefined || !isJsonObject(read)) return undefined;
  const { node, time, set, end, cut } = read;
  if (typeof node !== 'string' || typeof time !== 'number') return undefined;
  if (set !== undefined && isJsonObject(set)) return { node, time, kind: 'set', fields: set };
  if (end === true) return { node, time, kind: 'end' };
  return cut === true ? { node, time, kind: 'cut' } : undefined;
}
