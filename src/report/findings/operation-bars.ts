/**
 * Operations as bars: a row for each client, from invocation to completion. Every event has its own horizontal
 * position, in order, so that overlaps are visible; the actual times are below.
 */
import { present } from '../../columns/present.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { operationText } from '../svg/operation-text.ts';
import { escapeMarkup } from '../svg/escape.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { shortened, textWidth, wrapped } from '../svg/text-size.ts';

export interface BarsPicture {
  readonly title: string;
  /** In any order. */
  readonly operations: readonly WholeOperation[];
  /** The numbers of those that are wrong. */
  readonly wrong: ReadonlySet<number>;
  readonly nodeOf: NodeOf;
  /** The value to show for an operation; by default its own value. */
  readonly value?: (op: Op) => Json;
  /** Indexed by number of the operation: its name in the picture, and a text about it. */
  readonly marks?: ReadonlyMap<number, BarMark>;
  /** Arrows between operations, each with a label. */
  readonly edges?: readonly BarEdge[];
  /** Shown below, one paragraph each. */
  readonly notes: readonly string[];
  /** True if the notes repeat the text of the finding, so that a page that shows that text omits them. */
  readonly isSaidBeside?: boolean;
}

export interface BarEdge {
  /** The numbers of the operations. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface BarMark {
  /** Shown before the operation. */
  readonly name: string;
  /** Shown as a tooltip. */
  readonly say: string;
}

const LEFT = 150;
const RIGHT = 40;
const TOP = 56;
const ROW = 40;
/** Height of a row with arrows between the rows. */
const WIDE_ROW = 84;
const BAR = 26;
const LEAST_WIDTH = 760;
/** Width that most windows can show. */
const MOST_WIDTH = 1200;
const TIME_GAP = 74;
const SPACING = 'Events are evenly spaced, not to scale in time.';

export function operationBars({
  title,
  operations,
  wrong,
  nodeOf,
  value,
  marks,
  edges = [],
  notes,
  isSaidBeside = false,
}: BarsPicture): Picture {
  const events = operations
    .flatMap((operation) => [
      operation.invocation,
      ...(operation.completion === undefined ? [] : [operation.completion]),
    ])
    .sort((a, b) => a.index - b.index);
  const slot = Math.min(110, (MOST_WIDTH - LEFT - RIGHT) / (events.length + 1));
  const width = Math.max(LEAST_WIDTH, LEFT + (events.length + 1) * slot + RIGHT);
  const xOf = new Map(events.map((op, at) => [op.index, LEFT + (at + 0.5) * slot]));
  const processes = [...new Set(operations.map(({ invocation }) => Number(invocation.process)))].sort(
    (a, b) => a - b,
  );
  const edge = width - RIGHT + 20;
  const rowHeight = edges.length === 0 ? ROW : WIDE_ROW;
  const rows = processes.map((process, row) => {
    const own = operations
      .filter(({ invocation }) => invocation.process === process)
      .toSorted((a, b) => a.invocation.index - b.invocation.index);
    const y = TOP + row * rowHeight;
    const bars = own.map((operation, at) => {
      const from = present(xOf.get(operation.invocation.index));
      const next = own[at + 1];
      const room = (next === undefined ? edge : present(xOf.get(next.invocation.index))) - from - 10;
      const to = operation.completion && xOf.get(operation.completion.index);
      return drawBar({
        operation,
        y,
        from,
        to,
        edge,
        room,
        isWrong: isWrong(operation, wrong),
        value,
        mark: marks?.get(numberOf(operation)),
      });
    });
    return (
      tag('path', { class: 'grid', d: `M${LEFT} ${px(y + rowHeight - 6)}H${px(edge)}` }) +
      label(shortened(`process ${process}${nodesOf(own, nodeOf)}`, 12, LEFT - 24), 16, y + 18, {}) +
      bars.join('')
    );
  });
  let y = TOP + processes.length * rowHeight + 6;
  const arrows = edges.map((arrow, at) => drawEdge(arrow, at, placesOf(operations, processes, xOf)));
  const times = drawTimes(events, xOf, y) + label(SPACING, 16, y + 30, { class: 'tiny faint' });
  y += 54;
  const part = `0 0 ${Math.ceil(width)} ${Math.ceil(y - 10)}`;
  const paragraphs = notes.flatMap((note) => {
    const lines = wrapped(note, 12, width - 40, 6).map((line, at) => label(line, 20, y + at * 17));
    y += lines.length * 17 + 5;
    return lines;
  });
  const heading = label(shortened(title, 15, width - 30), 16, 28, { class: 'title' });
  const drawn = [heading, ...rows, ...arrows, times];
  return {
    width,
    height: y + 8,
    title,
    body: [
      ...(isSaidBeside ? [tag('g', { 'data-part': part }, drawn.join('\n'))] : drawn),
      ...(isSaidBeside ? [tag('g', { class: 'beside' }, paragraphs.join('\n'))] : paragraphs),
    ].join('\n'),
  };
}

/** Returns ` (n1)`; all nodes of the process if its first node has left. */
function nodesOf(operations: readonly WholeOperation[], nodeOf: NodeOf): string {
  const nodes = new Set(operations.flatMap(({ invocation }) => nodeOf(invocation) ?? []));
  return nodes.size === 0 ? '' : ` (${[...nodes].join(', ')})`;
}

