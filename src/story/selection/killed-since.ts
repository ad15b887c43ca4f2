/** Kills after a moment: what a node had received by then it may have lost with its memory. */
import type { Selected } from './selected.ts';

/** True if a fault killed the node after this moment and before the end of the story. */
export const isKilledSince = ({ facts, endNanos }: Selected, node: string, sinceNanos: number): boolean =>
  facts.bands.some(
    ({ kind, about, fromNanos }) =>
      kind === 'kill' && about.split(' ').includes(node) && fromNanos >= sinceNanos && fromNanos <= endNanos,
  );
