/**
 * Draws a story as a space-time diagram: a vertical lane for each client, node and service, time running down, an arrow for each
 * message with the number of its step, and the sentences beside them. Lost messages end in a cross, faults are bands, and a
 * ring marks the last operation, which shows the violation.
 */
import { present } from '../columns/present.ts';
import { shownText } from '../protocol/shown-text.ts';
import { escapeMarkup } from '../report/svg/escape.ts';
import { LabelRoom } from '../report/svg/label-room.ts';
import { BAND_COLOURS } from '../report/svg/picture-style.ts';
import { label, px, tag, type Picture } from '../report/svg/svg.ts';
import { shortened, textWidth, wrapped } from '../report/svg/text-size.ts';
import type { Story, StoryArrow, StoryBar, StoryStep } from '../recording/story.ts';
import { moment } from './words.ts';

const TOP = 84;
const ROW = 15;
const LEFT = 34;
const LINE = 15;
const TEXT_WIDTH = 470;
const TIME_WIDTH = 62;
const LABEL = 10;
/** Width of the labels beside a bar, up to the next lane. */
const BAR_ROOM = 104;

interface Layout {
  readonly laneX: (name: string) => number | undefined;
  /** The x coordinate at which the lanes end and the sentences begin. */
  readonly right: number;
  readonly places: ReadonlyMap<StoryArrow | StoryBar, ArrowRows>;
  /** The y coordinate of the first line of each step's sentence. */
  readonly tops: readonly number[];
  readonly rows: readonly { readonly timeNanos: number; readonly y: number }[];
  readonly bottom: number;
}

interface ArrowRows {
  readonly sentY: number;
  readonly endY: number | undefined;
}

export function storyPicture(story: Story): Picture {
  const layout = layOut(story);
  const { right, bottom } = layout;
  const width = right + TIME_WIDTH + TEXT_WIDTH + 20;
  const labels = new LabelRoom(LABEL);
  const notes = story.notes.flatMap((note) => wrapped(note, 11, width - 40, 3));
  // The viewer shows only this part, and the sentences beside it.
  const part = `0 ${TOP - 24} ${Math.ceil(right + 12)} ${Math.ceil(bottom - TOP + 30)}`;
  const beside = (texts: readonly string[]): string => tag('g', { class: 'beside' }, texts.join('\n'));
  const arrows = drawArrows(story, { layout, labels });
  const bands = drawBands(story, layout);
  const body = [
    beside([
      ...wrapped(story.title, 15, width - 40, 1).map((line) => label(line, 16, 28, { class: 'title' })),
      label(
        story.bars === undefined
          ? 'Time runs down; each arrow has the number of its sentence; dashed: again and again; dotted: still on its way at the end.'
          : 'Time runs down, not to scale; each operation from its beginning to its end, with the number of its sentence.',
        16,
        48,
        { class: 'small faint' },
      ),
    ]),
    tag(
      'g',
      { 'data-part': part },
      [
        ...bands.map(({ line }) => line),
        drawLanes(story, layout),
        ...bands.map(({ words }) => words),
        ...arrows.map(({ line }) => line),
        ...arrows.map(({ words }) => words),
        ...(story.bars === undefined ? [] : [drawBars(story, layout, labels)]),
        drawRing(story, layout),
      ].join('\n'),
    ),
    beside([
      ...story.steps.map((step, at) => drawSentence(step, present(layout.tops[at]), layout)),
      ...notes.map((line, at) => label(line, 16, bottom + 18 + at * 14, { class: 'small faint' })),
    ]),
  ];
  return {
    width,
    height: bottom + 24 + notes.length * 14,
    title: `How it happened: ${story.title}`,
    body: body.join('\n'),
  };
}

/** Slanted arrows have room for their label in several places, level ones in one: these are labelled first. */
function drawArrows(story: Story, drawing: Drawing): readonly Drawn[] {
  const all = story.steps.flatMap((step) => step.arrows.map((arrow) => ({ step, arrow })));
  const drawn = new Map<StoryArrow, Drawn | undefined>();
  const isLevel = ({ arrow }: { readonly arrow: StoryArrow }): boolean =>
    isLevelPlace(drawing.layout.places.get(arrow), arrow);
  for (const { step, arrow } of [...all.filter(isLevel), ...all.filter((one) => !isLevel(one))])
    drawn.set(arrow, drawArrow(story, step, arrow, drawing));
  return all.flatMap(({ arrow }) => drawn.get(arrow) ?? []);
}

