/**
 * The states that nodes reported, as columns: for each field of each node when it changed, and its new value. Grows
 * with the file. Values are numbered by field in the order of first occurrence, so that a value keeps its colour.
 */
import { Float64Column, Int32Column } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import { upperBound } from '../../columns/lower-bound.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { stateChangeIn, type StateChange } from '../../protocol/state-change.ts';
import { textOf, type RunFile } from '../run-source.ts';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
/** Bounds beyond what a run writes. */
const MOST_FIELDS = 1000;
const MOST_CHANGES = 5_000_000;

/** The node has no such field at that time. */
export const NONE = -1;

/** One field of one node. */
export class StateSeries {
  readonly times = new Float64Column();
  /** Numbers of values of the field, or NONE. */
  readonly values = new Int32Column();

  /** Returns the row that applies at that time; -1 before the first. */
  rowAt(time: number): number {
    return upperBound(this.times.values, time, this.times.length) - 1;
  }

  valueAt(time: number): number {
    return this.valueOf(this.rowAt(time));
  }

  valueOf(row: number): number {
    return row < 0 ? NONE : this.values.at(row);
  }
}

export class StateField {
  /** For display. */
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(readonly name: string) {}

  number(value: Json): number {
    const json = stringifyJson(value);
    const known = this.numbers.get(json);
    if (known !== undefined) return known;
    const number = this.texts.push(typeof value === 'string' ? value : json) - 1;
    this.numbers.set(json, number);
    return number;
  }

  text(number: number): string | null {
    return number === NONE ? null : present(this.texts[number]);
  }
}

export interface NodeStates {
  /** Indexed by the number of the field. */
  readonly fields: Map<number, StateSeries>;
  /** Times of changes of any field. */
  readonly changes: Float64Column;
  /** The time from which on nothing is kept. */
  cut: number | undefined;
}

/** Times are those of the file. */
export class StateColumns {
  readonly fields: StateField[] = [];
  readonly nodes = new Map<string, NodeStates>();
  count = 0;
  /** The zero of the run's time on the file's clock. */
  zeroNanos = 0;
  private readonly numbers = new Map<string, number>();
  private offset = 0;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly file: RunFile,
    private readonly zero: () => number,
  ) {}

  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  fieldNumber(name: string): number | undefined {
    return this.numbers.get(name);
  }

  private read(): Promise<void> {
    this.zeroNanos = this.zero();
    return this.file.scan(async (file) => {
      const chunk = new Uint8Array(CHUNK_BYTES);
      while (this.count < MOST_CHANGES) {
        const bytes = chunk.subarray(0, await file.read(chunk, this.offset));
        const end = bytes.lastIndexOf(NEWLINE);
        // A line that fills the chunk was not written by a run.
        if (end === -1) return;
        for (const line of textOf(bytes.subarray(0, end)).split('\n')) {
          const change = stateChangeIn(line);
          if (change !== undefined) this.take(change);
        }
        this.offset += end + 1;
      }
    });
  }

  private take(change: StateChange): void {
    const { node, time } = change;
    let states = this.nodes.get(node);
    if (states === undefined) {
      states = { fields: new Map(), changes: new Float64Column(), cut: undefined };
      this.nodes.set(node, states);
    }
    const { fields, changes } = states;
    // Searching requires ascending times, as in a file written by a run.
    if (changes.length > 0 && changes.at(changes.length - 1) > time) return;
    this.count++;
    changes.push(time);
    if (change.kind === 'set') {
      for (const [name, value] of Object.entries(change.fields)) this.set(fields, { name, value, time });
      return;
    }
    if (change.kind === 'cut') states.cut ??= time;
    for (const series of fields.values()) {
      if (series.valueOf(series.times.length - 1) === NONE) continue;
      series.times.push(time);
      series.values.push(NONE);
    }
  }

  private set(fields: NodeStates['fields'], { name, value, time }: SetField): void {
    const number = this.numbers.get(name) ?? this.addField(name);
    if (number === undefined) return;
    let series = fields.get(number);
    if (series === undefined) fields.set(number, (series = new StateSeries()));
    series.times.push(time);
    series.values.push(value === null ? NONE : present(this.fields[number]).number(value));
  }

  private addField(name: string): number | undefined {
    if (this.fields.length >= MOST_FIELDS) return undefined;
    const number = this.fields.push(new StateField(name)) - 1;
    this.numbers.set(name, number);
    return number;
  }
}

interface SetField {
  readonly name: string;
  readonly value: Json;
  readonly time: number;
}
