/**
 * States that nodes report on lines of their stderr that are JSON objects (docs/writing-nodes.md, "Its state"):
 *
 *     {"maelstrom": "state", "role": "leader", "term": 3}
 *
 * The given fields replace their previous values, and all others stay; null removes a field. Only changes are kept,
 * within bounds: a node that reports its state a million times fills neither memory nor disk.
 */
import type { ViolationLog } from '../../network/violations.ts';
import { isJsonObject, parseJson, stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { saysState, type StateChange } from '../../protocol/state-change.ts';
import type { MarkedLine } from '../../world/world.ts';

/** Maximum number of fields of one node over the whole run. */
export const MOST_FIELDS = 32;
export const LONGEST_FIELD = 60;
/** Maximum length of a value as JSON; of a longer one the beginning is kept as a text. */
export const LONGEST_VALUE = 400;
/** Maximum number of changes kept for one node. */
export const MOST_CHANGES = 50_000;
/** Maximum number of characters kept: for one node, and for all nodes together. */
const MOST_OF_NODE = 8 << 20;
const MOST_OF_ALL = 64 << 20;
/** Approximate length of a line without its fields. */
const LINE_CHARACTERS = 60;

interface NodeState {
  isRunning: boolean;
  isCut: boolean;
  /** Indexed by name: the field's value as JSON. */
  readonly fields: Map<string, string>;
  /** All field names that the node ever used. */
  readonly names: Set<string>;
  changes: number;
  characters: number;
}

export interface StateLimits {
  readonly changes: number;
  readonly ofNode: number;
  readonly ofAll: number;
}

export interface StateRecordOptions {
  /** Receives lines that cannot be read. */
  readonly violations: ViolationLog;
  readonly log: (line: string) => void;
  readonly onChange: (change: StateChange) => void;
  readonly limits?: StateLimits;
}

const LIMITS: StateLimits = { changes: MOST_CHANGES, ofNode: MOST_OF_NODE, ofAll: MOST_OF_ALL };

export class StateRecord {
  private readonly nodes = new Map<string, NodeState>();
  private characters = 0;
  private readonly limits: StateLimits;

  constructor(private readonly options: StateRecordOptions) {
    this.limits = options.limits ?? LIMITS;
  }

  /** Called when a process of that node starts: it has not reported a state yet. */
  began(node: string): void {
    const state = this.nodes.get(node);
    if (state !== undefined) state.isRunning = true;
  }

  /** Called when its process has ended; lines that it printed before and that are read later no longer count. */
  ended(node: string, nanos: number): void {
    const state = this.of(node);
    state.isRunning = false;
    if (state.fields.size === 0) return;
    state.fields.clear();
    if (!state.isCut) this.options.onChange({ node, time: nanos, kind: 'end' });
  }

  /** Reads a marked line of that node. Returns false if it is not a state, and so may be an assertion. */
  read(node: string, line: MarkedLine): boolean {
    const isKey = line.by === 'key';
    if (line.kind === 'too-long') {
      if (isKey) this.refuse(node, line.beginning, `is longer than ${line.limitBytes} bytes`);
      return isKey;
    }
    if (!isKey && !line.text.includes('"maelstrom"')) return false;
    let value: Json;
    try {
      value = parseJson(line.text);
    } catch (error) {
      // Otherwise the object may be the program's own and have such a key by chance.
      if (isKey && saysState(line.text))
        this.refuse(node, line.text, `is not JSON (${shownText(String(error))})`);
      return isKey;
    }
    if (!isJsonObject(value) || value['maelstrom'] !== 'state') return isKey;
    this.take(node, value, line);
    return true;
  }

  private take(node: string, said: { readonly [field: string]: Json }, { text, nanos }: StateLine): void {
    const state = this.of(node);
    if (!state.isRunning) return;
    const changed: [string, Json][] = [];
    let characters = LINE_CHARACTERS;
    for (const [field, value] of Object.entries(said)) {
      if (field === 'maelstrom') continue;
      if (field === '' || field.length > LONGEST_FIELD) {
        this.refuse(node, text, `has a field of ${field.length} characters; expected 1 to ${LONGEST_FIELD}`);
        continue;
      }
      if (!state.names.has(field) && state.names.size >= MOST_FIELDS) {
        this.refuse(node, text, `has a field beyond the first ${MOST_FIELDS} of this node`);
        continue;
      }
      const [kept, json] = bounded(value);
      if (state.fields.get(field) === json || (value === null && !state.fields.has(field))) continue;
      if (value === null) state.fields.delete(field);
      else state.fields.set(field, json);
      state.names.add(field);
      changed.push([field, kept]);
      characters += field.length + json.length + 4;
    }
    if (changed.length > 0 && !state.isCut && this.hasRoom(node, state, characters, nanos))
      this.options.onChange({ node, time: nanos, kind: 'set', fields: Object.fromEntries(changed) });
  }

  private hasRoom(node: string, state: NodeState, characters: number, nanos: number): boolean {
    const { changes, ofNode, ofAll } = this.limits;
    const isFull =
      state.changes + 1 > changes ||
      state.characters + characters > ofNode ||
      this.characters + characters > ofAll;
    if (isFull) {
      state.isCut = true;
      this.options.onChange({ node, time: nanos, kind: 'cut' });
      this.options.log(`${node} has changed its state ${state.changes} times; later changes are not kept.`);
      return false;
    }
    state.changes++;
    state.characters += characters;
    this.characters += characters;
    return true;
  }

  private of(node: string): NodeState {
    let state = this.nodes.get(node);
    if (state === undefined) {
      const empty = { fields: new Map<string, string>(), names: new Set<string>() };
      state = { isRunning: true, isCut: false, ...empty, changes: 0, characters: 0 };
      this.nodes.set(node, state);
    }
    return state;
  }

  private refuse(node: string, text: string, problem: string): void {
    this.options.violations.record(node, 'bad-state', 0, () => ({
      message:
        `A line on ${node}'s stderr, which should report its state, ${problem}. That part is ignored. ` +
        `Expected: {"maelstrom": "state", "role": "leader", "term": 3}`,
      sample: shownText(text, 200),
    }));
  }
}

interface StateLine {
  readonly text: string;
  readonly nanos: number;
}

/** Returns the value to keep, and its JSON. */
function bounded(value: Json): readonly [Json, string] {
  const json = stringifyJson(value);
  if (json.length <= LONGEST_VALUE) return [value, json];
  const beginning = typeof value === 'string' ? value : json;
  const kept = `${beginning.slice(0, LONGEST_VALUE)}…`;
  return [kept, stringifyJson(kept)];
}
