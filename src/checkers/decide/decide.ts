/**
 * Decides whether transactions can have run serially, or each on a snapshot. Returns such an order, or a refutation.
 *
 *     decide(history, 'serial')     { kind: 'order', points: [...] }
 *                                   { kind: 'impossible', refutation: ... }
 *
 * Builds the polygraph (polygraph.ts) and looks for an order in which the transactions can be replayed (replay.ts), or
 * failing that a likely order (guess.ts). Where the order is not enough, forced choices are settled (pruning.ts) and
 * the rest is searched (search.ts). A refutation is made small (refutation.ts). Prefix consistency becomes serializability
 * first (reads-apart.ts).
 */
import { present } from '../../columns/present.ts';
import { BudgetExhausted, type Meter } from '../budget/meter.ts';
import { strongComponents } from '../elle/graph/strong-components.ts';
import { Choices } from './choices.ts';
import { stepsOf } from './cycle-steps.ts';
import type { BlockVersions, Decision, OrderPoint, Refutation } from './decision.ts';
import { guessOrder } from './guess.ts';
import { PAIRS_KEPT, Polygraph, type Block, type PolygraphIsolation } from './polygraph.ts';
import { prune } from './pruning.ts';
import { joined, readsApart } from './reads-apart.ts';
import { refutationOf, type CaseTree } from './refutation.ts';
import { replayOrder } from './replay.ts';
import { Search, type Lemma } from './search.ts';
import type { Isolation, VersionHistory } from './version-history.ts';

export interface Effort {
  /** Maximum number of conflicts after forced choices are settled; beyond it the verdict is unknown. */
  readonly conflicts?: number;
}

export function decide(
  history: VersionHistory,
  isolation: Isolation,
  meter: Meter,
  effort: Effort = {},
): Decision {
  try {
    if (isolation === 'prefix') return joined(decided(readsApart(history), 'serial', meter, effort));
    return decided(history, isolation, meter, effort);
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
    return { kind: 'unknown', reason: `the budget was used up while ${meter.phase}` };
  }
}

function decided(
  history: VersionHistory,
  isolation: PolygraphIsolation,
  meter: Meter,
  { conflicts }: Effort,
): Decision {
  const polygraph = new Polygraph(history, isolation, meter);
  const { graph } = polygraph;
  meter.phase = 'guessing an order';
  const guess = replayOrder(polygraph, meter) ?? guessOrder(polygraph, meter);
  const count = Choices.count(polygraph);
  if (count > PAIRS_KEPT)
    return { kind: 'unknown', reason: `${count} pairs of writes of one key are too many (of ${PAIRS_KEPT})` };
  const choices = new Choices(polygraph);
  const given: Decision = { kind: 'unknown', reason: 'it was not to take longer' };
  // Callers that limit conflicts first try more order than was asked for (elle/levels/deciding.ts). Finding the shortest cycle
  // is costly, and a cycle in the order asked for shows up again in their last try.
  if (guess === undefined && conflicts !== undefined) return given;
  if (guess === undefined) return impossible(polygraph, choices, [knownCycle(polygraph, meter)], meter);
  graph.startFrom(guess);
  const search = new Search(polygraph, choices, meter);
  // Most guessed orders are right, or nearly so. For the rest it pays to settle forced choices first, at a cost
  // proportional to the pairs.
  meter.phase = 'searching for an order';
  let outcome = search.run(Math.max(LEAST_CONFLICTS, count / PAIRS_FOR_A_CONFLICT));
  if (outcome === 'open') {
    meter.phase = 'settling what has one way only';
    const cycle = prune(polygraph, choices, meter);
    const again = cycle === undefined ? replayOrder(polygraph, meter) : undefined;
    if (again !== undefined) search.startFrom(again);
    meter.phase = 'searching for an order';
    outcome = cycle === undefined ? search.run(conflicts) : search.lemmasOf(cycle);
  }
  if (outcome === 'open') return given;
  if (typeof outcome !== 'string') return impossible(polygraph, choices, outcome, meter);
  return { kind: 'order', points: orderOf(polygraph) };
}

