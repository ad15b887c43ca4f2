/** Operations as bars in the lanes of their clients, with the relations between them: for histories without messages. */
import type { Story } from '../../recording/story.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { arrowHead } from '../../report/svg/arrow-head.ts';
import { escapeMarkup } from '../../report/svg/escape.ts';
import type { LabelRoom } from '../../report/svg/label-room.ts';
import { label, px, tag } from '../../report/svg/svg.ts';
import { shortened, textWidth } from '../../report/svg/text-size.ts';
import { barsOf, LABEL, type Layout } from './story-layout.ts';

/** Width of the labels beside a bar, up to the next lane. */
const BAR_ROOM = 104;
const OUTCOME_BOXES = { ok: 'box-ok', fail: 'box-fail', info: 'box-info' } as const;
const BAR_WIDTH = 12;

/** Returns a path between two operations of one client, to the left of both. */
const aside = (x: number, y1: number, y2: number): string =>
  tag('path', {
    class: 'arrow s1',
    d: `M${px(x - BAR_WIDTH / 2)} ${px(y1)}c-18 0 -18 ${px(y2 - y1)} -2 ${px(y2 - y1)}`,
  }) + arrowHead(x - BAR_WIDTH / 2 - 12, y2, x - BAR_WIDTH / 2, y2, 's1');

/** Draws operations in the lanes of their clients, and the relations between them. */
export function drawBars(story: Story, layout: Layout, labels: LabelRoom): string {
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
          arrowHead(x1, y1, x2, y2, 's1')) +
      '</g>'
    );
  });
  return arrows.join('') + boxes.join('') + texts.join('');
}
