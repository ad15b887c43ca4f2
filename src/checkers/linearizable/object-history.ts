/**
 * One object's history, kept in columns as operations go by, and judged in the end.
 *
 * What the operations mean, and which search is best for them, is the business of `SequentialObject`: registers and queues
 * have fast ones of their own, any other model is wrapped by `ModelObject`.
 */
import { present } from '../../columns/present.ts';
import type { Op } from '../../history/op.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import type { Budget, NoVerdict, OneOf } from '../checker.ts';
import type { PossibleState } from '../evidence.ts';
import { Float64Column, Int32Column } from '../../columns/column.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from './object-events.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** An object's operations and states as small integers, and back in words. */
export interface SequentialObject {
  /** The kind of an operation; throws a MalformedOperation when the object knows no such operation. */
  kindFor(f: string, value: Json): number;
  readonly kindCount: number;
  fOf(kind: number): string;
  valueOf(kind: number): Json;
  stateOf(state: number): Json;
  /** Whether a completion of such an operation with the value null says no more than that it happened as asked for. */
  isAcknowledged(f: string): boolean;
  /** Whether an operation of that kind says nothing and is left out, such as a read of nil. */
  isSilent(kind: number): boolean;
  /** What an operation of that kind is when its completion is unknown; undefined where it is left out, as a read is. */
  crashedKind(kind: number): number | undefined;
  /** Whether the history has a linearization. */
  search(history: ObjectEvents, budget?: Budget): SearchOutcome;
}

/** An operation that its model does not know; the message completes "operation 17 ...". */
export class MalformedOperation extends Error {
  override readonly name = 'MalformedOperation';
}

/** One object's result. */
export type ObjectResult = OneOf<{ readonly 'valid?': true } | NoVerdict | Impossible>;

/** The first operation that cannot have happened. */
export type Impossible = {
  readonly 'valid?': false;
  readonly analyzer: 'linear';
  readonly op: Op;
  /** The last one that completed before it did. */
  readonly 'previous-ok': Op | undefined;
  /** What the object can have been by then, and what was still under way. */
  readonly configs: readonly PossibleState[];
  /** From each of these, why it leads nowhere. */
  readonly 'final-paths': readonly (readonly [
    { readonly op: Op | undefined; readonly model: Json },
    { readonly op: Op; readonly model: { readonly msg: string } },
  ])[];
};

export const IMPOSSIBLE_MEANINGS = {
  analyzer: 'how it was searched; `linear` as upstream calls it',
  op: 'the first operation that cannot have happened',
  'previous-ok': 'the last one that completed before it did',
  configs: 'what the object can have been by then',
  'final-paths': 'from each of these states, why it leads nowhere',
} as const satisfies Meanings<Impossible>;

export const POSSIBLE_STATE_MEANINGS = {
  model: 'the state',
  pending: 'what was still under way',
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
  /** What is searched, until something is added: a search that goes on must find the same. */
  private searched: ObjectEvents | undefined;

  constructor(
    private readonly object: SequentialObject,
    /** Puts a value back into the form it has in the history, such as `[key, value]`. */
    private readonly wrap: (value: Json) => Json = (value) => value,
  ) {}

  /** How many operations there are. */
  get size(): number {
    return this.kindOf.length;
  }

  /** Takes an invocation; returns the number to complete it with. */
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

  /** The completion's value replaces the invocation's, where it has one to say. */
  succeeded(operation: number, op: Op, value: Json): void {
    this.searched = undefined;
    if (value !== null || !this.object.isAcknowledged(op.f))
      this.kindOf.set(operation, this.object.kindFor(op.f, value));
    this.outcome.set(operation, OK);
    this.okIndex.values[operation] = op.index;
    this.okTime.values[operation] = op.time;
    this.events.push(operation * 2 + 1);
  }

  result(budget?: Budget): ObjectResult {
    this.searched ??= this.columns();
    const outcome = this.object.search(this.searched, budget);
    if (outcome.valid === true) return { 'valid?': true };
    if (outcome.valid === 'unknown') return { 'valid?': 'unknown', error: outcome.reason };
    const op = this.completionOf(outcome.operation);
    const before = this.okBefore(outcome.operation);
    const previous = before === undefined ? undefined : this.completionOf(before);
    return {
      'valid?': false,
      analyzer: 'linear',
      op,
      'previous-ok': previous,
      configs: outcome.configurations.map((configuration) => this.showConfiguration(configuration)),
      'final-paths': outcome.configurations.map((configuration) => [
        { op: previous, model: this.object.stateOf(configuration.state) },
        { op, model: { msg: this.contradiction(op, configuration) } },
      ]),
    };
  }

  /** A linearization, as the indexes of invocations; undefined where there is none, or the search has none to show. */
  linearization(budget?: Budget): readonly number[] | undefined {
    this.searched ??= this.columns();
    const outcome = this.object.search(this.searched, budget);
    if (outcome.valid !== true) return undefined;
    return outcome.linearization?.().map((operation) => this.index.at(operation));
  }

  /** What takes no part is left out: failed operations, reads that crashed, and what says nothing. */
  private columns(): ObjectEvents {
    const { object, outcome } = this;
    const events = new Int32Array(this.events.length);
    const kindOf = this.kindOf.values.slice(0, this.kindOf.length);
    const crashed = new Uint8Array(outcome.length);
    let count = 0;
    for (let i = 0; i < this.events.length; i++) {
      const event = present(this.events.values[i]);
      const operation = event >> 1;
      if (outcome.values[operation] === FAILED) continue;
      const kind = present(this.kindOf.values[operation]);
      if (object.isSilent(kind)) continue;
      if (outcome.values[operation] === PENDING) {
        const unknown = object.crashedKind(kind);
        if (unknown === undefined) continue;
        kindOf[operation] = unknown;
        crashed[operation] = 1;
      }
      events[count++] = event;
    }
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

  /** The last ok operation that completed before this one did. */
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

  private contradiction(op: Op, configuration: Configuration): string {
    const state = valueText(this.object.stateOf(configuration.state));
    const others = configuration.pending.length - 1;
    const pending =
      others === 0
        ? 'and nothing else is pending'
        : `and no order of the ${others} other pending operations leads to a state that allows it`;
    return `${shownText(op.f, 60)} ${valueText(op.value)} is impossible in state ${state}, ${pending}`;
  }
}
