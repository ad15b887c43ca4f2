/** The operations of a run, each with its client, its node and its messages. */
import { addTo } from '../../columns/groups.ts';
import { firstNotBefore } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import type { ClientBook } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import { numberOf, wholeOperations } from '../../report/read/whole-operations.ts';
import type { StoryMessages } from './story-messages.ts';

export interface StoryOperation {
  /** The number that names it everywhere: see history/operation-names.ts. */
  readonly number: number;
  readonly invocation: Op;
  readonly completion: Op | undefined;
  /** The name of its client in the network, or its process if the client is unknown. */
  readonly client: string;
  readonly node: string | undefined;
}

export class StoryOperations {
  /** In order of invocation, without the nemesis's. */
  readonly all: readonly StoryOperation[];
  private readonly byIndex = new Map<number, StoryOperation>();
  private readonly byClient = new Map<string, StoryOperation[]>();
  private readonly sentBy = new Map<string, number[]>();
  private readonly nextOf = new Map<StoryOperation, StoryOperation>();

  constructor(
    history: readonly Op[],
    clients: ClientBook,
    private readonly messages: StoryMessages,
  ) {
    this.all = wholeOperations(history.filter(({ process }) => process !== 'nemesis')).map((whole) => {
      const client = clients.clientOf(whole.invocation);
      return {
        ...whole,
        number: numberOf(whole),
        client: client?.name ?? `process ${whole.invocation.process}`,
        node: client?.node,
      };
    });
    const last = new Map<string, StoryOperation>();
    for (const operation of this.all) {
      const before = last.get(operation.client);
      if (before !== undefined) this.nextOf.set(before, operation);
      last.set(operation.client, operation);
      addTo(this.byClient, operation.client, operation);
      this.byIndex.set(operation.invocation.index, operation);
      if (operation.completion !== undefined) this.byIndex.set(operation.completion.index, operation);
    }
    for (const { id, src } of messages.all) addTo(this.sentBy, src, id);
  }

  /** Returns the operation that has an entry at this position of the history. */
  at(index: number): StoryOperation | undefined {
    return this.byIndex.get(index);
  }

  readonly numberOf: NumberOf = (index) => this.at(index)?.number ?? index;

  /** Returns the operation that a client sent this request for. */
  sentFor(request: number): StoryOperation | undefined {
    const message = this.messages.at(request);
    if (message === undefined) return undefined;
    const { src, sentNanos } = message;
    // A client has one operation at a time.
    const own = this.byClient.get(src) ?? [];
    const begun = firstNotBefore(own.length, (at) => present(own[at]).invocation.time <= sentNanos);
    const operation = own[begun - 1];
    return operation !== undefined && sentNanos <= lastNanosOf(operation) ? operation : undefined;
  }

  /** Returns the messages that its client sent during the operation. */
  requestsOf(operation: StoryOperation): readonly number[] {
    const sent = this.sentBy.get(operation.client) ?? [];
    const sentNanos = (at: number): number => this.messages.at(present(sent[at]))?.sentNanos ?? -Infinity;
    const { invocation } = operation;
    const next = this.nextOf.get(operation)?.invocation.time ?? Infinity;
    const first = firstNotBefore(sent.length, (at) => sentNanos(at) < invocation.time);
    const last = lastNanosOf(operation);
    return sent.slice(
      first,
      firstNotBefore(sent.length, (at) => sentNanos(at) <= last && sentNanos(at) < next),
    );
  }
}

/** Returns until when its client may send messages for it. */
const lastNanosOf = ({ completion }: StoryOperation): number => completion?.time ?? Infinity;

/** Returns the time of its completion, or of its invocation if it never completed. */
export const endOf = ({ invocation, completion }: StoryOperation): number => (completion ?? invocation).time;

/** True if it had completed when the other one began. */
export const isBefore = ({ invocation, completion }: StoryOperation, other: StoryOperation): boolean =>
  (completion ?? invocation).type !== 'invoke' &&
  (completion ?? invocation).type !== 'info' &&
  (completion ?? invocation).index < other.invocation.index;

/** False only for operations that certainly did not happen. */
export const mayHaveHappened = ({ completion }: StoryOperation): boolean => completion?.type !== 'fail';
