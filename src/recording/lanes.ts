/** The lanes of the space-time diagram: clients above, then nodes, then services. Many clients share one lane. */
import type { EndpointKind } from '../network/endpoint.ts';
import type { LaneView } from './views.ts';

/** Up to so many clients (beside those of `init`) get a lane of their own, unless one asks otherwise. */
const MANY_CLIENTS = 10;

export type ClientLanes = 'auto' | 'one' | 'each';

export interface Lanes {
  readonly views: readonly LaneView[];
  /** The lane of each name, by its number; -1 for names that are no endpoints (reasons of drops). */
  readonly ofName: Int32Array;
}

export function kindOf(name: string, nodes: ReadonlySet<string>): EndpointKind {
  if (nodes.has(name)) return 'node';
  return /^c\d+$/.test(name) ? 'client' : 'service';
}

/** `used` says which names are endpoints: senders or receivers. `started` is how many of the nodes were there at first. */
export function makeLanes(
  names: readonly string[],
  { nodes, started }: { readonly nodes: readonly string[]; readonly started: number },
  used: (name: number) => boolean,
  mode: ClientLanes,
): Lanes {
  const nodeSet = new Set(nodes);
  const kinds = names.map((name) => kindOf(name, nodeSet));
  const numbers = names.map((_, number) => number).filter((number) => used(number));
  const clients = numbers.filter((number) => kinds[number] === 'client');
  const services = numbers.filter((number) => kinds[number] === 'service');
  const ofName = new Int32Array(names.length).fill(-1);
  const views: LaneView[] = [];
  const one = mode === 'one' || (mode === 'auto' && clients.length - started > MANY_CLIENTS);
  if (one && clients.length > 0) {
    views.push({ label: 'clients', kind: 'client' });
    for (const number of clients) ofName[number] = 0;
  } else {
    const numberOf = (number: number): number => Number(names[number]?.slice(1));
    const sorted = clients.toSorted((a, b) => numberOf(a) - numberOf(b));
    // The first ones, a node each, only send `init`.
    const first = mode === 'auto' ? sorted.filter((number) => numberOf(number) < started) : [];
    if (first.length > 1) {
      for (const number of first) ofName[number] = views.length;
      views.push({ label: 'init', kind: 'client' });
      sorted.splice(0, first.length);
    }
    for (const number of sorted) add(number, 'client');
  }
  for (const node of nodes) {
    const number = names.indexOf(node);
    if (number !== -1) ofName[number] = views.length;
    views.push({ label: node, kind: 'node' });
  }
  for (const number of services) add(number, 'service');
  return { views, ofName };

  function add(number: number, kind: EndpointKind): void {
    ofName[number] = views.length;
    views.push({ label: names[number] ?? '?', kind });
  }
}