/** Minimum height of an arrow that is slanted enough for its label to stand elsewhere than in its middle. */
const SLANTED = 40;

const isLevelPlace = (place: ArrowRows | undefined, { from, to }: StoryArrow): boolean =>
  from === to || place === undefined || Math.abs((place.endY ?? place.sentY) - place.sentY) < SLANTED;

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

/** Returns the bars that begin in this step. */
const barsOf = (
  { bars = [] }: Story,
  { kind, operations }: Pick<StoryStep, 'kind' | 'operations'>,
): readonly StoryBar[] =>
  kind === 'operation' ? bars.filter(({ operation }) => operations.includes(operation)) : [];

function layOut(story: Story): Layout {
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

/** True for events on one level: a message that arrives when it is sent, and messages that one turn sends to several nodes. */
function isTogether({ arrow, isEnd, timeNanos, step }: Event, last: Event | undefined): boolean {
  if (last?.timeNanos !== timeNanos || last.step !== step) return false;
  return arrow === last.arrow || (!isEnd && !last.isEnd && sourceOf(arrow) === sourceOf(last.arrow));
}

const sourceOf = (drawn: StoryArrow | StoryBar | undefined): string | undefined =>
  drawn !== undefined && 'from' in drawn ? drawn.from : undefined;

const linesOf = ({ number, text }: StoryStep): readonly string[] =>
  wrapped(`${number}. ${text}`, 12, TEXT_WIDTH, 12);

function drawSentence(step: StoryStep, top: number, { right }: Layout): string {
  const isVerdict = step.kind === 'verdict';
  const time = isVerdict
    ? ''
    : label(moment(step.timeNanos), right + TIME_WIDTH - 10, top + 4, { class: 'end tiny faint' });
  return (
    time +
    linesOf(step)
      .map((line, at) =>
        label(line, right + TIME_WIDTH, top + 4 + at * LINE, { class: isVerdict ? 'strong' : undefined }),
      )
      .join('')
  );
}

function drawLanes({ lanes }: Story, { laneX, bottom }: Layout): string {
  const ends = lanes.flatMap(({ name }) => laneX(name) ?? []);
  const names = lanes.map(({ name }, at) =>
    label(shortened(name, 12, 110), present(ends[at]), TOP - 6, { class: 'middle strong halo' }),
  );
  return (
    tag('path', { class: 'lane', d: ends.map((x) => `M${px(x)} ${TOP}V${px(bottom)}`).join('') }) +
    names.join('')
  );
}

function drawBands(story: Story, { laneX, tops, rows, bottom }: Layout): readonly Drawn[] {
  const faults = [...new Set(story.steps.flatMap(({ band }) => band?.fault ?? []))];
  return story.steps.flatMap(({ band }, at): readonly Drawn[] => {
    if (band === undefined) return [];
    const xs = band.nodes.flatMap((node) => laneX(node) ?? []);
    if (xs.length === 0) return [];
    const { endNanos } = band;
    const top = present(tops[at]) - 8;
    const end =
      endNanos === undefined ? bottom : (rows.find(({ timeNanos }) => timeNanos >= endNanos)?.y ?? bottom);
    const left = Math.min(...xs) - 20;
    const { number } = present(story.steps[at]);
    const rect = tag('rect', {
      class: `band b${faults.indexOf(band.fault) % BAND_COLOURS}`,
      x: left,
      y: top,
      width: Math.max(...xs) + 20 - left,
      height: Math.max(6, end - top),
    });
    const name = shownText(band.fault, 24);
    return [
      {
        line: `<g data-step="${number}"><title>${escapeMarkup(`step ${number}: ${name}`)}</title>${rect}</g>`,
        words: `<g class="words" data-step="${number}">${label(name, left + 2, top + 9, { class: 'tiny faint halo' })}</g>`,
      },
    ];
  });
}

/** Texts are drawn after all lines, so that no line crosses them. */
interface Drawn {
  readonly line: string;
  readonly words: string;
}

interface Drawing {
  readonly layout: Layout;
  readonly labels: LabelRoom;
}

/** Minimum height of an arrow from a node to itself, including its label. */
const LOOP = 10;
const LOOP_ROOM = 48;

function drawArrow(
  story: Story,
  step: StoryStep,
  arrow: StoryArrow,
  { layout, labels }: Drawing,
): Drawn | undefined {
  const { laneX, places } = layout;
  const [x1, x2, place] = [laneX(arrow.from), laneX(arrow.to), places.get(arrow)];
  if (x1 === undefined || x2 === undefined || place === undefined) return undefined;
  const { sentY } = place;
  const isToItself = arrow.from === arrow.to;
  const colour = arrow.isLost ? 's1' : colourOf(story, arrow);
  const text =
    `${step.number} ${shortened(shownText(arrow.label, 40), LABEL, isToItself ? LOOP_ROOM : Math.max(0, Math.abs(x2 - x1) - 34))}`.trim();
  const [endX, endY, mark] = ending(x1, x2, place, arrow, layout.bottom);
  const style = `arrow ${colour}${step.kind === 'folded' ? ' dashed' : mark === 'none' ? ' dotted' : ''}`;
  const width = textWidth(text, LABEL);
  const spots: readonly (readonly [x: number, y: number])[] = isToItself
    ? [[x1 + 18 + width / 2, (sentY + endY) / 2 + 7]]
    : (isLevelPlace(place, arrow) ? [0.5] : ALONG).map((part) => [
        x1 + (endX - x1) * part,
        sentY + (endY - sentY) * part - 3,
      ]);
  const spot = spots.find(
    ([x, y]) =>
      (spots.length === 1 || !isCrossed(layout, x, y, width)) && labels.take(x - width / 2, y, width),
  );
  const line = isToItself
    ? tag('path', {
        class: style,
        d: `M${px(x1)} ${px(sentY)}c20 0 20 ${px(Math.max(LOOP, endY - sentY))} 2 ${px(Math.max(LOOP, endY - sentY))}`,
      })
    : tag('path', {
        class: style,
        d: `M${px(x1)} ${px(sentY)}L${px(endX)} ${px(endY)}${mark === 'cross' ? 'm-4-4l8 8m0-8l-8 8' : ''}`,
      });
  const about = `data-step="${step.number}" data-message="${arrow.message}"`;
  const words =
    spot === undefined
      ? label(String(step.number), x1 + Math.sign(x2 - x1) * 9, sentY - 3, { class: 'middle tiny halo' })
      : label(text, spot[0], spot[1], { class: 'middle tiny halo' });
  return {
    line: `<g ${about}><title>${titleOf(step, arrow)}</title>${line}${mark === 'head' ? head(x1, sentY, endX, endY, colour) : ''}</g>`,
    words: `<g class="words" ${about}>${words}</g>`,
  };
}

/** Positions along a slanted arrow that are tried for its label. */
const ALONG = [0.5, 0.3, 0.15, 0.7, 0.85];

/** True if a level arrow runs through a label, which would seem to be that arrow's. */
function isCrossed({ places, laneX }: Layout, x: number, y: number, width: number): boolean {
  return [...places].some(([drawn, place]) => {
    if (!('from' in drawn) || !isLevelPlace(place, drawn)) return false;
    const ends = [laneX(drawn.from) ?? 0, laneX(drawn.to) ?? 0];
    const isBeside = x + width / 2 < Math.min(...ends) || x - width / 2 > Math.max(...ends);
    return !isBeside && place.sentY > y - LABEL - 2 && place.sentY < y + 6;
  });
}

const titleOf = ({ number }: StoryStep, { from, to, label: text, isLost }: StoryArrow): string =>
  escapeMarkup(`step ${number}: ${shownText(text, 40)} from ${from} to ${to}${isLost ? ', lost' : ''}`);

/** Draws the end of an arrow: a cross for a lost message; below the picture for one still in flight at the end of the story. */
function ending(
  x1: number,
  x2: number,
  { sentY, endY }: ArrowRows,
  { isLost }: StoryArrow,
  bottom: number,
): readonly [x: number, y: number, mark: 'head' | 'cross' | 'none'] {
  if (isLost) return [x1 + (x2 - x1) * 0.72, sentY + ((endY ?? sentY) - sentY) * 0.72, 'cross'];
  if (endY === undefined) return [x1 + (x2 - x1) * 0.9, bottom - 6, 'none'];
  return [x2, endY, 'head'];
}

function colourOf({ lanes }: Story, { from, to }: StoryArrow): string {
  const kinds = [from, to].map((end) => lanes.find(({ name }) => name === end)?.kind);
  if (kinds.includes('client')) return 's0';
  return kinds.includes('service') ? 's2' : 's6';
}

function head(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1) return '';
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const d = `M${px(x2)} ${px(y2)}l${px(-8 * ux + 3.4 * uy)} ${px(-8 * uy - 3.4 * ux)}l${px(-6.8 * uy)} ${px(6.8 * ux)}z`;
  return tag('path', { class: `head ${colour}`, d });
}

