/** The arrows of a story's picture, with the numbers of their steps. */
import type { Story, StoryArrow, StoryStep } from '../../recording/story.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { arrowHead } from '../../report/svg/arrow-head.ts';
import { escapeMarkup } from '../../report/svg/escape.ts';
import type { LabelRoom } from '../../report/svg/label-room.ts';
import { label, px, tag } from '../../report/svg/svg.ts';
import { shortened, textWidth } from '../../report/svg/text-size.ts';
import { LABEL, type ArrowRows, type Layout } from './story-layout.ts';

/** Texts are drawn after all lines, so that no line crosses them. */
export interface Drawn {
  readonly line: string;
  readonly words: string;
}

interface Drawing {
  readonly layout: Layout;
  readonly labels: LabelRoom;
}

/** Slanted arrows have room for their label in several places, level ones in one: these are labelled first. */
export function drawArrows(story: Story, drawing: Drawing): readonly Drawn[] {
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
    : ALONG.map((part) => [x1 + (endX - x1) * part, sentY + (endY - sentY) * part - 3]);
  const spot = spots.find(
    ([x, y]) =>
      (spots.length === 1 || !isCrossed(layout, arrow, { x, y, width })) &&
      labels.take(x - width / 2, y, width),
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
    line: `<g ${about}><title>${titleOf(step, arrow)}</title>${line}${mark === 'head' ? arrowHead(x1, sentY, endX, endY, colour) : ''}</g>`,
    words: `<g class="words" ${about}>${words}</g>`,
  };
}

/** Positions along an arrow that are tried for its label. */
const ALONG = [0.5, 0.3, 0.15, 0.7, 0.85];

/** True if another level arrow runs through a label, which would seem to be that arrow's. */
function isCrossed(
  { places, laneX }: Layout,
  own: StoryArrow,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): boolean {
  return [...places].some(([drawn, place]) => {
    if (drawn === own || !('from' in drawn) || !isLevelPlace(place, drawn)) return false;
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