function orderOf(polygraph: Polygraph): readonly OrderPoint[] {
  const { places } = polygraph.graph;
  const points = new Int32Array(places.length);
  for (const [point, place] of places.entries()) points[place] = point;
  return [...points].flatMap((point) => {
    const transaction = polygraph.transactionAt(point);
    return transaction < 0 ? [] : [{ transaction, isCommit: point === polygraph.commit(transaction) }];
  });
}

function impossible(
  polygraph: Polygraph,
  choices: Choices,
  lemmas: readonly Lemma[],
  meter: Meter,
): Decision {
  meter.phase = 'explaining why there is no order';
  const tree = refutationOf(lemmas, meter);
  return { kind: 'impossible', refutation: refutationIn(tree) };

  function refutationIn(part: CaseTree): Refutation {
    if (part.kind === 'cycle') return { kind: 'cycle', steps: stepsOf(polygraph, choices, part.cycle) };
    const [one, other] = choices.blocksOf(part.literal);
    return {
      kind: 'choice',
      key: one.key,
      one: versionsOf(one),
      other: versionsOf(other),
      first: refutationIn(part.first),
      second: refutationIn(part.second),
    };
  }

  function versionsOf({ key, head, tail }: Block): BlockVersions {
    const first = present(polygraph.firstVersions[key]);
    return { first: head - first, last: tail - first };
  }
}

/** Returns a cycle of known edges. Requires that one exists. */
function knownCycle(polygraph: Polygraph, meter: Meter): Lemma {
  const { graph } = polygraph;
  graph.startFrom(new Int32Array(graph.size));
  // A cycle may be followed by thousands of edges that lead to no cycle.
  const components = componentsOf(polygraph, meter);
  let shortest: readonly number[] | undefined;
  let least = Infinity;
  let tried = 0;
  for (let edge = 0; edge < graph.edges && tried < CYCLES_TRIED; edge++) {
    const component = components[graph.froms.at(edge)];
    if (component === 0 || component !== components[graph.tos.at(edge)]) continue;
    tried++;
    const way = graph.way(graph.tos.at(edge), graph.froms.at(edge), graph.edges);
    if (way === undefined) continue;
    const cycle = [edge, ...way];
    const byTime = cycle.filter((one) => polygraph.isByTime(graph.labels.at(one))).length;
    const cost = cycle.length + BY_TIME * byTime;
    if (cost < least) [shortest, least] = [cycle, cost];
  }
  if (shortest === undefined) throw new Error('what is known is no cycle, and has no order');
  return shortest.map((edge) => ({
    from: graph.froms.at(edge),
    to: graph.tos.at(edge),
    label: graph.labels.at(edge),
  }));
}

/** Returns the strongly connected component of each point, numbered from 1; 0 for a point on no cycle. */
function componentsOf({ graph }: Polygraph, meter: Meter): Int32Array {
  const components = new Int32Array(graph.size);
  const found = strongComponents(
    {
      size: graph.size,
      collect: (point, out) => {
        for (let edge = present(graph.firstOut[point]); edge >= 0; edge = present(graph.nextOut.values[edge]))
          out.add(present(graph.tos.values[edge]), 0);
      },
    },
    meter,
  );
  for (const [at, points] of found.entries()) for (const point of points) components[point] = at + 1;
  return components;
}

/**
 * Conflicts before forced choices are settled. Settling costs about one conflict for every `PAIRS_FOR_A_CONFLICT`
 * pairs.
 */
const LEAST_CONFLICTS = 500;
const PAIRS_FOR_A_CONFLICT = 100;

/**
 * Cost of a realtime edge in a cycle: a cycle without realtime edges proves more, so it is preferred even when longer.
 */
const BY_TIME = 1000;

/** Maximum number of edges tried in the search for the shortest cycle. */
const CYCLES_TRIED = 4096;
