/** Describes a grudge, for the status of a run, its plots and the viewer. */

/** Receiver -> the senders from which it receives nothing. */
type Strangers = ReadonlyMap<string, { has(node: string): boolean }>;

/**
 * Returns `n1 | n2 n3` when the nodes fall into parts that reach each other; `n1 does not hear n2 n3`, or
 * `n1 and n2 do not hear each other`, when only some nodes are cut off from others; otherwise the nodes from which each node still receives.
 */
export function describeGrudge(grudge: Strangers, nodes: readonly string[]): string {
  const heardBy = (node: string): string =>
    nodes.filter((other) => grudge.get(node)?.has(other) !== true).join(' ');
  const parts = [...new Set(nodes.map(heardBy))];
  const isPartition = parts.reduce((count, part) => count + part.split(' ').length, 0) === nodes.length;
  if (isPartition) return parts.join(' | ');
  const strangersOf = (node: string): readonly string[] =>
    nodes.filter((other) => grudge.get(node)?.has(other) === true);
  const deaf = nodes.filter((node) => strangersOf(node).length > 0);
  const [one = '', other = ''] = deaf;
  const isPair = deaf.length === 2 && deaf.every((node) => strangersOf(node).length === 1);
  if (isPair && deaf.length < nodes.length && strangersOf(one)[0] === other && strangersOf(other)[0] === one)
    return `${one} and ${other} do not hear each other`;
  return deaf.length < nodes.length
    ? deaf.map((node) => `${node} does not hear ${strangersOf(node).join(' ')}`).join('; ')
    : nodes.map((node) => `${node} hears ${heardBy(node)}`).join('; ');
}
