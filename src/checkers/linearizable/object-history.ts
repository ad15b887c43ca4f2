/**
 * One object's history, kept in columns as operations stream in, and checked at the end.
 *
 * `SequentialObject` defines what the operations mean and which search suits them: registers and queues have fast ones
 * of their own, any other model is wrapped by `ModelObject`.
 */
import { present } from '../../columns/present.ts';
import type { Op } from '../../history/op.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import { completesWithAnother } from '../asked-values.ts';
import type { Budget, NoVerdict, OneOf } from '../checker.ts';
import type { PossibleState } from '../evidence.ts';
import { Float64Column, Int32Column } from '../../columns/column.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from './object-events.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** An object's operations and states as small integers, with their meanings. */
export interface SequentialObject {
  /** Returns the kind of an operation. Throws a MalformedOperation when the object has no such operation. */
  kindFor(f: string, value: Json): number;
  readonly kindCount: number;
  fOf(kind: number): string;
  valueOf(kind: number): Json;
  stateOf(state: number): Json;
  /** Whether a completion with the value null only acknowledges what such an operation asked for. */
  isAcknowledged(f: string): boolean;
  /** Whether a user defined the object: the completion of such an operation may then show any value. */
  readonly isGiven?: boolean;
  /** Whether operations of that kind prove nothing and are left out, such as a read of nil. */
  isSilent(kind: number): boolean;
  /**
   * Returns the kind of such an operation when its completion is unknown; undefined if it is left out, as a read is.
   */
  crashedKind(kind: number): number | undefined;
  /**
   * Returns the value that operations of that kind found in the object, if no operation of the history puts it there: it may
   * be the initial one. Registers only.
   */
  unwritten?(kind: number): Json | undefined;
  /** What the verdict that the history is invalid rests on, in a sentence, if not only on the model. */
  readonly assumed?: string | undefined;
  /** Searches for a linearization of the history. */
  search(history: ObjectEvents, budget?: Budget): SearchOutcome;
}

/** Thrown for an operation that the model does not know. The message completes "operation 17 ...". */
export class MalformedOperation extends Error {
  override readonly name = 'MalformedOperation';
}

/** The result for one object. */
export type ObjectResult = OneOf<{ readonly 'valid?': true } | NoVerdict | Impossible>;

/** The first operation that cannot have happened. */
export type Impossible = {
  readonly 'valid?': false;
  readonly analyzer: 'linear';
  readonly op: Op;
  /** The last operation that completed before it did. */
  readonly 'previous-ok': Op | undefined;
  /** The possible states of the object by then, and the operations then in flight. */
  readonly configs: readonly PossibleState[];
  /** For each of these, why it leads nowhere. */
  readonly 'final-paths': readonly (readonly [
    { readonly op: Op | undefined; readonly model: Json },
    { readonly op: Op; readonly model: { readonly msg: string } },
  ])[];
};

export const IMPOSSIBLE_MEANINGS = {
  analyzer: 'the search algorithm; `linear` is the name used upstream',
  op: 'the first operation that cannot have happened',
  'previous-ok': 'the last operation that completed before it',
  configs: 'the possible states of the object at that point',
  'final-paths': 'for each of these states, why no continuation is possible',
} as const satisfies Meanings<Impossible>;

export const POSSIBLE_STATE_MEANINGS = {
  model: 'the state',
  pending: 'the operations still in flight',
} as const satisfies Meanings<PossibleState>;

export const PATH_MEANINGS = {
  op: 'the operation',
  model: 'the state after it, or `msg`: why it is impossible',
} as const;

const PENDING = 0;
const OK = 1;
const FAILED = 2;

export class ObjectHistory {
  private readonly events = new Int32Column();
  private readonly kindOf = new Int32Column();
  private readonly outcome = new Int32Column();
  private readonly process = new Float64Column();
  private readonly index = new Float64Column();
  private readonly time = new Float64Column();
  private readonly okIndex = new Float64Column();
  private readonly okTime = new Float64Column();
  /** Input of the search, until an operation is added: a resumed search must get the same columns. */
  private searched: ObjectEvents | undefined;
  /** The value that the impossible operation found before anything was written, if no operation writes it. */
  private foundUnwritten: Json | undefined;
  /** Whether the impossible operation is a dequeue of nil. */
  private tookNothing = false;
  /** The index of a read that says nothing, although the object had a value by then, and nothing writes nil. */
  private nilOfValue: number | undefined;

