/**
 * A longest order in which operations on a register can have taken effect, as in Porcupine's drawings. A bounded
 * depth-first search after Wing and Gong and Lowe, over few operations: it illustrates what the checker has found, and
 * decides nothing.
 *
 *     write 1 |--------|
 *     read 1       |-------|           1: write 1, then the value is 1
 *     read 0                 |----|    2: read 1; read 0 cannot be next
 */
import { jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';

export interface Effect {
  readonly operation: number;
  /** The value of the register after it. */
  readonly after: Json;
}

const MOST_OPERATIONS = 3000;
const MOST_STEPS = 100_000;

/**
 * Returns the order. `operations` are all on one key, in order of invocation; their values are `[key, value]`. Empty if
 * there are too many.
 */
export function longestPrefix(operations: readonly WholeOperation[]): readonly Effect[] {
  const possible = operations.filter(
    ({ invocation, completion }) =>
      completion?.type !== 'fail' && (completion?.type === 'ok' || invocation.f !== 'read'),
  );
  return possible.length > MOST_OPERATIONS ? [] : new Search(possible).run();
}

class Search {
  private readonly isDone: Uint8Array;
  private readonly ends: readonly number[];
  private readonly seen = new Set<string>();
  private readonly path: Effect[] = [];
  private longest: readonly Effect[] = [];
  private mostEnded = -1;
  private ended = 0;
  private steps = 0;
  /** Hash of the set of operations done; each operation toggles a fixed number. */
  private hash = 0;

  constructor(private readonly operations: readonly WholeOperation[]) {
    this.isDone = new Uint8Array(operations.length);
    // An `info` operation may take effect at any time after it began.
    this.ends = operations.map(({ completion }) => (completion?.type === 'ok' ? completion.index : Infinity));
  }

  run(): readonly Effect[] {
    this.from(null, 0);
    return this.longest;
  }

  /** Searches on; `first` is the first operation that is not done. */
  private from(state: Json, first: number): void {
    if (this.ended > this.mostEnded) {
      this.mostEnded = this.ended;
      this.longest = [...this.path];
    }
    const { operations, ends, isDone } = this;
    while (isDone[first] === 1) first++;
    let earliestEnd = Infinity;
    const possible: number[] = [];
    for (let at = first; at < operations.length; at++) {
      const began = operations[at]?.invocation.index ?? Infinity;
      if (began > earliestEnd) break;
      if (isDone[at] === 1) continue;
      earliestEnd = Math.min(earliestEnd, ends[at] ?? Infinity);
      possible.push(at);
    }
    const next = possible
      .filter((at) => (operations[at]?.invocation.index ?? Infinity) < earliestEnd)
      .toSorted((a, b) => (ends[a] ?? Infinity) - (ends[b] ?? Infinity));
    for (const at of next) {
      const operation = operations[at];
      const after = operation === undefined ? undefined : stateAfter(operation, state);
      if (operation === undefined || after === undefined || this.steps++ > MOST_STEPS) continue;
      this.take(at, operation, after.state, first);
    }
  }

  private take(at: number, operation: WholeOperation, after: Json, first: number): void {
    const mark = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(at + 7, 0x85ebca6b);
    this.hash ^= mark;
    const key = `${this.hash} ${this.path.length + 1} ${valueText(after)}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      const isEnded = operation.completion?.type === 'ok';
      this.isDone[at] = 1;
      this.path.push({ operation: numberOf(operation), after });
      if (isEnded) this.ended++;
      this.from(after, first);
      if (isEnded) this.ended--;
      this.path.pop();
      this.isDone[at] = 0;
    }
    this.hash ^= mark;
  }
}

/** Returns undefined if the operation is impossible in that state. */
function stateAfter(
  { invocation, completion }: WholeOperation,
  state: Json,
): { readonly state: Json } | undefined {
  const value = innerValue((completion?.type === 'ok' ? completion : invocation).value);
  switch (invocation.f) {
    case 'write':
      return { state: value };
    case 'cas': {
      const [from, to] = Array.isArray(value) ? (value as readonly Json[]) : [];
      return from !== undefined && to !== undefined && jsonEquals(from, state) ? { state: to } : undefined;
    }
    default:
      return jsonEquals(value, state) ? { state } : undefined;
  }
}

/** Returns the value of `[key, value]`. */
export function innerValue(value: Json): Json {
  return Array.isArray(value) && value.length === 2 ? ((value as readonly Json[])[1] ?? null) : value;
}
