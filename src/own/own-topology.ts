/** A topology of the user's: a map from each node to its neighbours, or a function that makes one from the nodes. */
import { didYouMean } from '../protocol/nearest.ts';
import { UserError } from '../protocol/user-error.ts';
import type { Topology } from '../workloads/topology.ts';
import { seen } from './examples.ts';
import { refusePromise } from './returned.ts';
import { unwatched, type Watch } from './watch.ts';

export type OwnTopology =
  | Readonly<Record<string, readonly string[]>>
  | ((nodes: readonly string[]) => Readonly<Record<string, readonly string[]>>);

/**
 * The topology does not fit the nodes of a test. It may fit others: shrinking and hunting skip tests that it does not
 * fit.
 */
export class UnfitTopology extends UserError {}

const EXAMPLE = 'For example: {"n1": ["n2", "n3"], "n2": ["n1"], "n3": ["n1"]}';

export interface TopologySource {
  /** The file, for messages. */
  readonly source: string;
  /** Terminates calls that never return. */
  readonly watch?: Watch;
  /** Describes an error of one of its functions, with its place. */
  readonly describeThrown?: (error: unknown) => string;
}

/** Returns the topology. Throws an UnfitTopology for a map that does not fit these nodes. */
export function neighboursIn(topology: unknown, nodes: readonly string[], from: TopologySource): Topology {
  const { source } = from;
  const map: unknown = typeof topology === 'function' ? made(topology as Make, nodes, from) : topology;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new UnfitTopology(
      `${source} is ${seen(map)}; expected a map from each node to its neighbours.`,
      EXAMPLE,
    );
  if (map instanceof Map)
    throw new UnfitTopology(
      `${source} is a Map; expected an object: convert it with Object.fromEntries(map).`,
      EXAMPLE,
    );
  const given = map as Readonly<Record<string, unknown>>; // each is checked
  const strange = Object.keys(given).find((name) => !nodes.includes(name));
  if (strange !== undefined) throw noNode(`${source} names`, strange, nodes);
  return new Map(
    nodes.map((node) => {
      const neighbours = Object.hasOwn(given, node) ? given[node] : undefined;
      if (!Array.isArray(neighbours))
        throw new UnfitTopology(
          `${source} has ${neighbours === undefined ? 'nothing' : seen(neighbours)} for ${node}; expected a list of its neighbours, [] for none.`,
          EXAMPLE,
        );
      const wrong: unknown = neighbours.find(
        (name: unknown) => typeof name !== 'string' || !nodes.includes(name),
      );
      if (wrong !== undefined) throw noNode(`${source}: among the neighbours of ${node} is`, wrong, nodes);
      if (neighbours.includes(node))
        throw new UnfitTopology(`${source}: ${node} is its own neighbour.`, 'Remove it from its list.');
      return [node, neighbours as readonly string[]]; // names, as checked above
    }),
  );
}

type Make = (nodes: readonly string[]) => unknown;

function made(
  make: Make,
  nodes: readonly string[],
  { source, watch = unwatched, describeThrown = String }: TopologySource,
): unknown {
  try {
    const map = watch('The function', () => make(nodes));
    refusePromise('the function', map, make);
    return map;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UnfitTopology(
      `${source} threw for the nodes ${nodes.join(', ')}: ${describeThrown(error)}.`,
      EXAMPLE,
    );
  }
}

const noNode = (what: string, name: unknown, nodes: readonly string[]): UnfitTopology =>
  new UnfitTopology(
    `${what} ${seen(name)}, which is not a node of this test.${didYouMean(name, nodes)}`,
    `The nodes are ${nodes.join(', ')}.`,
  );
