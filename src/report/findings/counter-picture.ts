/**
 * The final reads of a counter on a number line: bands for the possible sums, and a mark in each client's row for the
 * value it read.
 *
 *                      ▒▒  ▒▒▒
 *     n1          ×    ▒▒  ▒▒▒        × 24: no possible sum
 *     n2               ▒▒  ▒●▒        ● 61
 */
import { scaleLinear } from 'd3-scale';
import type { SumRange } from '../../checkers/evidence.ts';
import { isJsonInteger, type Json } from '../../protocol/json.ts';
import { showValue } from '../svg/operation-text.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { shortened, textWidth } from '../svg/text-size.ts';

const WIDTH = 860;
const LEFT = 215;
const RIGHT = 110;
const TOP = 84;
const ROW = 26;
const MOST_ROWS = 40;
const RANGES_NAMED = 6;

export interface CounterPicture {
  readonly title: string;
  readonly reads: readonly { readonly reader: string; readonly value: Json; readonly isWrong: boolean }[];
  readonly acceptable: readonly SumRange[];
}

export function counterPicture({ title, reads, acceptable }: CounterPicture): Picture {
  const shown = [...reads.filter(({ isWrong }) => isWrong), ...reads.filter(({ isWrong }) => !isWrong)].slice(
    0,
    MOST_ROWS,
  );
  const x = scaleOf([
    ...shown.flatMap(({ value }) => (isJsonInteger(value) ? [Number(value)] : [])),
    ...acceptable.flat().map(Number),
  ]);
  const bottom = TOP + shown.length * ROW + 6;
  const ranges = acceptable.map(([low, high]) => {
    const [from, to] = [x(Number(low)), x(Number(high))];
    return tag('rect', {
      class: 'box-ok',
      x: from - 3,
      y: TOP - 8,
      width: to - from + 6,
      height: bottom - TOP + 8,
    });
  });
  const rows = shown.map(({ reader, value, isWrong }, row) => {
    const y = TOP + row * ROW + ROW / 2;
    return (
      tag('path', { class: 'grid', d: `M${LEFT} ${px(y)}H${WIDTH - RIGHT}` }) +
      label(shortened(reader, 12, LEFT - 40), 20, y + 4) +
      markOf(value, isWrong, x, y)
    );
  });
  const ticks = x.ticks(7);
  const axis =
    tag('path', {
      class: 'axis',
      d: `M${LEFT} ${px(bottom)}H${WIDTH - RIGHT}${ticks.map((value) => `M${px(x(value))} ${px(bottom)}v5`).join('')}`,
    }) +
    ticks
      .map((value) => label(value.toLocaleString('en'), x(value), bottom + 18, { class: 'middle small' }))
      .join('');
  const rest = reads.length - shown.length;
  return {
    width: WIDTH,
    height: bottom + 58,
    title,
    body: [
      label(shortened(title, 15, WIDTH - 40), 20, 28, { class: 'title' }),
      label(shortened(`Possible sums (boxes): ${namesOf(acceptable)}`, 12, WIDTH - 40), 20, 50),
      ...ranges,
      ...rows,
      axis,
      label('value read', (LEFT + WIDTH - RIGHT) / 2, bottom + 36, { class: 'middle faint small' }),
      label('dot: possible sum, cross: impossible sum', 20, bottom + 36, { class: 'faint small' }),
      rest > 0 ? label(`and ${rest} reads more`, 20, bottom + 52, { class: 'faint small' }) : '',
    ].join('\n'),
  };
}

function scaleOf(values: readonly number[]): ReturnType<typeof scaleLinear<number, number>> {
  const finite = values.filter((value) => Number.isFinite(value));
  const [low, high] = [Math.min(...finite, 0), Math.max(...finite, 0)];
  return scaleLinear([low, high === low ? low + 1 : high], [LEFT + 12, WIDTH - RIGHT - 12]);
}

function markOf(value: Json, isWrong: boolean, x: (value: number) => number, y: number): string {
  const text = shortened(showValue(value), 12, RIGHT - 20);
  const at = isJsonInteger(value) ? x(Number(value)) : Number.NaN;
  if (!Number.isFinite(at)) return label(`${text}: no integer`, LEFT + 8, y + 4, { class: 'halo' });
  const mark = isWrong
    ? tag('path', { class: 'cross s1', d: `M${px(at - 5)} ${px(y - 5)}l10 10m0-10l-10 10` })
    : tag('path', { class: 'dot s0', d: `M${px(at)} ${px(y)}h0` });
  const room = WIDTH - 10 - (at + 10);
  return (
    mark +
    (textWidth(text, 12) <= room
      ? label(text, at + 10, y + 4, { class: 'halo' })
      : label(text, at - 10, y + 4, { class: 'halo end' }))
  );
}

function namesOf(acceptable: readonly SumRange[]): string {
  const shown = acceptable
    .slice(0, RANGES_NAMED)
    .map(([low, high]) =>
      Number(low) === Number(high) ? showValue(low) : `${showValue(low)} to ${showValue(high)}`,
    );
  const rest = acceptable.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more ranges` : ''}`;
}
