/**
 * Why a key is not linearizable: the operations around the impossible one, an order in which they can have taken effect
 * up to there, and the possible values at that point.
 */
import type { ImpossibleOperation, PossibleState } from '../../checkers/evidence.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import { innerValue, longestPrefix } from './longest-prefix.ts';
import { operationBars, type BarMark } from './operation-bars.ts';
import { showValue } from '../svg/operation-text.ts';
import type { Picture } from '../svg/svg.ts';

const MOST_BEFORE = 6;
const MOST_BARS = 18;
const MOST_CONFIGURATIONS = 6;

export interface LinearFailure {
  readonly key: string;
  readonly impossible: ImpossibleOperation;
  /** Every operation on that key. */
  readonly operations: readonly WholeOperation[];
  readonly nodeOf: NodeOf;
}

export function linearPicture({ key, impossible, operations, nodeOf }: LinearFailure): Picture {
  const { op, configs, contradictions } = impossible;
  const pending = new Set(configs.flatMap((one) => one.pending.map(({ index }) => index)));
  const drawn = around(op, pending, operations.map(openIfInDoubt));
  return operationBars({
    title: `Key ${key} is not linearizable: operation ${op.index} cannot have happened`,
    operations: drawn,
    wrong: new Set([op.index]),
    nodeOf,
    value: ({ value }) => innerValue(value),
    marks: marksOf(drawn, operations, op, contradictions),
    notes: notesOf(
      op,
      configs,
      drawn.some(({ invocation, completion }) => completion === undefined && !pending.has(invocation.index)),
    ),
  });
}

/** Marks the order in which the drawn operations can have taken effect, and why the last one cannot be next. */
function marksOf(
  drawn: readonly WholeOperation[],
  operations: readonly WholeOperation[],
  wrong: Op,
  contradictions: readonly string[],
): ReadonlyMap<number, BarMark> {
  const shown = new Set(drawn.map(({ invocation }) => invocation.index));
  const last = operations.find(({ invocation }) => invocation.index === wrong.index)?.completion?.index;
  const before = operations.filter(({ invocation }) => invocation.index <= (last ?? wrong.index));
  const effects = longestPrefix(before).filter(({ operation }) => shown.has(operation));
  return new Map([
    ...effects.map(({ operation, after }, at): [number, BarMark] => [
      operation,
      {
        name: `${at + 1}.`,
        say: `takes effect as number ${at + 1} of these; then the value is ${showValue(after)}`,
      },
    ]),
    [
      wrong.index,
      { name: '✗', say: `cannot be next: ${contradictions[0] ?? 'no value that is possible allows it'}` },
    ],
  ]);
}

/** Returns the failing operation, those overlapping it, the pending ones, and the last ones that ended before it. */
function around(
  op: Op,
  pending: ReadonlySet<number>,
  all: readonly WholeOperation[],
): readonly WholeOperation[] {
  const failing = all.find(({ invocation }) => invocation.index === op.index);
  const began = op.index;
  const over = failing?.completion?.index ?? op.index;
  const isNear = ({ invocation, completion }: WholeOperation): boolean =>
    invocation.index <= over && (completion === undefined || completion.index >= began);
  const near = all.filter((one) => one === failing || pending.has(one.invocation.index));
  const overlapping = all.filter((one) => isNear(one) && hasEffect(one) && !near.includes(one));
  const before = all
    .filter(
      (one) =>
        !isNear(one) && !near.includes(one) && hasEffect(one) && (one.completion?.index ?? Infinity) < began,
    )
    .toSorted((a, b) => endOf(a) - endOf(b))
    .slice(-MOST_BEFORE);
  return [...near, ...overlapping, ...before].slice(0, MOST_BARS);
}

const endOf = ({ invocation, completion }: WholeOperation): number => (completion ?? invocation).index;

/** True unless the operation failed or is a read without a result. */
function hasEffect({ invocation, completion }: WholeOperation): boolean {
  if (completion?.type === 'fail') return false;
  return completion?.type === 'ok' || invocation.f !== 'read';
}

function notesOf(op: Op, configurations: readonly PossibleState[], isAnyInDoubt: boolean): readonly string[] {
  const notes = [
    `What the value could have been just before ${op.f} ${showValue(innerValue(op.value))} had to take effect, and what was still under way then:`,
  ];
  for (const { model, pending } of configurations.slice(0, MOST_CONFIGURATIONS)) {
    const others = pending
      .filter(({ process }) => process !== op.process)
      .map((one) => `${one.f} ${showValue(innerValue(one.value))} by process ${one.process}`);
    const none = isAnyInDoubt ? 'nothing else under way except what is in doubt' : 'nothing else under way';
    const text = others.length === 0 ? none : others.slice(0, 12).join(', ');
    const more = others.length > 12 ? ` and ${others.length - 12} more` : '';
    notes.push(`•  ${showValue(model)}: ${text}${more}`);
  }
  const rest = configurations.length - MOST_CONFIGURATIONS;
  if (rest > 0) notes.push(`... and ${rest} more.`);
  notes.push(
    'None of it leads to a value that allows it. Numbers: an order in which the others can have taken effect. Yellow bars with a question mark may have taken effect at any time after they began, or never.',
  );
  return notes;
}

/** An `info` operation may take effect at any later time. */
const openIfInDoubt = (one: WholeOperation): WholeOperation =>
  one.completion?.type === 'info' ? { ...one, completion: undefined } : one;
