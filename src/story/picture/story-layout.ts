/** The layout of a story's picture: a column for each participant, a row for each event, and room for each sentence. */
import { present } from '../../columns/present.ts';
import type { Story, StoryArrow, StoryBar, StoryStep } from '../../recording/story.ts';
import { wrapped } from '../../report/svg/text-size.ts';

export const TOP = 84;
const ROW = 15;
const LEFT = 34;
export const LINE = 15;
export const TEXT_WIDTH = 470;
/** Font size of labels, in pixels. */
export const LABEL = 10;

export interface Layout {
  readonly laneX: (name: string) => number | undefined;
  /** The x coordinate at which the lanes end and the sentences begin. */
  readonly right: number;
  readonly places: ReadonlyMap<StoryArrow | StoryBar, ArrowRows>;
  /** The y coordinate of the first line of each step's sentence. */
  readonly tops: readonly number[];
  readonly rows: readonly { readonly timeNanos: number; readonly y: number }[];
  readonly bottom: number;
}

/** The y coordinates of the ends of an arrow or a bar. */
export interface ArrowRows {
  readonly sentY: number;
  readonly endY: number | undefined;
}

interface Event {
  readonly timeNanos: number;
  readonly step: number;
  readonly arrow: StoryArrow | StoryBar | undefined;
  readonly isEnd: boolean;
}

/** Returns the events by time; simultaneous ones in order of their steps. */
function eventsOf(story: Story): readonly Event[] {
  const events = story.steps.flatMap(({ arrows, timeNanos, ...about }, step): Event[] => {
    const drawn = [...arrows, ...barsOf(story, about)];
    return drawn.length === 0
      ? [{ timeNanos, step, arrow: undefined, isEnd: false }]
      : drawn.flatMap((arrow): Event[] => [
          {
            timeNanos: 'sentNanos' in arrow ? arrow.sentNanos : arrow.fromNanos,
            step,
            arrow,
            isEnd: false,
          },
          ...(arrow.endNanos === undefined ? [] : [{ timeNanos: arrow.endNanos, step, arrow, isEnd: true }]),
        ]);
  });
  // The sort is stable and keeps the order of arrows, in which a request precedes its reply.
  return events.toSorted((a, b) => a.timeNanos - b.timeNanos || a.step - b.step);
}

export const barsOf = (
  { bars = [] }: Story,
  { kind, operations }: Pick<StoryStep, 'kind' | 'operations'>,
): readonly StoryBar[] =>
  kind === 'operation' ? bars.filter(({ operation }) => operations.includes(operation)) : [];

export function layOut(story: Story): Layout {
  // Labels of bars need space beside them.
  const least = story.bars === undefined ? 70 : 124;
  const gap = Math.max(least, Math.min(120, 480 / Math.max(1, story.lanes.length)));
  const xs = new Map(story.lanes.map(({ name }, at) => [name, LEFT + gap / 2 + at * gap]));
  const sent = new Map<StoryArrow | StoryBar, number>();
  const ended = new Map<StoryArrow | StoryBar, number>();
  const rows: { timeNanos: number; y: number }[] = [];
  const tops = new Map<number, number>();
  let y = TOP + 10;
  let textBottom = TOP;
  let last: Event | undefined;
  for (const event of eventsOf(story)) {
    const { step, arrow, isEnd, timeNanos } = event;
    if (!tops.has(step)) {
      y = Math.max(y + ROW, textBottom + ROW);
      tops.set(step, y);
      textBottom = y + (linesOf(present(story.steps[step])).length - 1) * LINE + 3;
    } else if (!isTogether(event, last)) y += ROW;
    rows.push({ timeNanos, y });
    if (arrow !== undefined) (isEnd ? ended : sent).set(arrow, y);
    last = event;
  }
  const places = new Map(
    [...sent].map(([arrow, sentY]): [StoryArrow | StoryBar, ArrowRows] => [
      arrow,
      { sentY, endY: ended.get(arrow) },
    ]),
  );
  return {
    laneX: (name) => xs.get(name),
    right: LEFT + Math.max(1, story.lanes.length) * gap + (story.bars === undefined ? -24 : 52),
    places,
    tops: story.steps.map((_, step) => tops.get(step) ?? TOP),
    rows,
    bottom: Math.max(y + ROW, textBottom + 8),
  };
}

/**
 * True for events on one level: a message that arrives when it is sent, and messages that one turn sends to several nodes, which
 * would otherwise have the same slope if they also end at one time.
 */
function isTogether({ arrow, isEnd, timeNanos, step }: Event, last: Event | undefined): boolean {
  if (last?.timeNanos !== timeNanos || last.step !== step) return false;
  return arrow === last.arrow || (isEnd === last.isEnd && sourceOf(arrow) === sourceOf(last.arrow));
}

const sourceOf = (drawn: StoryArrow | StoryBar | undefined): string | undefined =>
  drawn !== undefined && 'from' in drawn ? drawn.from : undefined;

export const linesOf = ({ number, text }: StoryStep): readonly string[] =>
  wrapped(`${number}. ${text}`, 12, TEXT_WIDTH, 12);
