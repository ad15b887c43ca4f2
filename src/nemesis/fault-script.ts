/**
 * A fault script: an exact schedule as a JSON list, with the fault, start time, nodes and duration of each entry.
 *
 *     [
 *       {"at": 5,  "fault": "partition", "target": [["n1"], ["n2", "n3"]], "for": 10},
 *       {"at": 8,  "fault": "kill",      "target": "primary",              "for": "2500ms"},
 *       {"at": 20, "fault": "slow",      "target": ["n3"],                 "strength": "50ms..2s"}
 *     ]
 *
 * Times count from when requests began, in seconds or with a unit. Without `for` a fault lasts until the end of the
 * requests. `strength` has the syntax of the option with the fault's name, which is also the default. A fault of the
 * user's is named after its file, without the extension.
 */
import type { LatencySpec } from '../network/rules/latency.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { didYouMean } from '../protocol/nearest.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { FaultKind } from './fault.ts';
import { FAULT_KINDS, strengthOf } from './fault-registry.ts';
import type { FaultStrengths } from './fault-strengths.ts';
import { parseDuration } from './parse-duration.ts';
import { NODE_TARGET } from './script-target.ts';

export interface FaultScriptEntry {
  /** Seconds since requests began. */
  readonly at: number;
  /** The name of a kind of fault. */
  readonly fault: string;
  /** The nodes that it hits, in a form that depends on the fault; null if not given. */
  readonly target: Json;
  /** Duration in seconds; undefined means until the end. */
  readonly for?: number;
  /** Strengths that differ from those of the whole run. */
  readonly strengths?: Partial<FaultStrengths>;
  /**
   * The identities, as causes, of the operations that begin and end it. They do not change when other entries are left
   * out.
   */
  readonly labels?: readonly [begin: number, end?: number];
}

export interface FaultScriptContext {
  /** Where the script comes from, for error messages. */
  readonly source: string;
  readonly nodes: readonly string[];
  readonly timeLimitSeconds: number;
  readonly latency: LatencySpec;
  /** Names of the user's faults, which the script may use in addition to those of the registry. */
  readonly own: readonly string[];
}

const FIELDS = ['at', 'fault', 'target', 'for', 'strength'];
const MS_PER_SECOND = 1000;

/** Reads a script. Throws a UserError that names the entry, the field, what was seen, and what is expected. */
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
  // Parsed from JSON.
  const entries = script as readonly Json[];
  return entries.map((entry, index) =>
    new EntryReader(entry, index + 1, withBrought(entries, index, context)).read(),
  );
}

/**
 * Checks entries that were not read from text, but come from a program or a stored file. Throws a UserError as
 * `readFaultScript` does.
 */
export function checkFaultScript(script: readonly FaultScriptEntry[], context: FaultScriptContext): void {
  const entries = script.map(({ fault, target }): Json => ({ fault, target }));
  for (const [index, entry] of entries.entries())
    new EntryReader(entry, index + 1, withBrought(entries, index, context)).readAim();
}

/** Returns the context with the nodes that an entry may hit: those of the test, and those that other entries add. */
function withBrought(
  entries: readonly Json[],
  index: number,
  context: FaultScriptContext,
): FaultScriptContext {
  const brought = entries.flatMap((entry, other) => {
    const name = other === index ? undefined : broughtBy(entry);
    return name === undefined ? [] : [name];
  });
  return { ...context, nodes: [...context.nodes, ...brought] };
}

const EXAMPLE = 'For example: [{"at": 5, "fault": "kill", "target": ["n1"], "for": 2}]';

/** Returns the node that an entry adds to the cluster, as far as that is known before the entry has been checked. */
function broughtBy(entry: Json): string | undefined {
  if (!isJsonObject(entry)) return undefined;
  const kind = FAULT_KINDS.find(({ name }) => name === entry['fault']);
  return kind?.scriptTarget.brings?.(entry['target'] ?? null);
}

/** Whether its target, or a part of it, is the node that leads. */
export function aimsAtPrimary({ target }: FaultScriptEntry): boolean {
  const parts: readonly Json[] = isJsonObject(target) ? Object.values(target) : [target];
  return parts.some((part) => part === 'primary' || part === 'primaries');
}

/** The parts of a fault that an entry needs. */
type Scriptable = Pick<FaultKind, 'kind' | 'name' | 'scriptTarget'>;