const OUTCOME_BOXES = { ok: 'box-ok', fail: 'box-fail', info: 'box-info' } as const;
const BAR_WIDTH = 12;

/** Returns a path between two operations of one client, to the left of both. */
const aside = (x: number, y1: number, y2: number): string =>
  tag('path', {
    class: 'arrow s1',
    d: `M${px(x - BAR_WIDTH / 2)} ${px(y1)}c-18 0 -18 ${px(y2 - y1)} -2 ${px(y2 - y1)}`,
  }) + head(x - BAR_WIDTH / 2 - 12, y2, x - BAR_WIDTH / 2, y2, 's1');

/** Draws operations in the lanes of their clients, and the relations between them. */
function drawBars(story: Story, layout: Layout, labels: LabelRoom): string {
  const { bars = [], links = [] } = story;
  const drawn = bars.flatMap((bar) => {
    const [x, place] = [layout.laneX(bar.lane), layout.places.get(bar)];
    const step = story.steps.find((one) => barsOf(story, one).includes(bar));
    if (x === undefined || place === undefined || step === undefined) return [];
    return [{ bar, x, step, top: place.sentY - 5, bottom: (place.endY ?? layout.bottom - 12) + 5 }];
  });
  // Drawn above lines and boxes.
  const texts: string[] = [];
  const boxes = drawn.map(({ bar, x, step, top, bottom }) => {
    const text = `${step.number} ${bar.label}`;
    const shown = shortened(text, LABEL, BAR_ROOM);
    labels.take(x + 10, top + 12, textWidth(shown, LABEL));
    texts.push(label(shown, x + 10, top + 12, { class: 'tiny halo' }));
    const isWrong = bar.operation === story.wrong;
    const about = escapeMarkup(
      `step ${step.number}: ${bar.label} by ${bar.lane}${bar.endNanos === undefined ? ', not over by the end' : ''}`,
    );
    return (
      `<g data-step="${step.number}"><title>${about}</title>` +
      tag('rect', {
        class: `box ${isWrong ? 'box-bad' : OUTCOME_BOXES[bar.outcome]}`,
        x: x - BAR_WIDTH / 2,
        y: top,
        width: BAR_WIDTH,
        height: bottom - top,
        rx: 3,
      }) +
      '</g>'
    );
  });
  const of = new Map(drawn.map((one) => [one.bar.operation, one]));
  const arrows = links.map(({ from, to, label: text }) => {
    const [first, second] = [of.get(from), of.get(to)];
    if (first === undefined || second === undefined) return '';
    const isOver = first.bottom <= second.top;
    const sign = Math.sign(second.x - first.x);
    const [x1, y1] = [
      first.x + (sign * BAR_WIDTH) / 2,
      isOver ? first.bottom - 6 : (first.top + first.bottom) / 2,
    ];
    const [x2, y2] = [
      second.x - (sign * BAR_WIDTH) / 2,
      isOver ? second.top + 6 : (second.top + second.bottom) / 2,
    ];
    const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2 - 3];
    const shown = shortened(
      shownText(text, 24),
      LABEL,
      sign === 0 ? 66 : Math.max(30, Math.abs(x2 - x1) - 12),
    );
    const width = textWidth(shown, LABEL);
    const isFree = labels.take(middleX - width / 2, middleY, width);
    if (sign === 0) texts.push(label(shown, x1 - 24, middleY + 6, { class: 'end tiny halo' }));
    else if (isFree) texts.push(label(shown, middleX, middleY, { class: 'middle tiny halo' }));
    return (
      `<g><title>${escapeMarkup(text)}</title>` +
      (sign === 0
        ? aside(x1, y1, y2)
        : tag('path', { class: 'arrow s1', d: `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}` }) +
          head(x1, y1, x2, y2, 's1')) +
      '</g>'
    );
  });
  return arrows.join('') + boxes.join('') + texts.join('');
}

/** Draws the ring around the end of the operation that shows the violation. */
function drawRing(story: Story, { laneX, places }: Layout): string {
  const { wrong } = story;
  const step = story.steps.findLast(
    ({ operations, arrows }) => wrong !== undefined && operations.includes(wrong) && arrows.length > 0,
  );
  const arrow = step?.arrows.at(-1);
  const place = arrow && places.get(arrow);
  const x = arrow && laneX(arrow.to);
  if (x === undefined || place === undefined) return '';
  return tag('circle', { class: 'diamond s4', cx: x, cy: place.endY ?? place.sentY, r: 8 });
}
