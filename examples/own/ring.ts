/** A topology: each node's neighbours are the previous and the next node, for any number of nodes. */
export default function ring(nodes: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    nodes.map((node, at) => {
      const around = [nodes.at(at - 1), nodes[(at + 1) % nodes.length]];
      return [
        node,
        [...new Set(around)].filter((other) => other !== undefined && other !== node) as string[],
      ];
    }),
  );
}
