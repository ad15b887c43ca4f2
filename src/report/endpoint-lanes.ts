/** Lanes of a space-time diagram: clients first, then nodes in their order, then services. Many clients share one lane. */

export interface EndpointLanes {
  readonly labels: readonly string[];
  /** The lane of an endpoint. */
  readonly of: ReadonlyMap<string, number>;
}

const MANY_CLIENTS = 12;

/** `endpoints` are all that sent or were sent something. */
export function endpointLanes(endpoints: ReadonlySet<string>, nodes: readonly string[]): EndpointLanes {
  const labels: string[] = [];
  const of = new Map<string, number>();
  const isNode = new Set(nodes);
  const others = [...endpoints].filter((name) => !isNode.has(name));
  const clients = others
    .filter((name) => /^c\d+$/.test(name))
    .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const services = others.filter((name) => !/^c\d+$/.test(name)).toSorted();
  const add = (name: string): void => {
    of.set(name, labels.length);
    labels.push(name);
  };
  if (clients.length > MANY_CLIENTS) {
    for (const client of clients) of.set(client, 0);
    labels.push('clients');
  } else clients.forEach(add);
  nodes.forEach(add);
  services.forEach(add);
  return { labels, of };
}
