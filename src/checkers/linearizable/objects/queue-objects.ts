/** The two queues: models on integers, with faster checks. */
import { present } from '../../../columns/present.ts';
import { canonicalJson, type Json } from '../../../protocol/json.ts';
import type { Budget } from '../../checker.ts';
import { Int32Column } from '../../../columns/column.ts';
import { Interner } from '../../../columns/interner.ts';
import { ModelObject } from './model-object.ts';
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

/** A FIFO queue. The check is fast if no element is enqueued twice. */
export class FifoQueueObject extends QueueObject implements QueueKinds {
  constructor() {
    super(fifoQueue);
  }

  override search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    return judgeUniqueElements(history, this) ?? super.search(history, budget);
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
    const { events, eventCount, kindOf } = history;
    const left = new Int32Array(this.elementCount);
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const kind = present(kindOf[event >> 1]);
      const element = this.elementOf(kind);
      const count = present(left[element]);
      if (this.roleOf(kind) === ENQUEUE) {
        if ((event & 1) === 0) left[element] = count + 1;
      } else if ((event & 1) === 1) {
        if (count === 0) return this.wrongAt(history, at, left);
        left[element] = count - 1;
      }
    }
    return { valid: true };
  }

  private wrongAt(history: ObjectEvents, at: number, left: Int32Array): SearchOutcome {
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