function isWrong({ invocation }: WholeOperation, wrong: ReadonlySet<number>): boolean {
  return wrong.has(invocation.index);
}

interface Bar {
  readonly operation: WholeOperation;
  readonly y: number;
  readonly from: number;
  /** Undefined for an operation that never ended. */
  readonly to: number | undefined;
  readonly edge: number;
  /** Room for the text, up to the next bar. */
  readonly room: number;
  readonly isWrong: boolean;
  readonly value: ((op: Op) => Json) | undefined;
  readonly mark: BarMark | undefined;
}

function drawBar({ operation, y, from, to, edge, room, isWrong: wrong, value, mark }: Bar): string {
  const { completion } = operation;
  const type = completion?.type ?? 'info';
  const inDoubt = type === 'info';
  const end = to ?? edge;
  const style = wrong ? 'box-bad' : type === 'ok' ? 'box-ok' : type === 'fail' ? 'box-fail' : 'box-info';
  const what = `${operationText(operation, value)}${inDoubt ? ' ?' : ''}`;
  const full = mark === undefined ? what : `${mark.name} ${what}`;
  const said = mark === undefined ? '' : escapeMarkup(`${what}: ${mark.say}`, 400);
  const text = shortened(full, 12, Math.max(room, end - from - 8));
  return (
    `<g data-operation="${numberOf(operation)}"${said === '' ? '' : ` data-say="${said}"`}><title>${titleOf(operation, what)}${mark === undefined ? '' : escapeMarkup(`; ${mark.say}`, 400)}</title>` +
    tag('rect', { class: style, x: from, y, width: Math.max(6, end - from - 2), height: BAR, rx: 4 }) +
    label(text, from + 5, y + 17, { class: textWidth(text, 12) <= end - from - 8 ? undefined : 'halo' }) +
    '</g>'
  );
}

function titleOf(operation: WholeOperation, text: string): string {
  const { invocation, completion } = operation;
  const at = (op: Op): string => `${(op.time / 1e9).toFixed(6)} s`;
  const end = completion === undefined ? 'never ended' : `${completion.type} at ${at(completion)}`;
  return label(`operation ${numberOf(operation)}: ${text}, from ${at(invocation)}, ${end}`, 0, 0).replaceAll(
    /<[^>]*>/g,
    '',
  );
}

interface BarPlace {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

function placesOf(
  operations: readonly WholeOperation[],
  processes: readonly number[],
  xOf: ReadonlyMap<number, number>,
): ReadonlyMap<number, BarPlace> {
  return new Map(
    operations.map((operation) => {
      const { invocation, completion } = operation;
      const left = present(xOf.get(invocation.index));
      const right = completion === undefined ? left + 40 : present(xOf.get(completion.index));
      const y = TOP + processes.indexOf(Number(invocation.process)) * WIDE_ROW + BAR / 2;
      return [numberOf(operation), { left, right, y }];
    }),
  );
}

/** Draws a curve between the middles of two bars' edges, bent so that two opposite edges are separate lines. */
function drawEdge({ from, to, text }: BarEdge, at: number, places: ReadonlyMap<number, BarPlace>): string {
  const [source, target] = [places.get(from), places.get(to)];
  if (source === undefined || target === undefined) return '';
  const goesDown = target.y > source.y;
  const isLevel = target.y === source.y;
  const side = isLevel || !goesDown ? -1 : 1;
  const x1 = (source.left + source.right) / 2 + (at % 2 === 0 ? -8 : 8);
  const x2 = (target.left + target.right) / 2 + (at % 2 === 0 ? -8 : 8);
  const y1 = source.y + (side * BAR) / 2;
  const y2 = target.y + (isLevel ? -BAR / 2 : (-side * BAR) / 2);
  const bend = isLevel ? -26 : side * 34;
  const [cx1, cy1, cx2, cy2] = [x1, y1 + bend, x2, isLevel ? y2 + bend : y2 - side * 34];
  // The label lies on the arrow near its beginning, so that labels of opposite arrows do not overlap.
  const t = 0.3;
  const along = (begin: number, first: number, second: number, end: number): number =>
    (1 - t) ** 3 * begin + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t ** 2 * second + t ** 3 * end;
  return (
    tag('path', {
      class: 'line s1',
      d: `M${px(x1)} ${px(y1)}C${px(cx1)} ${px(cy1)} ${px(cx2)} ${px(cy2)} ${px(x2)} ${px(y2)}`,
    }) +
    tag('path', {
      class: 'head s1',
      d: `M${px(x2)} ${px(y2)}l-4 ${px(isLevel ? -8 : -side * 8)}h8z`,
    }) +
    label(text, along(x1, cx1, cx2, x2), along(y1, cy1, cy2, y2) + 4, { class: 'middle strong small halo' })
  );
}

/** Draws times below, wherever there is room. */
function drawTimes(events: readonly Op[], xOf: ReadonlyMap<number, number>, y: number): string {
  let free = -Infinity;
  const parts = [label('time (s)', 16, y + 14, { class: 'faint small' })];
  for (const { index, time } of events) {
    const x = present(xOf.get(index));
    if (x < free) continue;
    free = x + TIME_GAP;
    parts.push(
      tag('path', { class: 'axis', d: `M${px(x)} ${px(y - 4)}v5` }) +
        label((time / 1e9).toFixed(6), x, y + 14, { class: 'middle tiny faint' }),
    );
  }
  return parts.join('');
}
