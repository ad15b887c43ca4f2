/**
 * The fate of one element of a set: a row for each client, with the add from invocation to completion, and a mark for
 * each read, which contains the element or does not; faults are in the background.
 *
 *     process 0 (n1)   ▬ add 7     ●        ●  ×      ● shows it   × lacks it
 *     process 1 (n2)      ·   ×   ×         ×  ×      · lacks it, but it was not known yet
 */
import { present } from '../../columns/present.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import { showValue } from '../svg/operation-text.ts';
import { plot, type LegendEntry, type PlotArea, type YAxis } from '../plots/plot-frame.ts';
import type { ElementStory, StoryRead } from './set-stories.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { shortened, textWidth } from '../svg/text-size.ts';

const ROW = 24;
/** Maximum number of rows; more clients share rows by their nodes. */
const MOST_ROWS = 24;
/** Marks of one kind within this distance in a row are merged. */
const CELL = 7;
const LABEL_SIZE = 11;
const LEAST_LABEL = 44;
const LONGEST_LABEL = 180;
/** The name of the axis, left of the labels. */
const AXIS_NAME = 30;
const NANOS = 1e9;

export interface ElementPicture {
  readonly title: string;
  readonly story: ElementStory;
  readonly bands: readonly FaultBand[];
  readonly endNanos: number;
  readonly concurrency: number;
  readonly nodeOf: NodeOf;
}

interface ClientRows {
  readonly labels: readonly string[];
  /** What the labels name. */
  readonly name: string;
  readonly of: (process: number) => number;
}

export function elementPicture(options: ElementPicture): Picture {
  const { title, story, bands, endNanos } = options;
  const rows = rowsOf(options);
  const fates = [...new Set(story.reads.map(({ fate }) => fate))];
  return plot({
    title,
    endNanos,
    bands,
    left: AXIS_NAME + Math.max(...rows.labels.map((text) => textWidth(text, LABEL_SIZE)), LEAST_LABEL),
    legend: LEGEND.filter(({ fate }) => (fate === 'add' ? story.add !== undefined : fates.includes(fate))),
    panels: [
      {
        // Includes room for labels below the last row.
        height: Math.max(3, rows.labels.length) * ROW + 8,
        heading: '',
        y: (_, top) => axisOf(rows, top),
        draw: (area, y) => drawStory(story, area, y, rows),
      },
    ],
    notes: [],
  });
}

/** Assigns rows to threads, so that a client keeps its row when its process crashes and another takes its place. */
function rowsOf({ story, concurrency, nodeOf }: ElementPicture): ClientRows {
  const nodesOf = new Map<number, Set<string>>();
  const take = (process: number, time: number): void => {
    const thread = process % concurrency;
    const nodes = nodesOf.get(thread) ?? new Set();
    nodesOf.set(thread, nodes.add(nodeOf({ process, time }) ?? `process ${thread}`));
  };
  for (const { process, completedNanos } of story.reads) take(process, completedNanos);
  if (story.add !== undefined) take(Number(story.add.invocation.process), story.add.invocation.time);
  const threads = [...nodesOf.keys()].toSorted((a, b) => a - b);
  // Several nodes if the client's first node has left.
  const named = (thread: number): string => [...present(nodesOf.get(thread))].join(', ');
  // A history from elsewhere does not say which nodes its clients used.
  const isWithoutNodes = threads.every((thread) => named(thread) === `process ${thread}`);
  const labelOf = (thread: number): string =>
    isWithoutNodes ? String(thread) : shortened(named(thread), LABEL_SIZE, LONGEST_LABEL);
  const name = isWithoutNodes ? 'process' : 'client of';
  if (threads.length <= MOST_ROWS) {
    const at = new Map(threads.map((thread, row) => [thread, row]));
    return {
      labels: threads.map(labelOf),
      name,
      of: (process) => present(at.get(process % concurrency)),
    };
  }
  const nodes = [...new Set(threads.map(labelOf))];
  const kept = nodes.slice(0, MOST_ROWS);
  return {
    labels: nodes.length > kept.length ? [...kept.slice(0, -1), 'others'] : kept,
    name,
    of: (process) => Math.min(nodes.indexOf(labelOf(process % concurrency)), kept.length - 1),
  };
}

function axisOf({ labels, name }: ClientRows, top: number): YAxis {
  const scale = (row: number): number => top + (row + 0.5) * ROW;
  return {
    scale,
    ticks: labels.map((text, value) => ({ value, text })),
    name,
  };
}

