/** Converts a cycle of points to one of transactions, with the reason why each comes before the next. */
import { present } from '../../columns/present.ts';
import type { RelationName } from '../elle/cycles/cycle-types.ts';
import { isChoice, literalOf, type Choices, type Edge } from './choices.ts';
import { EDGE, type Polygraph } from './polygraph.ts';

export interface ChoiceStep {
  readonly from: number;
  readonly to: number;
  readonly type: RelationName;
  /** The key, and its versions before and after the step; -1 if none. For `wr` both are the version that was read. */
  readonly key: number;
  readonly version: number;
  readonly later: number;
  /** Whether it follows from a choice rather than from known order. */
  readonly isChosen: boolean;
}

export function stepsOf(
  polygraph: Polygraph,
  choices: Choices,
  cycle: readonly Edge[],
): readonly ChoiceStep[] {
  const start = cycle.findIndex(({ from }) => polygraph.transactionAt(from) >= 0);
  const edges = [...cycle.slice(start), ...cycle.slice(0, start)];
  const steps: ChoiceStep[] = [];
  let way: Edge[] = [];
  for (const edge of edges) {
    way.push(edge);
    const to = polygraph.transactionAt(edge.to);
    if (to < 0) continue;
    const step = stepOf(polygraph, choices, way);
    way = [];
    if (step.from !== to) steps.push(step);
  }
  return shortened(steps);
}

function stepOf(polygraph: Polygraph, choices: Choices, way: readonly Edge[]): ChoiceStep {
  const [first] = way;
  const last = way.at(-1);
  if (first === undefined || last === undefined) throw new Error('a step without an edge');
  const from = polygraph.transactionAt(first.from);
  const to = polygraph.transactionAt(last.to);
  const isChosen = isChoice(last.label);
  const kind = isChoice(first.label) ? EDGE.ww : polygraph.kindOf(first.label);
  const none = { from, to, key: -1, version: -1, later: -1, isChosen: false };
  if (kind === EDGE.process) return { ...none, type: 'process' };
  if (kind === EDGE.realtime) return { ...none, type: 'realtime' };
  if (kind === EDGE.inner) return { ...none, type: 'process' };
  const version = isChoice(first.label)
    ? choices.blocksOf(literalOf(first.label))[0].tail
    : polygraph.versionOf(first.label);
  const key = present(polygraph.keysOf[version]);
  const base = present(polygraph.firstVersions[key]);
  const later = kind === EDGE.wr ? version : versionOf(polygraph, key, to);
  const type = kind === EDGE.wr ? 'wr' : kind === EDGE.ww ? 'ww' : 'rw';
  return { from, to, type, key, version: version - base, later: later - base, isChosen };
}

function versionOf(polygraph: Polygraph, key: number, writer: number): number {
  const first = present(polygraph.firstVersions[key]);
  const end = polygraph.firstVersions[key + 1] ?? polygraph.writers.length;
  for (let version = first; version < end; version++)
    if (polygraph.writers[version] === writer) return version;
  throw new Error('a transaction that did not write that key');
}

/** Merges consecutive process or realtime steps of the same type. */
function shortened(steps: readonly ChoiceStep[]): readonly ChoiceStep[] {
  const merged: ChoiceStep[] = [];
  for (const step of steps) {
    const before = merged.at(-1);
    const isSame = before !== undefined && before.type === step.type && step.key < 0;
    if (isSame && before.from !== step.to) merged[merged.length - 1] = { ...before, to: step.to };
    else merged.push(step);
  }
  const [first, last] = [merged[0], merged.at(-1)];
  if (
    merged.length > 2 &&
    first !== undefined &&
    last !== undefined &&
    first.type === last.type &&
    first.key < 0
  )
    return [{ ...last, to: first.to }, ...merged.slice(1, -1)];
  return merged;
}
