/**
 * timeline.html: the operations of every client in columns, with time running down. A box spans from an operation's
 * invocation to its completion, with a row for every event, so that overlaps are visible at any rate; when a process
 * crashes, its successor takes over its column.
 */
import type { ClientBook } from '../../history/client-book.ts';
import type { TestFile } from '../../store/test-file.ts';
import { escapeMarkup } from '../svg/escape.ts';
import { bandKinds, type FaultBand } from '../../recording/fault-bands.ts';
import { htmlPage } from './html-page.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { operationText } from '../svg/operation-text.ts';
import { BAND_COLOURS, DARK_PICTURE_STYLE, PICTURE_STYLE } from '../svg/picture-style.ts';
import { label, px, tag } from '../svg/svg.ts';
import { shortened } from '../svg/text-size.ts';

/** Maximum number of operations drawn. */
export const MOST_OPERATIONS = 5_000;
const ROW = 18;
const AXIS = 96;
const HEAD = 30;

const TIMELINE_STYLE = `:root{color-scheme:light dark;--paper:#fff;--ink:#1d2126}
@media (prefers-color-scheme:dark){:root{--paper:#16191d;--ink:#e8e8e8}}
body{margin:0;padding:0 0 40px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.page{padding:0 16px;max-width:1120px}header{padding-top:28px}h1{font-size:26px;margin:0 0 4px}
.sheet{display:grid;grid-template-columns:max-content max-content;width:max-content}
.corner,.columns{position:sticky;top:0;background:var(--paper);z-index:2}.corner{left:0;z-index:3}.axis-column{position:sticky;left:0;background:var(--paper);z-index:1}
svg{display:block}.shade{white-space:nowrap}.shade svg{display:inline;vertical-align:-1px}
${PICTURE_STYLE}${DARK_PICTURE_STYLE}`;

export interface TimelineData {
  readonly test: TestFile;
  /** In order of invocation; may be more than are drawn. */
  readonly operations: readonly WholeOperation[];
  /** Number of operations in the run. */
  readonly total: number;
  readonly bands: readonly FaultBand[];
  readonly clients: ClientBook;
}

interface Box {
  readonly operation: WholeOperation;
  readonly column: number;
  readonly top: number;
  bottom: number;
}

export function timelinePage({ test, operations, total, bands, clients }: TimelineData): string {
  const { spec } = test;
  const shown = operations.slice(0, MOST_OPERATIONS);
  const { boxes, times, height } = layOut(shown, spec.concurrency);
  const columns = Math.max(1, ...boxes.map(({ column }) => column + 1));
  const wide = columns <= 10 ? 150 : 112;
  const part =
    shown.length < total
      ? `the first ${shown.length.toLocaleString('en')} of ${total.toLocaleString('en')} operations; history.txt has all of them`
      : `${total.toLocaleString('en')} ${total === 1 ? 'operation' : 'operations'}`;
  const heads = Array.from({ length: columns }, (_, column) => {
    const own = boxes.filter((box) => box.column === column);
    const nodes = new Set(own.flatMap(({ operation }) => clients.nodeOf(operation.invocation) ?? []));
    const text = nodes.size === 0 ? `${column}` : `${column}: ${[...nodes].join(', ')}`;
    return label(shortened(text, 12, wide - 8), column * wide + wide / 2, 20, { class: 'middle strong' });
  });
  const body = `<header class="page"><h1>${escapeMarkup(spec.workload)}: operations by client</h1>
<p>${escapeMarkup(test.startedAt)}: ${part}. Time runs down, with a row for every event. A column is a client and the node it talks to.
Blue succeeded; orange, with a dashed edge, failed; yellow, with a dotted edge, ended in doubt.${faultKey(bands)}</p></header>
<main class="page"><div class="sheet">
<div class="corner">${svg(AXIS, HEAD, label('time (s)', AXIS - 12, 20, { class: 'end faint small' }))}</div>
<div class="columns">${svg(columns * wide, HEAD, heads.join(''))}</div>
<div class="axis-column">${svg(AXIS, height, drawTimes(times))}</div>
<div>${svg(columns * wide, height, drawFaults(bands, times, columns * wide, height) + boxes.map((box) => drawBox(box, wide, clients)).join('\n'))}</div>
</div></main>`;
  return htmlPage({ title: `${spec.workload}: operations by client`, style: TIMELINE_STYLE, body });
}

