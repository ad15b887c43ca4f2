/** The lanes of space-time diagrams: clients above, then nodes, then services. Many clients share one lane. */
import type { ClientBook } from '../history/client-book.ts';
import type { EndpointKind } from '../network/endpoint.ts';
import { isClientName } from '../network/node-name.ts';
import type { LaneView } from './views.ts';

/** Returns the kind of endpoint with a name of the journal. */
export type KindOf = (name: string) => EndpointKind;

/** The client book has every client of a run; without one, clients are recognised by their names. */
export function kindsOf(nodes: readonly string[], clients: ClientBook): KindOf {
  const nodeSet = new Set(nodes);
  return (name) => {
    if (nodeSet.has(name)) return 'node';
    const isClient = clients.isEmpty ? isClientName(name) : clients.client(name) !== undefined;
    return isClient ? 'client' : 'service';
  };
}

export type ClientLanes = 'auto' | 'one' | 'each';

export interface LaneOptions {
  readonly nodes: readonly string[];
  readonly kindOf: KindOf;
  readonly clients: ClientLanes;
  /** With `auto`, clients share one lane if there are more than this. */
  readonly many: number;
  /**
   * With `auto`, this many of the first clients share a lane `init`, since each of them only starts a node. Default 0.
   */
  readonly starters?: number;
  /** Endpoints without a lane. */
  readonly hidden?: readonly string[];
  /** Nodes that share one lane. */
  readonly grouped?: readonly string[];
}

export interface Lanes {
  readonly views: readonly LaneView[];
  /** Indexed by endpoint: the number of its lane. */
  readonly of: ReadonlyMap<string, number>;
}

/** Returns the lanes. `endpoints` are all that sent or received a message. */
export function makeLanes(
  endpoints: readonly string[],
  { nodes: all, kindOf, clients: mode, many, starters = 0, hidden = [], grouped = [] }: LaneOptions,
): Lanes {
  const nodes = all.filter((name) => !hidden.includes(name));
  const group = nodes.filter((name) => grouped.includes(name));
  const views: LaneView[] = [];
  const of = new Map<string, number>();
  const clients = endpoints
    .filter((name) => kindOf(name) === 'client')
    .toSorted((a, b) => numberIn(a) - numberIn(b));
  const first = mode === 'auto' ? clients.filter((name) => numberIn(name) < starters) : [];
  const others = first.length > 1 ? clients.slice(first.length) : clients;
  if (mode === 'one' || (mode === 'auto' && clients.length - starters > many)) share('clients', clients);
  else {
    if (first.length > 1) share('init', first);
    for (const name of others) add(name, 'client');
  }
  for (const name of nodes) if (group.length < 2 || !group.includes(name)) add(name, 'node');
  if (group.length > 1) share(`${group.length} nodes`, group, 'node');
  for (const name of endpoints)
    if (kindOf(name) === 'service' && !hidden.includes(name)) add(name, 'service');
  return { views, of };

  function add(name: string, kind: EndpointKind): void {
    of.set(name, views.length);
    views.push({ label: name, kind });
  }

  function share(label: string, names: readonly string[], kind: EndpointKind = 'client'): void {
    for (const name of names) of.set(name, views.length);
    if (names.length > 0) views.push({ label, kind, ...(kind === 'node' ? { nodes: names } : {}) });
  }
}

const numberIn = (client: string): number => Number(client.slice(1));
