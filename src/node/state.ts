/**
 * What a node says of its state, for those who look at a run: which role it has, which term it is in. A line on stderr, which Maelstrom
 * keeps with its time. Only fields that have changed are written.
 */
import { stringify } from './json.ts';
import type { Sendable } from './message.ts';

/** Fields of a node's state. One that is null is a field that the node has no more. */
export type StateFields = { readonly [field: string]: Sendable | undefined };

/** Longer values are cut. */
const LONGEST_VALUE = 400;

export class SaidState {
  private readonly said = new Map<string, string>();

  /** The line that says what has changed; undefined when nothing has. */
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

/** What is no JSON, and what is too long, becomes a text. */
function bounded(value: Sendable): Sendable {
  try {
    const text = typeof value === 'string' ? value : stringify(value);
    return text.length <= LONGEST_VALUE ? value : `${text.slice(0, LONGEST_VALUE)}…`;
  } catch (error) {
    return `no JSON: ${String(error)}`;
  }
}
