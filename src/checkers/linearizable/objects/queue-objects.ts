/** The two queues: models on integers, with faster checks. */
import { present } from '../../../columns/present.ts';
import { canonicalJson, type Json } from '../../../protocol/json.ts';
import type { Budget } from '../../checker.ts';
import { Int32Column } from '../../../columns/column.ts';
import { Interner } from '../../../columns/interner.ts';
import { firstMissing, type MissingElement } from './missing-elements.ts';
import { ModelObject } from './model-object.ts';
import { judgeRepeatedElements, orderOf } from './repeated-elements.ts';
import { fifoQueue, unorderedQueue } from '../models.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { DEQUEUE, DEQUEUE_ANY, ENQUEUE, judgeUniqueElements, type QueueKinds } from './unique-elements.ts';

/** A queue that also knows the role and element of each kind. */
class QueueObject extends ModelObject {
  private readonly elements = new Interner();
  private readonly roles = new Int32Column();
  private readonly elementIds = new Int32Column();

  get elementCount(): number {
    return this.elements.size;
  }

  override kindFor(f: string, value: Json): number {
    const kind = super.kindFor(f, value);
    if (kind === this.roles.length) this.describe(f === 'enqueue' ? ENQUEUE : DEQUEUE, value);
    return kind;
  }

  override crashedKind(kind: number): number | undefined {
    const crashed = super.crashedKind(kind);
    if (crashed === this.roles.length)
      this.describe(this.roleOf(kind) === ENQUEUE ? ENQUEUE : DEQUEUE_ANY, this.valueOf(kind));
    return crashed;
  }

  private describe(role: number, value: Json): void {
    this.roles.push(role);
    this.elementIds.push(this.elements.idOf(value));
  }

  roleOf(kind: number): number {
    return present(this.roles.values[kind]);
  }

  elementOf(kind: number): number {
    return present(this.elementIds.values[kind]);
  }

  stateOfElements(elements: readonly number[]): number {
    return this.numberOf(elements.map((element) => this.elements.valueOf(element)));
  }
}

/** A FIFO queue. The check is linear if no element is enqueued twice. */
export class FifoQueueObject extends QueueObject implements QueueKinds {
  constructor() {
    super(fifoQueue);
  }

  override search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    const unique = judgeUniqueElements(history, this);
    if (unique?.valid !== true) return unique ?? judgeRepeatedElements(history, this, budget);
    return { ...unique, linearization: () => orderOf(history, this, budget) };
  }
}

/**
 * An unordered queue. The check is always fast: nothing requires an element to be absent, so enqueues may take effect
 * when they begin and dequeues when they end. The only error is dequeuing an element more often than it was enqueued so
 * far. A crashed dequeue could only take away what others need, and is left out.
 */
export class UnorderedQueueObject extends QueueObject {
  constructor() {
    super(unorderedQueue);
  }

  override crashedKind(kind: number): number | undefined {
    return this.roleOf(kind) === ENQUEUE ? kind : undefined;
  }

  override search(history: ObjectEvents): SearchOutcome {
    const missing = firstMissing(history, this);
    if (missing !== undefined) return this.wrongAt(history, missing);
    return { valid: true, linearization: () => this.linearization(history) };
  }

  private linearization({ events, eventCount, kindOf }: ObjectEvents): readonly number[] {
    const order: number[] = [];
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const isEnqueue = this.roleOf(present(kindOf[event >> 1])) === ENQUEUE;
      if (isEnqueue === ((event & 1) === 0)) order.push(event >> 1);
    }
    return order;
  }

  private wrongAt(history: ObjectEvents, { at, left }: MissingElement): SearchOutcome {
    const failing = present(history.events[at]) >> 1;
    const open = new Set<number>();
    for (let i = 0; i < at; i++) {
      const event = present(history.events[i]);
      const operation = event >> 1;
      if ((event & 1) === 1) open.delete(operation);
      else if (this.roleOf(present(history.kindOf[operation])) === DEQUEUE) open.add(operation);
    }
    open.delete(failing);
    const elements = [...left.keys()].flatMap((element) =>
      Array<number>(present(left[element])).fill(element),
    );
    return {
      valid: false,
      operation: failing,
      configurations: [{ state: this.stateOfSorted(elements), pending: [failing, ...open] }],
    };
  }

  private stateOfSorted(elements: readonly number[]): number {
    const unsorted = this.stateOf(this.stateOfElements(elements)) as readonly Json[]; // states of this model are lists
    const byText = unsorted.map((value) => ({ value, text: canonicalJson(value) }));
    byText.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return this.numberOf(byText.map(({ value }) => value));
  }
}