const svg = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="${px(width)}" height="${px(height)}">${content}</svg>`;

interface TimeRow {
  readonly nanos: number;
  readonly y: number;
}

/** Lays out a row for every invocation and completion, in the order of the history. */
function layOut(
  operations: readonly WholeOperation[],
  concurrency: number,
): { readonly boxes: readonly Box[]; readonly times: readonly TimeRow[]; readonly height: number } {
  const events = operations
    .flatMap((operation) => [
      { op: operation.invocation, operation },
      ...(operation.completion === undefined ? [] : [{ op: operation.completion, operation }]),
    ])
    .sort((a, b) => a.op.index - b.op.index);
  const boxes = new Map<WholeOperation, Box>();
  const height = (events.length + 1) * ROW + 8;
  const times = events.map(({ op, operation }, at) => {
    const y = 6 + at * ROW;
    const box = boxes.get(operation);
    if (box === undefined) {
      const column = Number(op.process) % Math.max(1, concurrency);
      boxes.set(operation, { operation, column, top: y, bottom: height - 6 });
    } else box.bottom = y + ROW - 3;
    return { nanos: op.time, y };
  });
  return { boxes: closedBySuccessors([...boxes.values()]), times, height };
}

/** Ends the box of an operation that never ended at the next operation of its column. */
function closedBySuccessors(boxes: readonly Box[]): readonly Box[] {
  const last = new Map<number, Box>();
  for (const box of boxes) {
    const before = last.get(box.column);
    if (before !== undefined && before.bottom > box.top) before.bottom = box.top - 2;
    last.set(box.column, box);
  }
  return boxes;
}

function drawBox({ operation, column, top, bottom }: Box, wide: number, clients: ClientBook): string {
  const { invocation, completion } = operation;
  const outcome = completion?.type === 'ok' ? 'ok' : completion?.type === 'fail' ? 'fail' : 'info';
  const left = column * wide + 3;
  const text = operationText(operation);
  const took =
    completion === undefined ? 'never ended' : `${((completion.time - invocation.time) / 1e6).toFixed(3)} ms`;
  const node = clients.nodeOf(invocation);
  const at = node === undefined ? '' : ` at ${node}`;
  const about = `${text}: ${completion === undefined ? 'no answer' : completion.type}, process ${invocation.process}${at}, operation ${numberOf(operation)}, at ${seconds(invocation.time)} s, ${took}`;
  return (
    `<g id="op-${numberOf(operation)}"><title>${escapeMarkup(about, 600)}</title>` +
    tag('rect', {
      class: `box-${outcome}`,
      x: left,
      y: top,
      width: wide - 6,
      height: Math.max(ROW - 3, bottom - top),
      rx: 3,
    }) +
    label(shortened(text, 10, wide - 14), left + 4, top + 11, { class: 'tiny' }) +
    '</g>'
  );
}

function drawTimes(rows: readonly TimeRow[]): string {
  return rows
    .filter((_, at) => at % 2 === 0)
    .map(({ nanos, y }) => label(seconds(nanos), AXIS - 12, y + 11, { class: 'end tiny faint' }))
    .join('');
}

function drawFaults(
  bands: readonly FaultBand[],
  rows: readonly TimeRow[],
  width: number,
  height: number,
): string {
  const kinds = bandKinds(bands);
  const yAt = (nanos: number): number => rows.find((row) => row.nanos >= nanos)?.y ?? height;
  const last = rows.at(-1)?.nanos ?? -Infinity;
  return bands
    .filter(({ fromNanos }) => fromNanos <= last)
    .map(({ kind, fromNanos, toNanos, about }) => {
      const from = yAt(fromNanos) - 2;
      const to = toNanos === undefined ? height : yAt(toNanos) - 2;
      return tag(
        'rect',
        {
          class: `band b${kinds.indexOf(kind) % BAND_COLOURS}`,
          x: 0,
          y: from,
          width,
          height: Math.max(2, to - from),
        },
        `<title>${escapeMarkup(`${kind} ${about}`, 300)}</title>`,
      );
    })
    .join('');
}

function faultKey(bands: readonly FaultBand[]): string {
  const kinds = bandKinds(bands);
  if (kinds.length === 0) return '';
  const shades = kinds.map((kind, at) => {
    const swatch = tag('rect', { class: `strip b${at % BAND_COLOURS}`, width: 12, height: 12 });
    return `<span class="shade"><svg class="picture" width="12" height="12" aria-hidden="true">${swatch}</svg> ${escapeMarkup(kind)}</span>`;
  });
  return ` Shading marks faults: ${shades.join(', ')}.`;
}

const seconds = (nanos: number): string => (nanos / 1e9).toFixed(6);