  constructor(
    private readonly object: SequentialObject,
    /** Restores a value to its form in the history, such as `[key, value]`. */
    private readonly wrap: (value: Json) => Json = (value) => value,
  ) {}

  /** Number of operations. */
  get size(): number {
    return this.kindOf.length;
  }

  /** Adds an invocation. Returns the number to complete it with. */
  invoke(op: Op, value: Json): number {
    this.searched = undefined;
    const operation = this.kindOf.push(this.object.kindFor(op.f, value));
    this.outcome.push(PENDING);
    this.process.push(typeof op.process === 'number' ? op.process : -1);
    this.index.push(op.index);
    this.time.push(op.time);
    this.okIndex.push(-1);
    this.okTime.push(-1);
    this.events.push(operation * 2);
    return operation;
  }

  failed(operation: number): void {
    this.searched = undefined;
    this.outcome.set(operation, FAILED);
  }

  /** Completes an operation. The completion's value replaces the invocation's, unless it is only an acknowledgement. */
  succeeded(operation: number, op: Op, value: Json): void {
    this.searched = undefined;
    const isAcknowledged = this.object.isAcknowledged(op.f);
    if (value !== null || !isAcknowledged) {
      const asked = isAcknowledged && this.object.isGiven !== true ? this.kindOf.at(operation) : undefined;
      this.kindOf.set(operation, this.kindShown(op.f, value, asked));
    }
    this.outcome.set(operation, OK);
    this.okIndex.values[operation] = op.index;
    this.okTime.values[operation] = op.time;
    this.events.push(operation * 2 + 1);
  }

  /** Throws a MalformedOperation if the kind is not the one that was asked for, where that is given. */
  private kindShown(f: string, value: Json, asked: number | undefined): number {
    let kind: number | undefined;
    try {
      kind = this.object.kindFor(f, value);
    } catch (error) {
      // A value that the model does not know, such as true for a cas, is more likely what the store returned.
      if (asked === undefined) throw error;
    }
    const wanted = asked === undefined ? null : this.object.valueOf(asked);
    if (kind !== undefined && (kind === asked || wanted === null)) return kind;
    throw new MalformedOperation(completesWithAnother(f, { asked: wanted, value }));
  }

  /** Returns what an invalid or another verdict leaves open, in a sentence. To be called after `result`. */
  remark(isInvalid: boolean): string | undefined {
    const { foundUnwritten: value, nilOfValue: read } = this;
    if (isInvalid) {
      if (this.object.assumed !== undefined) return this.object.assumed;
      if (this.tookNothing)
        return 'A dequeue that found the queue empty is of type fail; as ok, nil counts as an element.';
      if (value === undefined) return undefined;
      const shown = valueText(value);
      return `No operation writes ${shown}. If that is the value before the first write, add --initial-value ${shellWord(shown)}.`;
    }
    if (read === undefined) return undefined;
    return (
      `Operation ${read} reads nil although the register had a value by then, and nothing writes nil. A read of nil says nothing here, as in Knossos; ` +
      'if it means that there was no value, add --initial-value nil.'
    );
  }

  result(budget?: Budget): ObjectResult {
    this.searched ??= this.columns();
    const outcome = this.object.search(this.searched, budget);
    this.foundUnwritten = undefined;
    this.tookNothing = false;
    if (outcome.valid === true) return { 'valid?': true };
    if (outcome.valid === 'unknown') return { 'valid?': 'unknown', error: outcome.reason };
    // Only what is possible at the beginning can be due to another initial value.
    if (outcome.configurations.some(({ state }) => state === 0))
      this.foundUnwritten = this.object.unwritten?.(this.kindOf.at(outcome.operation));
    const op = this.completionOf(outcome.operation);
    this.tookNothing = op.f === 'dequeue' && this.object.valueOf(this.kindOf.at(outcome.operation)) === null;
    const before = this.okBefore(outcome.operation);
    const inDoubt = this.isAnyInDoubt(op.index);
    const previous = before === undefined ? undefined : this.completionOf(before);
    return {
      'valid?': false,
      analyzer: 'linear',
      op,
      'previous-ok': previous,
      configs: outcome.configurations.map((configuration) => this.showConfiguration(configuration)),
      'final-paths': outcome.configurations.map((configuration) => [
        { op: previous, model: this.object.stateOf(configuration.state) },
        { op, model: { msg: this.contradiction(outcome.operation, configuration, inDoubt) } },
      ]),
    };
  }

