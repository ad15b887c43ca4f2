/**
 * The frame of all plots over time: title, axes, fault bands with a strip for each kind above the plot, and a legend to
 * the right of it, where it covers nothing.
 *
 *     title
 *     ▂▂▂▂      ▂▂▂     strips: partition, kill
 *     |                    ● add ok
 *     |  . . .. .          ▂ partition
 *     +-----------
 */
import { scaleLinear, type ScaleContinuousNumeric } from 'd3-scale';
import { shownText } from '../../protocol/shown-text.ts';
import { MEMBERSHIP } from '../../nemesis/fault-operations.ts';
import { bandKinds, type FaultBand } from '../../recording/fault-bands.ts';
import { BAND_COLOURS } from '../svg/picture-style.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { shortened } from '../svg/text-size.ts';

const WIDTH = 980;
const LEFT = 74;
const RIGHT = 216;
const TOP = 44;
const BOTTOM = 50;
const STRIP = 7;
const NANOS = 1e9;
const LEGEND_TEXT = RIGHT - 56;
const MAX_LEGEND = 16;

export interface LegendEntry {
  /** Markup of the swatch, drawn around 0,0 within 24 by 10 pixels. */
  readonly swatch: string;
  readonly text: string;
}

export interface YAxis {
  readonly scale: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly name: string;
}

export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** From seconds to pixels. */
  readonly x: (seconds: number) => number;
}

export interface PlotOptions {
  readonly title: string;
  readonly endNanos: number;
  readonly bands: readonly FaultBand[];
  readonly legend: readonly LegendEntry[];
  /** The width left of the plot, if labels of its axis need more than usual. */
  readonly left?: number;
  /** The panels from top to bottom, each with a height in pixels. */
  readonly panels: readonly Panel[];
  /** Shown below the plot, such as what was omitted. */
  readonly notes: readonly string[];
}

export interface Panel {
  readonly height: number;
  /** Shown above the panel; empty for none. */
  readonly heading: string;
  readonly y: (bottom: number, top: number) => YAxis;
  readonly draw: (area: PlotArea, y: YAxis) => Drawn;
}

export interface Drawn {
  readonly markup: string;
  /** What was omitted, shown below the plot. */
  readonly note?: string;
}

const GAP = 30;
/** The time axis is at least this long: a run may end before it has begun. */
const LEAST_SECONDS = 1e-3;
export const NO_OPERATIONS = 'There were no operations.';
const NOTE_LINE = 16;

export function plot(options: PlotOptions): Picture {
  const { title, panels, bands, left = LEFT } = options;
  const notes = [...options.notes];
  const kinds = bandKinds(bands);
  const plotTop = TOP + kinds.length * (STRIP + 2);
  const panelsHeight = panels.reduce((sum, panel) => sum + panel.height, 0);
  const headings = panels.filter(({ heading }) => heading !== '').length;
  const plotBottom = plotTop + panelsHeight + Math.max(0, panels.length - 1) * GAP + (headings > 0 ? 14 : 0);
  const legendBottom = TOP + 20 * Math.min(MAX_LEGEND + 1, options.legend.length + kinds.length);
  const endSeconds = Math.max(options.endNanos / NANOS, LEAST_SECONDS);
  const ticks = scaleLinear([0, endSeconds], [left, WIDTH - RIGHT]);
  const x = straightScale([0, endSeconds], [left, WIDTH - RIGHT]);
  const parts = [label(shortened(shownText(title), 16.5, WIDTH - left - 20), left, 26, { class: 'title' })];
  let top = plotTop + (headings > 0 ? 14 : 0);
  parts.push(drawStrips(bands, kinds, x));
  for (const [at, panel] of panels.entries()) {
    const area = { left, right: WIDTH - RIGHT, top, bottom: top + panel.height, x };
    const y = panel.y(area.bottom, area.top);
    parts.push(
      drawBands(bands, kinds, area),
      drawYAxis(area, y),
      drawXAxis(area, ticks, at === panels.length - 1),
      label(panel.heading, left, top - 6, { class: 'strong small' }),
    );
    const { markup, note } = panel.draw(area, y);
    parts.push(markup);
    if (note !== undefined) notes.push(note);
    top = area.bottom + GAP;
  }
  notes.forEach((note, at) =>
    parts.push(
      label(shortened(note, 11, WIDTH - left - 20), left, plotBottom + BOTTOM + 4 + at * NOTE_LINE, {
        class: 'small faint',
      }),
    ),
  );
  parts.push(drawLegend([...options.legend, ...kinds.map(bandEntry)]));
  const height = Math.max(plotBottom + BOTTOM + notes.length * NOTE_LINE, legendBottom + 20);
  return { width: WIDTH, height, title, body: parts.filter((part) => part !== '').join('\n') };
}

