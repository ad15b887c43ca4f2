/** The messages and operations selected for a story so far, and what its selection asks about each message. */
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { FollowedValues } from './values/followed-values.ts';
import { PayloadFields } from './values/payload-fields.ts';
import { DECISIVE } from './selection.ts';

/** Maximum number of messages between a message and the client's request that caused it. */
const MOST_CAUSES = 100;

export class Selected {
  /** Indexed by message id. */
  readonly weights = new Map<number, number>();
  readonly operations: Set<StoryOperation>;
  /** The operations that the finding names. */
  readonly named: ReadonlySet<StoryOperation>;
  /** The operation that shows the violation. */
  readonly wrong: StoryOperation | undefined;
  readonly values: FollowedValues;
  /** Where the values can be in messages. A sum is not a value that a client has sent. */
  private readonly payload: PayloadFields | undefined;
  readonly startNanos: number;
  readonly endNanos: number;

  constructor(
    readonly facts: StoryFacts,
    readonly finding: Finding,
  ) {
    const { operations } = facts;
    this.values = new FollowedValues(finding.values);
    this.payload = finding.areSummed === true ? undefined : new PayloadFields(facts, this.values);
    this.named = new Set(finding.operations.flatMap((number) => operations.at(number) ?? []));
    this.operations = new Set(this.named);
    this.wrong = finding.wrong === undefined ? undefined : operations.at(finding.wrong);
    const ends = [...this.named].map(endOf);
    this.endNanos =
      finding.moment?.timeNanos ?? (this.wrong === undefined ? Math.max(...ends, 0) : endOf(this.wrong));
    this.startNanos = Math.min(...[...this.named].map(({ invocation }) => invocation.time), this.endNanos);
  }

  /** Adds a message, unless it is undefined. A message that was added before keeps the lower weight. */
  take(id: number | undefined, weight: number): void {
    if (id !== undefined) this.weights.set(id, Math.min(weight, this.weights.get(id) ?? Infinity));
  }

  /** Adds the requests of an operation and their replies. */
  takeExchanges(operation: StoryOperation, weight: number): void {
    for (const request of this.facts.operations.requestsOf(operation)) {
      this.take(request, weight);
      this.take(this.facts.messages.replyTo(request), weight);
    }
  }

  /** Adds an operation with its messages, unless it is in the story already. */
  takeOperation(operation: StoryOperation | undefined, weight: number): void {
    if (operation === undefined || this.operations.has(operation)) return;
    this.operations.add(operation);
    this.takeExchanges(operation, weight);
  }

  /** Adds a message; a client's request adds its operation instead. */
  takeWithOperation(message: StoryMessage): void {
    if (!this.facts.messages.isWithClient(message)) {
      this.take(message.id, DECISIVE);
      return;
    }
    const operation = this.facts.operations.sentFor(message.id);
    if (operation === undefined) return;
    this.operations.add(operation);
    this.takeExchanges(operation, DECISIVE);
  }

  /** Returns the client's request that caused a message, directly or through other messages. */
  requestBehind(message: StoryMessage): StoryMessage | undefined {
    const { messages } = this.facts;
    let at: StoryMessage | undefined = message;
    for (let steps = 0; steps < MOST_CAUSES && at !== undefined; steps++) {
      if (at.byTimer || at.origin === undefined) return undefined;
      at = messages.at(at.origin);
      if (at !== undefined && messages.isWithClient(at)) return at;
    }
    return undefined;
  }

  isInTime({ sentNanos }: StoryMessage): boolean {
    return sentNanos >= this.startNanos && sentNanos <= this.endNanos;
  }

  /** True for `init`, `topology` and their replies. */
  isOfTheRun({ src, dest }: StoryMessage): boolean {
    const { clients } = this.facts.run;
    return clients.client(src)?.process === null || clients.client(dest)?.process === null;
  }

  isBetweenNodes({ src, dest }: StoryMessage): boolean {
    const { kindOf } = this.facts;
    return kindOf(src) === 'node' && kindOf(dest) === 'node';
  }

  /** True if it contains the values that the story follows. */
  carries({ id }: StoryMessage): boolean {
    const { messages } = this.facts;
    return this.values.isIn(messages.searchedTextOf(id), () => {
      const body = messages.bodyOf(id);
      return this.payload?.within(body) ?? body;
    });
  }
}