  /** Returns a linearization as indexes of invocations; undefined if there is none or the search cannot show one. */
  linearization(budget?: Budget): readonly number[] | undefined {
    this.searched ??= this.columns();
    const outcome = this.object.search(this.searched, budget);
    if (outcome.valid !== true) return undefined;
    return outcome.linearization?.()?.map((operation) => this.index.at(operation));
  }

  /** Returns the columns to search, without failed operations, crashed reads, and operations that prove nothing. */
  private columns(): ObjectEvents {
    const { object, outcome } = this;
    const events = new Int32Array(this.events.length);
    const kindOf = this.kindOf.values.slice(0, this.kindOf.length);
    const crashed = new Uint8Array(outcome.length);
    let count = 0;
    let hasValue = false;
    // A read that says nothing although the object had a value by then.
    let first = -1;
    for (let i = 0; i < this.events.length; i++) {
      const event = present(this.events.values[i]);
      const operation = event >> 1;
      if (outcome.values[operation] === FAILED) continue;
      const kind = present(this.kindOf.values[operation]);
      if (object.isSilent(kind)) {
        if ((event & 1) === 0 && hasValue && first < 0 && outcome.values[operation] === OK) first = operation;
        continue;
      }
      hasValue ||= (event & 1) === 1;
      if (outcome.values[operation] === PENDING) {
        const unknown = object.crashedKind(kind);
        if (unknown === undefined) continue;
        kindOf[operation] = unknown;
        crashed[operation] = 1;
      }
      events[count++] = event;
    }
    const isLost = first >= 0 && object.unwritten?.(present(this.kindOf.values[first])) !== undefined;
    this.nilOfValue = isLost ? this.index.at(first) : undefined;
    return {
      events,
      eventCount: count,
      kindOf,
      crashed,
      operationCount: this.kindOf.length,
      kindCount: object.kindCount,
    };
  }

  private completionOf(operation: number): Op {
    return this.op(operation, 'ok', this.okIndex.at(operation), this.okTime.at(operation));
  }

  private invocationOf(operation: number): Op {
    return this.op(operation, 'invoke', this.index.at(operation), this.time.at(operation));
  }

  private op(operation: number, type: Op['type'], index: number, time: number): Op {
    const kind = this.kindOf.at(operation);
    const value = this.wrap(this.object.valueOf(kind));
    return { index, time, type, process: this.process.at(operation), f: this.object.fOf(kind), value };
  }

  /** Returns the last ok operation that completed before this one. */
  private okBefore(operation: number): number | undefined {
    let last: number | undefined;
    for (let i = 0; i < this.events.length; i++) {
      const event = this.events.at(i);
      if (event === operation * 2 + 1) return last;
      if ((event & 1) === 1 && !this.object.isSilent(this.kindOf.at(event >> 1))) last = event >> 1;
    }
    return last;
  }

  private showConfiguration(configuration: Configuration): PossibleState {
    return {
      model: this.object.stateOf(configuration.state),
      pending: configuration.pending.map((operation) => this.invocationOf(operation)),
    };
  }

  /** True if an operation that began before this entry never completed, and may have taken effect. */
  private isAnyInDoubt(before: number): boolean {
    for (let operation = 0; operation < this.outcome.length; operation++) {
      if (this.outcome.values[operation] !== PENDING || this.index.at(operation) > before) continue;
      const kind = this.kindOf.at(operation);
      if (!this.object.isSilent(kind) && this.object.crashedKind(kind) !== undefined) return true;
    }
    return false;
  }

  /** The state is that of one key, so the value stands without its key. */
  private contradiction(operation: number, configuration: Configuration, isAnyInDoubt: boolean): string {
    const kind = this.kindOf.at(operation);
    const asked = `${shownText(this.object.fOf(kind), 60)} ${valueText(this.object.valueOf(kind))}`;
    const state = valueText(this.object.stateOf(configuration.state));
    const others = configuration.pending.length - 1;
    const pending =
      others === 0
        ? isAnyInDoubt
          ? 'and no operation in doubt leads to a state that allows it'
          : 'and nothing else is pending'
        : `and no order of the ${others} other pending operations leads to a state that allows it`;
    return `${asked} is impossible in state ${state}, ${pending}`;
  }
}
