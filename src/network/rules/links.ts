/** Links between servers, each with a direction: which of them a rule covers, and a random stream for each. */
import type { Chance, Random } from '../../world/random.ts';
import type { Packet } from '../../world/world.ts';

/** Whether a link is covered. */
export type LinkTest = (src: string, dest: string) => boolean;

export const allLinks: LinkTest = () => true;

/** Covers the links that begin or end at one of these nodes. */
export function linksOf(nodes: readonly string[]): LinkTest {
  const touched = new Set(nodes);
  return (src, dest) => touched.has(src) || touched.has(dest);
}

/**
 * A random stream for each link, by name, so that traffic on one link does not affect another. Must be kept for the
 * whole run, so that a rule that is installed again continues where it was.
 */
export class LinkStreams {
  private readonly streams = new Map<string, Map<string, Random>>();

  constructor(private readonly random: Random) {}

  /** Returns the random values for a message: its own if its cause is known, otherwise its link's stream. */
  for({ cause, src, dest }: Packet): Chance {
    return cause === undefined ? this.of(src, dest) : this.random.at(cause.id);
  }

  of(src: string, dest: string): Random {
    let fromHere = this.streams.get(src);
    if (fromHere === undefined) {
      fromHere = new Map();
      this.streams.set(src, fromHere);
    }
    let stream = fromHere.get(dest);
    if (stream === undefined) {
      stream = this.random.child(`${src}->${dest}`);
      fromHere.set(dest, stream);
    }
    return stream;
  }
}