function drawStory(
  { element, add, reads }: ElementStory,
  { x, right }: PlotArea,
  { scale }: YAxis,
  rows: ClientRows,
): { readonly markup: string; readonly note?: string } {
  const place = (read: StoryRead): number => Math.min(right - 2, x(read.completedNanos / NANOS));
  const drawn = thinned(reads, place, rows);
  const parts = drawn.map((read) => {
    const [at, y] = [place(read), scale(rows.of(read.process))];
    const began = x(read.invokedNanos / NANOS);
    const span =
      at - began > 6 ? tag('path', { class: 'line thin s6', d: `M${px(began)} ${px(y)}H${px(at - 4)}` }) : '';
    return `${span}<g><title>${titleOf(read)}</title>${MARKS[read.fate](at, y)}</g>`;
  });
  const first = reads.find(({ fate }) => fate === 'shows' || fate === 'repeats');
  if (first !== undefined) {
    const row = rows.of(first.process);
    const [at, y] = [place(first), scale(row)];
    // The label of the add is between its row and the one above.
    const isAboveAdd = add !== undefined && rows.of(Number(add.invocation.process)) === row + 1;
    parts.push(
      tag('path', { class: 'diamond s0', d: `M${px(at)} ${px(y - 9)}l9 9l-9 9l-9-9z` }),
      sideLabel('first read', at, isAboveAdd ? y - 8 : y + 16, right),
    );
  }
  if (add !== undefined) {
    const { invocation, completion } = add;
    const y = scale(rows.of(Number(invocation.process)));
    const from = Math.min(right - 6, x(invocation.time / NANOS));
    const to = completion === undefined ? right : x(completion.time / NANOS);
    const outcome = completion?.type === 'ok' ? 'ok' : completion?.type === 'fail' ? 'fail' : 'info';
    const doubt = outcome === 'ok' ? '' : outcome === 'fail' ? ', failed' : ', in doubt';
    parts.push(
      tag('rect', {
        class: `box-${outcome}`,
        x: from - 3,
        y: y - 7,
        width: Math.max(6, Math.min(right, to) - from + 3),
        height: 14,
        rx: 3,
      }),
      sideLabel(`${invocation.f} ${showValue(element)}${doubt}`, from, y - 8, right),
    );
  }
  const rest = reads.length - drawn.length;
  return rest === 0
    ? { markup: parts.join('\n') }
    : {
        markup: parts.join('\n'),
        note: `Of ${reads.length.toLocaleString('en')} reads ${drawn.length.toLocaleString('en')} are drawn; the others would lie upon these.`,
      };
}

/** Places a label beside the mark, on the side with enough room. */
function sideLabel(text: string, at: number, y: number, right: number): string {
  const short = shortened(text, 10, 220);
  return at < right - 230
    ? label(short, at + 8, y, { class: 'tiny halo' })
    : label(short, at - 8, y, { class: 'tiny halo end' });
}

/** Returns the first of the marks that would cover each other. */
function thinned(
  reads: readonly StoryRead[],
  place: (read: StoryRead) => number,
  rows: ClientRows,
): readonly StoryRead[] {
  const taken = new Set<string>();
  return reads.filter((read) => {
    const cell = `${read.fate} ${rows.of(read.process)} ${Math.floor(place(read) / CELL)}`;
    if (taken.has(cell)) return false;
    taken.add(cell);
    return true;
  });
}

function titleOf({ invocationIndex, process, completedNanos, fate, isFinal }: StoryRead): string {
  return `${isFinal ? 'final read' : 'read'} (operation ${invocationIndex}, process ${process}) at ${(completedNanos / NANOS).toFixed(6)} s ${FATES[fate]}`;
}

const FATES = {
  shows: 'shows it',
  repeats: 'lists it more than once',
  lacks: 'lacks it',
  'lacks-early': 'lacks it, but it was not known yet when the read began',
} as const;

const MARKS: Readonly<Record<StoryRead['fate'], (x: number, y: number) => string>> = {
  shows: (x, y) => tag('path', { class: 'dot s0', d: `M${px(x)} ${px(y)}h0` }),
  repeats: (x, y) =>
    tag('path', { class: 'dot s0', d: `M${px(x - 3)} ${px(y)}h0` }) +
    tag('path', { class: 'dot s1', d: `M${px(x + 3)} ${px(y)}h0` }),
  lacks: (x, y) => tag('path', { class: 'cross s1', d: `M${px(x - 3.5)} ${px(y - 3.5)}l7 7m0-7l-7 7` }),
  'lacks-early': (x, y) => tag('path', { class: 'cross s6', d: `M${px(x - 2.5)} ${px(y)}h5` }),
};

const LEGEND: readonly (LegendEntry & { readonly fate: StoryRead['fate'] | 'add' })[] = [
  {
    fate: 'add',
    swatch: tag('rect', { class: 'box-ok', x: -11, y: -6, width: 22, height: 12, rx: 3 }),
    text: 'the add',
  },
  { fate: 'shows', swatch: MARKS.shows(0, 0), text: 'read that shows it' },
  { fate: 'repeats', swatch: MARKS.repeats(0, 0), text: 'lists it twice or more' },
  { fate: 'lacks', swatch: MARKS.lacks(0, 0), text: 'read that lacks it' },
  { fate: 'lacks-early', swatch: MARKS['lacks-early'](0, 0), text: 'lacks it, not known yet' },
];
