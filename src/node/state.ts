/**
 * A node's reports of its state, for people who look at a run: its role, its term. Each is a line on stderr, which
 * Maelstrom records with its time. Only changed fields are written.
 */
import { stringify } from './json.ts';
import type { Sendable } from './message.ts';

/** Fields of a node's state. A null removes a field. */
export type StateFields = { readonly [field: string]: Sendable | undefined };

/** Longer values are truncated. */
const LONGEST_VALUE = 400;

export class SaidState {
  private readonly said = new Map<string, string>();

  /** Returns the line with the changed fields, or undefined if nothing has changed. */
  line(fields: StateFields): string | undefined {
    let changed = '';
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined || field === 'maelstrom') continue;
      const json = boundedJson(value);
      if (this.said.get(field) === json) continue;
      this.said.set(field, json);
      changed += `,${stringify(field)}:${json}`;
    }
    return changed === '' ? undefined : `{"maelstrom":"state"${changed}}`;
  }
}

/** Returns the value as JSON: as a text if it is not JSON or too long. */
function boundedJson(value: Sendable): string {
  try {
    const json = stringify(value);
    const text = typeof value === 'string' ? value : json;
    return text.length <= LONGEST_VALUE ? json : stringify(`${text.slice(0, LONGEST_VALUE)}…`);
  } catch (error) {
    return stringify(`no JSON: ${String(error)}`);
  }
}
