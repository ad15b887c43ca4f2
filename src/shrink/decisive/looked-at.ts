/** A run examined for its decisive moment: its messages with their fates, and the positions of its steps. */
import { isClientName } from '../../network/node-name.ts';
import type { MessageException, MessagePlace } from '../../network/rules/message-exceptions.ts';
import { placesOf } from '../../scenario/message-places.ts';
import type { DecisiveMoment } from '../../recording/decisive.ts';
import type { Story, StoryStep } from '../../recording/story.ts';
import type { Cause } from '../../world/cause.ts';
import type { Moment } from '../../world/turning-point.ts';
import type { LookedAtTrial } from '../trials.ts';

export interface SeenMessage {
  readonly id: number;
  readonly cause: Cause | undefined;
  /** Id of the message that caused it. */
  readonly origin: number | undefined;
  readonly place: MessagePlace;
  /** Whether a client sends or receives it; such a message has no latency. */
  readonly isOfClient: boolean;
  /** Times on the clock of the history. */
  readonly sentNanos: number;
  readonly arrivals: readonly number[];
  /** Reason of its loss; undefined if it arrived or is in flight. */
  readonly lostBy: string | undefined;
}

export class LookedAtRun {
  /** Indexed by message id. */
  readonly messages: readonly SeenMessage[];
  private readonly steps = new Map<number, number>();
  private readonly byCause = new Map<Cause, SeenMessage>();

  constructor(
    private readonly looked: LookedAtTrial,
    readonly story: Story,
  ) {
    this.messages = messagesOf(looked);
    for (const message of this.messages)
      if (message.cause !== undefined) this.byCause.set(message.cause, message);
    for (const { messages, number, kind } of story.steps)
      for (const id of kind === 'verdict' ? [] : messages)
        if (!this.steps.has(id)) this.steps.set(id, number);
  }

  get history() {
    return this.looked.history;
  }

  /** Number of journal events. */
  get events(): number {
    return this.looked.journal.eventCount;
  }

  /** Returns the number of the first step that mentions the message. */
  stepOf({ id }: SeenMessage): number | undefined {
    return this.steps.get(id);
  }

  /** Returns the message that an exception applies to, or undefined if it was not sent. */
  excepted(exception: MessageException): SeenMessage | undefined {
    const { id, from, to, type, nth } = exception;
    if (id !== undefined) return this.byCause.get(id);
    return this.messages.find(
      ({ place }) => place.from === from && place.to === to && place.type === type && place.nth === nth,
    );
  }

  /** Returns the moment just after a step: its messages have been sent, the next one has not. */
  momentOf({ timeNanos, messages }: StoryStep): Required<Moment> {
    const last = this.lastSent(messages, timeNanos);
    // At one instant, faults come before messages.
    const sent =
      last === undefined ? this.messages.findIndex(({ sentNanos }) => sentNanos >= timeNanos) : last + 1;
    return { nanos: timeNanos, messages: sent < 0 ? this.messages.length : sent };
  }

  /** True when `message` was caused by `from`, directly or through other messages and timers. */
  follows(message: SeenMessage, from: SeenMessage): boolean {
    let at: SeenMessage | undefined = message;
    while (at?.origin !== undefined && at.id > from.id) {
      at = this.messages[at.origin];
      if (at === from) return true;
    }
    return false;
  }

  placeOf({ number, text, timeNanos, messages }: StoryStep): DecisiveMoment {
    const message = this.lastSent(messages, timeNanos);
    return { step: number, text, ...this.placeInJournal(timeNanos, message) };
  }

  placeOfMessage(message: SeenMessage): DecisiveMoment {
    const step = this.story.steps.find(({ number }) => number === this.stepOf(message));
    return {
      ...(step === undefined ? {} : { step: step.number, text: step.text }),
      ...this.placeInJournal(message.sentNanos, message.id),
    };
  }

  placeInJournal(timeNanos: number, message?: number): DecisiveMoment {
    const { journal, zeroNanos } = this.looked;
    let journalEvent: number | undefined;
    for (let number = 0; number < journal.eventCount; number++) {
      const event = journal.event(number);
      if (event.timeNanos - zeroNanos > timeNanos) break;
      journalEvent = number;
      if (event.kind === 'sent' && event.messageId === message) break;
    }
    return {
      timeNanos,
      ...(journalEvent === undefined ? {} : { journalEvent }),
      ...(message === undefined ? {} : { message }),
    };
  }

  private lastSent(messages: readonly number[], timeNanos: number): number | undefined {
    const sent = messages.filter((id) => this.messages[id]?.sentNanos === timeNanos);
    return sent.length === 0 ? undefined : Math.max(...sent);
  }
}

function messagesOf({ journal, zeroNanos }: LookedAtTrial): readonly SeenMessage[] {
  const sent = new Map<number, number>();
  const arrivals = new Map<number, number[]>();
  const lost = new Map<number, string>();
  for (let number = 0; number < journal.eventCount; number++) {
    const event = journal.event(number);
    const { messageId: id } = event;
    const nanos = event.timeNanos - zeroNanos;
    if (event.kind === 'sent') sent.set(id, nanos);
    else if (event.kind === 'dropped') lost.set(id, event.reason);
    else if (event.kind === 'received') arrivals.set(id, [...(arrivals.get(id) ?? []), nanos]);
  }
  return [...placesOf(journal)].map(({ place, packet: { id, cause, src, dest } }) => ({
    id,
    cause: cause?.id,
    origin: cause?.origin.message,
    place,
    isOfClient: isClientName(src) || isClientName(dest),
    sentNanos: sent.get(id) ?? 0,
    arrivals: arrivals.get(id) ?? [],
    lostBy: arrivals.has(id) ? undefined : lost.get(id),
  }));
}
