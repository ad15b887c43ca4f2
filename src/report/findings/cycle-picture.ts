/**
 * A cycle of transactions as a column: each transaction in a box, between two of them the reason why one came before
 * the other, and on the left the edge back up, which is impossible.
 *
 *     +-> [ T1  operation 5 (process 2): r 1 [1] ]
 *     |        | rw: T1 read key 1 as [1], so it missed ...
 *     |        v
 *     |   [ T2  operation 3 (process 1): append 1 2 ]
 *     |        |
 *     +--------+ realtime: yet T2 was over before T1 began
 */
import type { CycleInWords } from '../../checkers/evidence.ts';
import type { NodeOf } from '../../history/client-book.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { operationBars, type BarMark } from './operation-bars.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { wrapped } from '../svg/text-size.ts';

const WIDTH = 860;
const BOX_LEFT = 70;
const BOX_WIDTH = WIDTH - BOX_LEFT - 30;
const ARROW_X = BOX_LEFT + 60;
const REASON_X = ARROW_X + 24;
const LINE = 16;
const BACK_X = 34;
/** Longer cycles are cut in the middle, since no one reads them step by step. */
const MOST_TRANSACTIONS = 12;
const TEXT_LINES = 5;

export interface DrawnCycle {
  readonly type: string;
  readonly cycle: CycleInWords;
  /** The operations of its transactions, in the same order; undefined if an operation is not in the history. */
  readonly operations: readonly (WholeOperation | undefined)[];
  readonly nodeOf: NodeOf;
}

/** Draws the column, and below it the same transactions over time. */
export function cyclePicture(drawn: DrawnCycle): Picture {
  const column = cycleColumn(drawn);
  const bars = cycleBars(drawn);
  if (bars === undefined) return column;
  return {
    ...column,
    width: Math.max(column.width, bars.width),
    height: column.height + bars.height,
    body: `${column.body}\n${tag('g', { transform: `translate(0 ${px(column.height)})` }, bars.body)}`,
  };
}

/** Returns undefined if an operation is unknown, or there are too many to draw. */
function cycleBars({ cycle, operations, nodeOf }: DrawnCycle): Picture | undefined {
  const known = operations.flatMap((operation) => operation ?? []);
  const { transactions, steps } = cycle;
  if (known.length < transactions.length || known.length > MOST_TRANSACTIONS) return undefined;
  const marks = new Map(
    known.flatMap((operation, at): [number, BarMark][] => {
      const own = transactions[at];
      const step = steps[at];
      return own === undefined
        ? []
        : [
            [
              numberOf(operation),
              { name: `${own.name}:`, say: step === undefined ? own.place : step.reason },
            ],
          ];
    }),
  );
  const numberOfName = new Map(
    transactions.flatMap(({ name }, at): [string, number][] => {
      const operation = known[at];
      return operation === undefined ? [] : [[name, numberOf(operation)]];
    }),
  );
  return operationBars({
    title: 'The same operations over time',
    operations: [...new Set(known)],
    wrong: new Set(),
    nodeOf,
    marks,
    edges: steps.flatMap(({ type, from, to }) => {
      const [source, target] = [numberOfName.get(from), numberOfName.get(to)];
      return source === undefined || target === undefined ? [] : [{ from: source, to: target, text: type }];
    }),
    notes: [],
  });
}

function cycleColumn({ type, cycle, operations }: DrawnCycle): Picture {
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
    const operation = operations[cut && at === kept.length ? transactions.length - 1 : at];
    parts.push(
      tag(
        'g',
        operation === undefined ? {} : { 'data-operation': String(numberOf(operation)) },
        [
          tag('rect', { class: 'box', x: BOX_LEFT, y, width: BOX_WIDTH, height, rx: 6 }),
          label(name, BOX_LEFT + 12, y + 20, { class: 'strong' }),
          label(place, BOX_LEFT + 48, y + 20, { class: 'faint' }),
          ...lines.map((line, row) => label(line, BOX_LEFT + 12, y + 20 + (row + 1) * LINE)),
        ].join(''),
      ),
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
    title: `${type}: why these transactions have no order`,
    body: parts.join('\n'),
  };
}