/**
 * The same result as d3's scales to the last bit, in a tenth of the time: a plot of a million operations calls it two
 * million times.
 */
export function straightScale(
  [least, most]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const range = most - least;
  return (value) => {
    const part = (value - least) / range;
    return from * (1 - part) + to * part;
  };
}

function drawStrips(
  bands: readonly FaultBand[],
  kinds: readonly string[],
  x: (seconds: number) => number,
): string {
  return bands
    .map((band) => {
      const { from, to } = spanOf(band, x);
      const kind = kinds.indexOf(band.kind);
      const what = band.about === '' ? band.kind : `${band.kind}: ${band.about}`;
      return tag(
        'rect',
        {
          class: `strip b${kind % BAND_COLOURS}`,
          x: from,
          y: TOP - 6 + kind * (STRIP + 2),
          width: to - from,
          height: STRIP,
        },
        tagTitle(what),
      );
    })
    .join('');
}

function drawBands(bands: readonly FaultBand[], kinds: readonly string[], area: PlotArea): string {
  return bands
    .filter(({ kind }) => kind !== MEMBERSHIP)
    .map((band) => {
      const { from, to } = spanOf(band, area.x);
      const colour = kinds.indexOf(band.kind) % BAND_COLOURS;
      return tag('rect', {
        class: `band b${colour}`,
        x: from,
        y: area.top,
        width: to - from,
        height: area.bottom - area.top,
      });
    })
    .join('');
}

/** Returns a span at least one pixel wide, so that short bands are visible. */
function spanOf(
  band: FaultBand,
  x: (seconds: number) => number,
): { readonly from: number; readonly to: number } {
  const right = WIDTH - RIGHT;
  const from = Math.min(x(band.fromNanos / NANOS), right - 1);
  const to = band.toNanos === undefined ? right : Math.min(right, x(band.toNanos / NANOS));
  return { from, to: Math.max(to, from + 1) };
}

const tagTitle = (text: string): string =>
  tag('title', {}, label(text, 0, 0).replace(/^<text[^>]*>|<\/text>$/g, ''));

function drawYAxis({ left, right, top, bottom }: PlotArea, { scale, ticks, name }: YAxis): string {
  const lines = ticks.map(({ value }) => `M${left} ${px(scale(value))}H${right}`).join('');
  const middle = (top + bottom) / 2;
  return (
    tag('path', { class: 'grid', d: lines }) +
    tag('path', { class: 'axis', d: `M${left} ${px(top)}V${px(bottom)}` }) +
    ticks.map(({ value, text }) => label(text, left - 8, scale(value) + 4, { class: 'end small' })).join('') +
    label(name, 0, 0, { class: 'middle faint small', transform: `translate(16 ${px(middle)}) rotate(-90)` })
  );
}

function drawXAxis(
  { left, right, bottom }: PlotArea,
  x: ScaleContinuousNumeric<number, number>,
  isLast: boolean,
): string {
  const ticks = x.ticks(8);
  const format = x.tickFormat(8);
  const marks = ticks.map((value) => `M${px(x(value))} ${px(bottom)}v5`).join('');
  const axis = tag('path', { class: 'axis', d: `M${left} ${px(bottom)}H${right}${marks}` });
  if (!isLast) return axis;
  return (
    axis +
    ticks.map((value) => label(format(value), x(value), bottom + 18, { class: 'middle small' })).join('') +
    label('time (s)', (left + right) / 2, bottom + 36, { class: 'middle faint small' })
  );
}

function bandEntry(kind: string, at: number): LegendEntry {
  return {
    swatch: tag('rect', { class: `strip b${at % BAND_COLOURS}`, x: -11, y: -4, width: 22, height: 8 }),
    text: kind,
  };
}

function drawLegend(entries: readonly LegendEntry[]): string {
  const left = WIDTH - RIGHT + 18;
  const shown = entries.slice(0, MAX_LEGEND);
  const lines = shown.map(({ swatch, text }, at) => {
    const y = TOP + 8 + at * 20;
    return (
      tag('g', { transform: `translate(${left + 12} ${y})` }, swatch) +
      label(shortened(shownText(text), 12, LEGEND_TEXT), left + 32, y + 4)
    );
  });
  if (entries.length > shown.length) {
    const y = TOP + 12 + shown.length * 20;
    lines.push(label(`and ${entries.length - shown.length} more`, left + 32, y, { class: 'faint' }));
  }
  return lines.join('\n');
}
