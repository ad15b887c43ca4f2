/** The run that is looked at for its decisive moment: its messages with what became of them, and where its steps are. */
import { isClientName } from '../../network/node-name.ts';
import type { MessageException, MessagePlace } from '../../network/message-exceptions.ts';
import { placesOf } from '../../scenario/message-places.ts';
import type { DecisiveMoment } from '../../recording/decisive.ts';
import type { Story, StoryStep } from '../../recording/story.ts';
import type { Cause } from '../../world/cause.ts';
import type { Moment } from '../../world/turning-point.ts';
import type { LookedAtTrial } from '../trials.ts';

export interface SeenMessage {
  readonly id: number;
  readonly cause: Cause | undefined;
  /** The message from which it follows. */
  readonly origin: number | undefined;
  readonly place: MessagePlace;
  /** A client sends or receives it: it takes no time. */
  readonly isOfClient: boolean;
  /** Times of the history. */
  readonly sentNanos: number;
  readonly arrivals: readonly number[];
  /** Why it was lost; undefined where it was not. */
  readonly lostBy: string | undefined;
}

export class LookedAtRun {
  /** By their ids. */
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

  /** How much there is to carry out. */
  get events(): number {
    return this.looked.journal.eventCount;
  }

  /** The number of the first step that tells of the message. */
  stepOf({ id }: SeenMessage): number | undefined {
    return this.steps.get(id);
  }

  /** The message that an exception is about. */
  excepted(exception: MessageException): SeenMessage | undefined {
    const { id, from, to, type, nth } = exception;
    if (id !== undefined) return this.byCause.get(id);
    return this.messages.find(
      ({ place }) => place.from === from && place.to === to && place.type === type && place.nth === nth,
    );
  }

  /** The moment in which a step has happened: with its messages, and before the next one is sent. */
  momentOf({ timeNanos, messages }: StoryStep): Required<Moment> {
    const last = this.lastSent(messages, timeNanos);
    // Of what is due at one instant faults come first.
    const sent =
      last === undefined ? this.messages.findIndex(({ sentNanos }) => sentNanos >= timeNanos) : last + 1;
    return { nanos: timeNanos, messages: sent < 0 ? this.messages.length : sent };
  }

  /** Whether a message follows from another, by whatever messages and timers between. */
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
