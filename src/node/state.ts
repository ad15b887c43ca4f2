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
    const changed: [string, Sendable][] = [];
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined || field === 'maelstrom') continue;
      const kept = bounded(value);
      const json = stringify(kept);
      if (this.said.get(field) === json) continue;
      this.said.set(field, json);
      changed.push([field, kept]);
    }
    if (changed.length === 0) return undefined;
    return stringify({ maelstrom: 'state', ...Object.fromEntries(changed) });
  }
}

/** Turns a value that is not JSON or too long into a text. */
function bounded(value: Sendable): Sendable {
  try {
    const text = typeof value === 'string' ? value : stringify(value);
    return text.length <= LONGEST_VALUE ? value : `${text.slice(0, LONGEST_VALUE)}…`;
  } catch (error) {
    return `no JSON: ${String(error)}`;
  }
}
