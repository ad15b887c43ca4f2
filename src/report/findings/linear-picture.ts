/**
 * Why a key is not linearizable: the operations around the one that cannot have happened, and what the value could have
 * been by then.
 */
import type { ImpossibleOperation, PossibleState } from '../../checkers/evidence.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import { operationBars } from './operation-bars.ts';
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
  const { op, configs } = impossible;
  const pending = new Set(configs.flatMap((one) => one.pending.map(({ index }) => index)));
  return operationBars({
    title: `Key ${key} is not linearizable: operation ${op.index} cannot have happened`,
    operations: around(op, pending, operations.map(openIfInDoubt)),
    wrong: new Set([op.index]),
    nodeOf,
    value: innerValue,
    notes: notesOf(op, configs),
  });
}

/** The failing one, what overlapped it, what was pending, and what ended last before it. */
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

/** What failed did not happen, and a read that never ended says nothing. */
function hasEffect({ invocation, completion }: WholeOperation): boolean {
  if (completion?.type === 'fail') return false;
  return completion?.type === 'ok' || invocation.f !== 'read';
}

function notesOf(op: Op, configurations: readonly PossibleState[]): readonly string[] {
  const notes = [
    `What the value could have been just before ${op.f} ${showValue(innerValue(op))} had to take effect, and what was still under way then:`,
  ];
  for (const { model, pending } of configurations.slice(0, MOST_CONFIGURATIONS)) {
    const others = pending
      .filter(({ process }) => process !== op.process)
      .map((one) => `${one.f} ${showValue(innerValue(one))} by process ${one.process}`);
    const text = others.length === 0 ? 'nothing else under way' : others.slice(0, 12).join(', ');
    const more = others.length > 12 ? ` and ${others.length - 12} more` : '';
    notes.push(`•  ${showValue(model)}: ${text}${more}`);
  }
  const rest = configurations.length - MOST_CONFIGURATIONS;
  if (rest > 0) notes.push(`... and ${rest} more.`);
  notes.push(
    'None of it leads to a value that allows it. Yellow bars with a question mark may have taken effect at any time after they began, or never.',
  );
  return notes;
}

/** Of `[key, value]`, the value. */
function innerValue({ value }: Op): Json {
  return Array.isArray(value) && value.length === 2 ? ((value as readonly Json[])[1] ?? null) : value;
}

/** What ended in doubt may take effect at any later time. */
const openIfInDoubt = (one: WholeOperation): WholeOperation =>
  one.completion?.type === 'info' ? { ...one, completion: undefined } : one;
