/** A step of a story before it is numbered, and the arrows in it. */
import type { StepKind, StoryArrow, StoryBand } from '../../recording/story.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { SendingContext } from './sending-text.ts';

export interface Draft {
  readonly timeNanos: number;
  /** Steps with the highest weight are left out first. */
  readonly weight: number;
  readonly kind: StepKind;
  readonly text: (context: SendingContext) => string;
  readonly messages: readonly number[];
  readonly operations: readonly number[];
  readonly arrows: readonly StoryArrow[];
  readonly band?: StoryBand;
  /** The step at which what ends here began; without that step this one says nothing. */
  readonly end?: Draft;
}

/** Returns the arrows of a message: its first arrivals by the end of the story, or its loss. */
export function arrowsOf(
  message: StoryMessage | undefined,
  label: string,
  endNanos: number,
): readonly StoryArrow[] {
  if (message === undefined) return [];
  const { id, src, dest, sentNanos, arrivals, losses } = message;
  const arrow = { message: id, from: src, to: dest, sentNanos, label };
  const inTime = arrivals.filter((time) => time <= endNanos);
  const [loss] = losses;
  if (inTime.length > 0)
    return inTime.slice(0, 3).map((time) => ({ ...arrow, endNanos: time, isLost: false }));
  return [
    loss === undefined || arrivals.length > 0
      ? { ...arrow, endNanos: undefined, isLost: false }
      : { ...arrow, endNanos: loss.timeNanos, isLost: true },
  ];
}
