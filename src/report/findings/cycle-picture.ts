/**
 * A cycle of transactions as a column: each transaction in a box, between two of them why the one came before the other,
 * and on the left the way back up that cannot be.
 *
 *     +-> [ T1  operation 5 (process 2): r 1 [1] ]
 *     |        | rw: T1 read key 1 as [1], so it missed ...
 *     |        v
 *     |   [ T2  operation 3 (process 1): append 1 2 ]
 *     |        |
 *     +--------+ realtime: yet T2 was over before T1 began
 */
import type { CycleInWords } from '../../checkers/evidence.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { wrapped } from '../svg/text-size.ts';

const WIDTH = 860;
const BOX_LEFT = 70;
const BOX_WIDTH = WIDTH - BOX_LEFT - 30;
const ARROW_X = BOX_LEFT + 60;
const REASON_X = ARROW_X + 24;
const LINE = 16;
const BACK_X = 34;
/** Longer cycles are cut in the middle: they are not read step by step. */
const MOST_TRANSACTIONS = 12;
const TEXT_LINES = 5;

export function cyclePicture(type: string, cycle: CycleInWords): Picture {
  const { transactions, steps } = cycle;
  const cut = transactions.length > MOST_TRANSACTIONS;
  const kept = cut ? transactions.slice(0, MOST_TRANSACTIONS - 1) : transactions;
  const parts = [
    label(`${type}: ${cut ? `a cycle of ${transactions.length} transactions` : cycle.path}`, 24, 28, {
      class: 'title',
    }),
  ];
  let y = 50;
  const firstMiddle = y + 15;
  const boxes = [...kept, ...(cut ? transactions.slice(-1) : [])];
  for (const [at, { name, place, text }] of boxes.entries()) {
    const lines = wrapped(text, 12, BOX_WIDTH - 24, TEXT_LINES);
    const height = 16 + (lines.length + 1) * LINE;
    parts.push(
      tag('rect', { class: 'box', x: BOX_LEFT, y, width: BOX_WIDTH, height, rx: 6 }),
      label(name, BOX_LEFT + 12, y + 20, { class: 'strong' }),
      label(place, BOX_LEFT + 48, y + 20, { class: 'faint' }),
      ...lines.map((line, row) => label(line, BOX_LEFT + 12, y + 20 + (row + 1) * LINE)),
    );
    y += height;
    const isLast = at === boxes.length - 1;
    const isGap = cut && at === kept.length - 1;
    const step = isLast ? steps.at(-1) : steps[at];
    const reason = isGap
      ? `... and ${transactions.length - boxes.length} transactions more, each before the next ...`
      : step === undefined
        ? ''
        : `${isLast ? 'yet ' : ''}${step.reason}: ${step.from} came before ${step.to}${isLast ? ', a contradiction' : ''}`;
    const reasonLines = wrapped(reason, 12, WIDTH - REASON_X - 30, 4);
    const gap = 18 + reasonLines.length * LINE;
    parts.push(
      label(isGap ? '' : (step?.type ?? ''), ARROW_X - 10, y + 22, { class: 'end strong small' }),
      ...reasonLines.map((line, row) => label(line, REASON_X, y + 22 + row * LINE)),
    );
    const colour = isLast ? 's1' : 's0';
    if (isLast) {
      const bottom = y + gap - 6;
      parts.push(
        tag('path', {
          class: `line ${colour}`,
          d: `M${ARROW_X} ${px(y)}V${px(bottom)}H${BACK_X}V${px(firstMiddle)}H${BOX_LEFT - 7}`,
        }),
        tag('path', { class: `head ${colour}`, d: `M${BOX_LEFT} ${px(firstMiddle)}l-10-5v10z` }),
      );
      y = bottom;
    } else {
      parts.push(
        tag('path', { class: `line ${colour}`, d: `M${ARROW_X} ${px(y)}V${px(y + gap - 7)}` }),
        tag('path', { class: `head ${colour}`, d: `M${ARROW_X} ${px(y + gap)}l-5-10h10z` }),
      );
      y += gap;
    }
  }
  return {
    width: WIDTH,
    height: y + 24,
    title: `${type}: why these transactions cannot be put in order`,
    body: parts.join('\n'),
  };
}
