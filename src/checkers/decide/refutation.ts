/**
 * Turns contradicting lemmas into a proof for people: as few cycles as possible, in a case tree.
 *
 *     either T1's write of x is before T3's:   then T2, which read it, is before T3, T3 before T4 ..., before T2
 *     or after it:                             then ... a cycle again
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import { isChoice, literalOf, opposite } from './choices.ts';
import type { Lemma } from './search.ts';

export type CaseTree =
  | { readonly kind: 'cycle'; readonly cycle: Lemma }
  | {
      readonly kind: 'choice';
      /** Holds in the first case; its opposite holds in the second. */
      readonly literal: number;
      readonly first: CaseTree;
      readonly second: CaseTree;
    };

/** Refutations with more lemmas are not minimized: each removal needs a proof of its own. */
const MINIMIZED_UP_TO = 400;

/** A cycle and the choices in it. */
interface Case {
  readonly literals: readonly number[];
  readonly cycle: Lemma;
}

export function refutationOf(lemmas: readonly Lemma[], meter: Meter): CaseTree {
  const cases = lemmas
    .map((cycle): Case => {
      const literals = cycle.filter(({ label }) => isChoice(label)).map(({ label }) => literalOf(label));
      return { literals: [...new Set(literals)], cycle };
    })
    .toSorted(
      (left, right) => right.literals.length - left.literals.length || right.cycle.length - left.cycle.length,
    );
  return treeOf(cases.length <= MINIMIZED_UP_TO ? fewest(cases, meter) : cases, new Set(), meter);
}

/** Removes cases one by one, longest first, while the rest still contradict each other. */
function fewest(cases: readonly Case[], meter: Meter): readonly Case[] {
  let left = cases;
  for (const one of cases) {
    const without = left.filter((other) => other !== one);
    if (excludeEachOther(without, new Set(), meter)) left = without;
  }
  return left;
}

type Assumed = ReadonlySet<number>;

const isRuledOut = ({ literals }: Case, assumed: Assumed): boolean =>
  literals.some((literal) => assumed.has(opposite(literal)));
const openOf = ({ literals }: Case, assumed: Assumed): readonly number[] =>
  literals.filter((literal) => !assumed.has(literal));

/**
 * Returns a case whose cycle is already closed, or else the choice to make next: if possible, one that closes a cycle
 * on one side.
 */
function nextOf(
  cases: readonly Case[],
  assumed: Assumed,
): { readonly closed: Case } | { readonly literal: number } | undefined {
  let best: { readonly literal: number; readonly open: number } | undefined;
  for (const one of cases) {
    if (isRuledOut(one, assumed)) continue;
    const open = openOf(one, assumed);
    if (open.length === 0) return { closed: one };
    if (best === undefined || open.length < best.open)
      best = { literal: present(open[0]), open: open.length };
  }
  return best;
}

function excludeEachOther(cases: readonly Case[], assumed: Assumed, meter: Meter): boolean {
  meter.step(cases.length + 1);
  const next = nextOf(cases, assumed);
  if (next === undefined) return false;
  if ('closed' in next) return true;
  const { literal } = next;
  return (
    excludeEachOther(cases, new Set([...assumed, literal]), meter) &&
    excludeEachOther(cases, new Set([...assumed, opposite(literal)]), meter)
  );
}

function treeOf(cases: readonly Case[], assumed: Assumed, meter: Meter): CaseTree {
  meter.step(cases.length + 1);
  const next = nextOf(cases, assumed);
  if (next === undefined) throw new Error('the lemmas do not exclude each other');
  if ('closed' in next) return { kind: 'cycle', cycle: next.closed.cycle };
  const { literal } = next;
  const first = treeOf(cases, new Set([...assumed, literal]), meter);
  if (!usesOf(first).has(literal)) return first;
  const second = treeOf(cases, new Set([...assumed, opposite(literal)]), meter);
  if (!usesOf(second).has(opposite(literal))) return second;
  return { kind: 'choice', literal, first, second };
}

/** Returns the choices that the cycles of a tree use. */
function usesOf(tree: CaseTree): ReadonlySet<number> {
  if (tree.kind === 'choice') return new Set([...usesOf(tree.first), ...usesOf(tree.second)]);
  return new Set(tree.cycle.filter(({ label }) => isChoice(label)).map(({ label }) => literalOf(label)));
}

/** Returns the number of cycles in a tree. */
export const leavesOf = (tree: CaseTree): number =>
  tree.kind === 'cycle' ? 1 : leavesOf(tree.first) + leavesOf(tree.second);
