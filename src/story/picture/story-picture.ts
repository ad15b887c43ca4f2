/**
 * Draws a story as a space-time diagram: a vertical lane for each client, node and service, time running down, an arrow for each
 * message with the number of its step, and the sentences beside them. Lost messages end in a cross, faults are bands, and a
 * ring marks the last operation, which shows the violation.
 */
import { present } from '../../columns/present.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { escapeMarkup } from '../../report/svg/escape.ts';
import { LabelRoom } from '../../report/svg/label-room.ts';
import { BAND_COLOURS } from '../../report/svg/picture-style.ts';
import { label, px, tag, type Picture } from '../../report/svg/svg.ts';
import { shortened, wrapped } from '../../report/svg/text-size.ts';
import type { Story, StoryStep } from '../../recording/story.ts';
import { moment } from '../text/words.ts';
import { drawArrows, type Drawn } from './draw-arrows.ts';
import { drawBars } from './draw-bars.ts';
import { LABEL, layOut, LINE, linesOf, TEXT_WIDTH, TOP, type Layout } from './story-layout.ts';

const TIME_WIDTH = 62;

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
    const runs = adjacentLanes(story, new Set(band.nodes), laneX);
    const [first] = runs;
    if (first === undefined) return [];
    const { endNanos } = band;
    const top = present(tops[at]) - 8;
    const end =
      endNanos === undefined ? bottom : (rows.find(({ timeNanos }) => timeNanos >= endNanos)?.y ?? bottom);
    const { number } = present(story.steps[at]);
    const rects = runs.map(([left, right]) =>
      tag('rect', {
        class: `band b${faults.indexOf(band.fault) % BAND_COLOURS}`,
        x: left - 20,
        y: top,
        width: right - left + 40,
        height: Math.max(6, end - top),
      }),
    );
    const name = shownText(band.fault, 24);
    return [
      {
        line: `<g data-step="${number}"><title>${escapeMarkup(`step ${number}: ${name}`)}</title>${rects.join('')}</g>`,
        words: `<g class="words" data-step="${number}">${label(name, first[0] - 18, top + 9, { class: 'tiny faint halo' })}</g>`,
      },
    ];
  });
}

/** Returns the first and the last x coordinate of each run of adjacent lanes with these names. */
function adjacentLanes(
  { lanes }: Story,
  names: ReadonlySet<string>,
  laneX: Layout['laneX'],
): readonly (readonly [left: number, right: number])[] {
  const runs: [number, number][] = [];
  let isOpen = false;
  for (const { name } of lanes) {
    const x = laneX(name);
    const last = runs.at(-1);
    if (x === undefined || !names.has(name)) isOpen = false;
    else if (isOpen && last !== undefined) last[1] = x;
    else {
      runs.push([x, x]);
      isOpen = true;
    }
  }
  return runs;
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