class EntryReader {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    entry: unknown,
    private readonly number: number,
    private readonly context: FaultScriptContext,
  ) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      throw new UserError(
        `${this.place()} is ${shown(entry)}; expected an object with the fields ${FIELDS.join(', ')}.`,
      );
    }
    this.fields = { ...entry };
  }

  read(): FaultScriptEntry {
    for (const name of Object.keys(this.fields)) {
      if (FIELDS.includes(name)) continue;
      throw new UserError(
        `${this.place()} has a field ${shown(name)}.${didYouMean(name, FIELDS)}`,
        `There are: ${FIELDS.join(', ')}.`,
      );
    }
    const { timeLimitSeconds } = this.context;
    const at = this.seconds(
      'at',
      `a number of seconds from 0 to ${timeLimitSeconds}, the time limit, or a time such as "1.5s"`,
      (value) => value >= 0 && value < timeLimitSeconds,
    );
    const { kind, target } = this.readAim();
    const { for: lasting, strength } = this.fields;
    return {
      at,
      fault: kind.name,
      target,
      ...(lasting === undefined ? {} : { for: this.lasting(kind) }),
      ...(strength === undefined ? {} : { strengths: this.strengths(kind, strength) }),
    };
  }

  readAim(): { readonly kind: Scriptable; readonly target: Json } {
    const kind = this.fault();
    return { kind, target: this.target(kind) };
  }

  private lasting({ name, kind }: Scriptable): number {
    if (kind === 'change') this.refuse('for', `no such field: ${name} is permanent`);
    const expected = 'a number of seconds above 0, or a time such as "1.5s"';
    return this.seconds('for', expected, (value) => value > 0);
  }

  private strengths({ name }: Scriptable, strength: unknown): Partial<FaultStrengths> {
    const kind = FAULT_KINDS.find((candidate) => candidate.name === name);
    const known = kind === undefined ? undefined : strengthOf(kind);
    if (known === undefined) {
      const tunable = FAULT_KINDS.filter((other) => strengthOf(other) !== undefined);
      return this.refuse(
        'strength',
        `no such field: ${name} has no strength`,
        ` Faults with a strength: ${tunable.map((other) => other.name).join(', ')}.`,
      );
    }
    if (typeof strength !== 'string' && typeof strength !== 'number') {
      return this.refuse('strength', `a value for --${name}, as a number or in quotes`);
    }
    const words = {
      text: String(strength),
      subject: `${this.place()}: the strength of ${name}`,
      write: (text: string) => `"strength": ${Number.isFinite(Number(text)) ? text : JSON.stringify(text)}`,
    };
    return known.read(words, this.context.latency);
  }

  private seconds(field: string, expected: string, accepts: (value: number) => boolean): number {
    const given = this.fields[field];
    const value =
      typeof given === 'string'
        ? parseDuration(`${this.place()}: \`${field}\``, given) / MS_PER_SECOND
        : given;
    if (typeof value === 'number' && Number.isFinite(value) && accepts(value)) return value;
    return this.refuse(field, expected);
  }

  private fault(): Scriptable {
    const name = this.fields['fault'];
    const kinds: readonly Scriptable[] = [
      ...FAULT_KINDS,
      ...this.context.own.map((own): Scriptable => ({
        kind: 'lasting',
        name: own,
        scriptTarget: NODE_TARGET,
      })),
    ];
    const kind = kinds.find((candidate) => candidate.name === name);
    if (kind !== undefined) return kind;
    const names = kinds.map((candidate) => candidate.name);
    return this.refuse(
      'fault',
      `one of ${names.join(', ')}`,
      `${didYouMean(name, names)}${this.howToName(name)}`,
    );
  }

  /** Explains how to use a fault of the user's in a script. */
  private howToName(name: unknown): string {
    const { own } = this.context;
    const isFile = typeof name === 'string' && /[\\/]|\.[cm]?[jt]s$/i.test(name);
    const bare = isFile ? name.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '') : undefined;
    if (bare !== undefined && own.includes(bare))
      return ` Name your own fault without its path: ${shown(bare)}.`;
    const file = isFile ? name : './my-fault.ts';
    const called = bare === undefined ? 'by its file name without the extension' : `as ${shown(bare)}`;
    return ` Load your own fault with --nemesis ${shownText(file, 100)}, and name it here ${called}.`;
  }

  private target({ name, scriptTarget }: Scriptable): Json {
    // Parsed from JSON.
    const target = (this.fields['target'] ?? null) as Json;
    if (scriptTarget.accepts(target, this.context.nodes)) return target;
    return this.refuse(
      'target',
      `for ${name} ${scriptTarget.expected}`,
      ` The nodes are ${this.context.nodes.join(', ')}.`,
    );
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
