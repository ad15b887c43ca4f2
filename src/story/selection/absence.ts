/** Describes a value that was never sent to the node whose read lacks it: the nodes that had it, and what they sent instead. */
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { StoryMessage, StoryMessages } from '../facts/story-messages.ts';
import { inSeries } from '../../protocol/in-series.ts';

export interface Absence {
  /** A complete sentence. */
  readonly text: string;
  /** Messages from nodes that had the value to the reading node, around the time at which they got it. */
  readonly instead: readonly StoryMessage[];
}

export interface Held {
  readonly value: Json;
  /** The node that answered the read. */
  readonly reader: string;
  /** The nodes that had the value, each with the time at which it got it. */
  readonly since: ReadonlyMap<string, number>;
  readonly endNanos: number;
}

const MOST_NAMED = 4;
const MOST_INSTEAD = 2;

/** `between` are the messages from nodes to `reader`; none of them contains the value. */
export function absenceOf(
  held: Held,
  between: readonly StoryMessage[],
  messages: Pick<StoryMessages, 'at' | 'replyTo' | 'typeOf'>,
): Absence {
  const { value, reader, since, endNanos } = held;
  const known = (message: StoryMessage): number => since.get(message.src) ?? Infinity;
  const later = between.filter((one) => one.sentNanos > known(one) && one.sentNanos <= endNanos);
  const before = between.filter((one) => one.sentNanos <= known(one)).at(-1);
  const holders = [...since.keys()];
  const isOne = holders.length === 1;
  const who = holders.length <= MOST_NAMED ? inSeries(holders) : `${holders.length} nodes`;
  const has = `${who} ${isOne ? 'has' : 'have'} ${shownText(valueText(value), 60)}`;
  const nothing = `from then on ${isOne ? 'sends' : 'send'} nothing to ${reader} before the read`;
  return {
    text:
      later.length > 0
        ? `${has}, but no message that shows it is sent to ${reader} before the read.`
        : `${has}${meanwhile(before)}, and ${nothing}.`,
    instead: [...(before === undefined ? [] : [before]), ...later].slice(0, MOST_INSTEAD),
  };

  /** A reply to an earlier message without the value may be mistaken for an acknowledgement of the value. */
  function meanwhile(sent: StoryMessage | undefined): string {
    const answer = sent && messages.at(messages.replyTo(sent.id) ?? -1);
    const [arrived = -Infinity] = answer?.arrivals ?? [];
    if (sent === undefined || answer === undefined || arrived < known(sent)) return '';
    return ` before the ${messages.typeOf(answer.id)} of ${reader} arrives`;
  }
}
