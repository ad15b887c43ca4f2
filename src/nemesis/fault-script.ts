/**
 * A fault script: a story told exactly, as a JSON list of what goes wrong when, to whom, and for how long.
 *
 *     [
 *       {"at": 5,  "fault": "partition", "target": [["n1"], ["n2", "n3"]], "for": 10},
 *       {"at": 8,  "fault": "kill",      "target": ["n2"],                 "for": 2.5},
 *       {"at": 20, "fault": "pause",     "target": "one"}
 *     ]
 *
 * Times are seconds since requests began. Without `for` a fault lasts until the end of the requests.
 */
import type { Json } from '../protocol/json.ts';
import { nearest } from '../protocol/nearest.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { FaultKind } from './fault-package.ts';
import { FAULT_KINDS } from './fault-registry.ts';

export interface FaultScriptEntry {
  /** Seconds since requests began. */
  readonly at: number;
  /** A kind of fault by name. */
  readonly fault: string;
  /** Whom it hits; what this may be depends on the fault. null when not given. */
  readonly target: Json;
  /** Seconds; undefined for until the end. */
  readonly for?: number;
}

export interface FaultScriptContext {
  /** Where the script comes from, for messages. */
  readonly source: string;
  readonly nodes: readonly string[];
  readonly timeLimitSeconds: number;
}

const FIELDS = ['at', 'fault', 'target', 'for'];

/** Reads a script. Throws a UserError that names the entry, the field, what stands there, and what is expected. */
export function readFaultScript(text: string, context: FaultScriptContext): readonly FaultScriptEntry[] {
  const { source } = context;
  let script: unknown;
  try {
    script = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${source} is not JSON: ${(error as Error).message}.`, EXAMPLE);
  }
  if (!Array.isArray(script)) {
    throw new UserError(`${source} holds ${shown(script)}; expected a list of faults.`, EXAMPLE);
  }
  return script.map((entry: unknown, index) => new EntryReader(entry, index + 1, context).read());
}

const EXAMPLE = 'For example: [{"at": 5, "fault": "kill", "target": ["n1"], "for": 2}]';

/** The kinds of fault that a script may name. */
export function scriptableFaults(): readonly FaultKind[] {
  return FAULT_KINDS.filter(({ scriptTarget }) => scriptTarget !== undefined);
}

class EntryReader {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    entry: unknown,
    private readonly number: number,
    private readonly context: FaultScriptContext,
  ) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      throw new UserError(
        `${this.place()} is ${shown(entry)}; expected an object with ${FIELDS.join(', ')}.`,
      );
    }
    this.fields = { ...entry };
  }

  read(): FaultScriptEntry {
    for (const name of Object.keys(this.fields)) {
      if (FIELDS.includes(name)) continue;
      const near = nearest(name, FIELDS);
      throw new UserError(
        `${this.place()} has a field ${shown(name)}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        `There are: ${FIELDS.join(', ')}.`,
      );
    }
    const { timeLimitSeconds } = this.context;
    const at = this.seconds(
      'at',
      `a number of seconds from 0 to ${timeLimitSeconds}, the time limit`,
      (value) => {
        return value >= 0 && value < timeLimitSeconds;
      },
    );
    const kind = this.fault();
    const target = this.target(kind);
    if (this.fields['for'] === undefined) return { at, fault: kind.name, target };
    const lasting = this.seconds('for', 'a number of seconds above 0', (value) => value > 0);
    return { at, fault: kind.name, target, for: lasting };
  }

  private seconds(field: string, expected: string, accepts: (value: number) => boolean): number {
    const value = this.fields[field];
    if (typeof value === 'number' && Number.isFinite(value) && accepts(value)) return value;
    return this.refuse(field, expected);
  }

  private fault(): FaultKind {
    const known = scriptableFaults();
    const name = this.fields['fault'];
    const kind = known.find((candidate) => candidate.name === name);
    if (kind !== undefined) return kind;
    const names = known.map((candidate) => candidate.name);
    const near = typeof name === 'string' ? nearest(name, names) : undefined;
    return this.refuse(
      'fault',
      `one of ${names.join(', ')}`,
      near === undefined ? '' : ` Did you mean ${near}?`,
    );
  }

  private target({ name, scriptTarget }: FaultKind): Json {
    // It was parsed from JSON.
    const target = (this.fields['target'] ?? null) as Json;
    if (scriptTarget?.accepts(target, this.context.nodes) === true) return target;
    const expected = `for ${name} ${scriptTarget?.expected ?? 'nothing'}`;
    return this.refuse('target', expected, ` The nodes are ${this.context.nodes.join(', ')}.`);
  }

  private refuse(field: string, expected: string, more = ''): never {
    const value = this.fields[field];
    const seen = value === undefined ? `has no \`${field}\`` : `has \`${field}\` ${shown(value)}`;
    throw new UserError(`${this.place()} ${seen}; expected ${expected}.${more}`);
  }

  private place(): string {
    return `${this.context.source}: entry ${this.number}`;
  }
}

const shown = (value: unknown): string => shownText(JSON.stringify(value), 200);
