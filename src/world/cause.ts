/**
 * Causes: identities of what brought something about, which do not depend on anything else that happened.
 *
 * In the simulated world every message, timer and life of a node has a cause, made of the turn that produced it and its
 * number among the things of its kind in that turn. A turn is the handling of one message or timer, and has the
 * identity of what it handles. A client's operation starts a new chain:
 *
 *     operation 7 ── request to n1 ── turn of n1 ─┬─ gossip to n2 ── turn of n2 ── ...
 *                                                 ├─ gossip to n3
 *                                                 └─ timer ── turn of n1 ── ...
 *
 * Randomness is keyed by these identities (Random.at), so that removing one operation or message does not change the
 * fate of anything that does not follow from it. Identities are hashes of 53 bits: in one of 18,000 runs with a million
 * messages two of them coincide, and then draw the same random values.
 */

/** An integer in [0, 2^53). */
export type Cause = number;

const TWO_32 = 2 ** 32;

/**
 * The message that something follows from: the one being handled, or the one whose handling set the timer that fired.
 */
export interface Origin {
  /** The message's id in the network; undefined if no message caused it, as for a client's operation. */
  readonly message: number | undefined;
  /** True when a timer was in between. */
  readonly byTimer: boolean;
}

/** Returns what a message follows from, from either source; undefined if unknown. */
export const originOf = ({
  cause,
  origin,
}: {
  readonly cause?: { readonly origin: Origin } | undefined;
  readonly origin?: Origin | undefined;
}): Origin | undefined => cause?.origin ?? origin;

export const NO_ORIGIN: Origin = { message: undefined, byTimer: false };

/** Returns the cause of the thing of that kind and number that `parent` brings about. */
export function causeOf(parent: Cause, kind: string, number: number): Cause {
  // Kind and number select one of 2^64 bijections of the parent's bits; only the cut to 53 bits can make two equal.
  const a = (parent >>> 0) ^ hashText(kind);
  const b = ((parent / TWO_32) >>> 0) ^ Math.imul(number + 1, 0x9e3779b1);
  const low = scatter((a + Math.imul(b, 0x85ebca77)) | 0);
  const high = scatter((b ^ low) + 0x6a09e667);
  return (high & 0x1fffff) * TWO_32 + (low >>> 0);
}

/**
 * Mixes the bits: each bit of the result depends on all bits of the argument, and it is a bijection (murmur3's
 * finalizer).
 */
export function scatter(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scatter(hash);
}

/** A chain of answers with more messages than this has no end in sight: a request is passed on a few times. */
const MANY_HOPS = 50;

/** A turn, which numbers the things that it brings about. */
export class Turn {
  private readonly counts = new Map<string, number>();

  constructor(
    readonly cause: Cause,
    readonly origin: Origin,
    /** The number of messages that led here, one from the handling of the other, since a timer or a client's operation. */
    readonly hops = 0,
  ) {}

  next(kind: string): Cause {
    const number = this.counts.get(kind) ?? 0;
    this.counts.set(kind, number + 1);
    return causeOf(this.cause, kind, number);
  }
}

/** Knows the current turn. Outside of all turns there is one without an origin, which lasts for the whole run. */
export class Causes {
  private readonly outermost = new Turn(0, NO_ORIGIN);
  private turn = this.outermost;
  /** The number of messages sent at the end of a long chain of answers without a pause: see `MANY_HOPS`. */
  restless = 0;

  get current(): Turn {
    return this.turn;
  }

  /** Returns the identity of a message to `dest` that the current turn sends, and its place in the chain of answers. */
  ofMessage(dest: string): { readonly id: Cause; readonly origin: Origin; readonly hops: number } {
    const { turn } = this;
    const hops = turn.hops + 1;
    if (hops > MANY_HOPS) this.restless++;
    return { id: turn.next(dest), origin: turn.origin, hops };
  }

  /**
   * Runs `work` within that turn, the cause of all that it brings about. Turns nest: a service answers within a node's
   * turn.
   */
  during<T>(turn: Turn, work: () => T): T {
    const before = this.turn;
    this.turn = turn;
    try {
      return work();
    } finally {
      this.turn = before;
    }
  }

  /** Returns to the outermost turn after the watchdog has broken work off, which runs no `finally`. */
  reset(): void {
    this.turn = this.outermost;
  }
}
