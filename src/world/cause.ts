/**
 * Causes: what brought a thing about, as an identity that does not depend on what else happened.
 *
 * In the simulated world every message, timer and life of a node has one, made of the turn that brought it about and of its
 * place among the things of its kind in that turn. A turn is the handling of one message or timer, and has the identity of
 * what it handles; a client's operation is a beginning of its own:
 *
 *     operation 7 ── request to n1 ── turn of n1 ─┬─ gossip to n2 ── turn of n2 ── ...
 *                                                 ├─ gossip to n3
 *                                                 └─ timer ── turn of n1 ── ...
 *
 * Chance is keyed by these identities (Random.at), so that taking one operation or one message out leaves the fate of all
 * that does not follow from it as it was. Identities are hashes of 53 bits: two of a million messages coincide in one run
 * out of 18,000, and then share their luck.
 */

/** An integer in [0, 2^53). */
export type Cause = number;

const TWO_32 = 2 ** 32;

/** From which message something follows: the one that is handled, or in whose handling the timer was set that fired. */
export interface Origin {
  /** The message's id in the network; undefined for what follows from none, such as a client's operation. */
  readonly message: number | undefined;
  /** Whether there was a timer in between. */
  readonly byTimer: boolean;
}

/** What a message follows from, whoever knows it; undefined where that is unknown. */
export const originOf = ({
  cause,
  origin,
}: {
  readonly cause?: { readonly origin: Origin } | undefined;
  readonly origin?: Origin | undefined;
}): Origin | undefined => cause?.origin ?? origin;

export const NO_ORIGIN: Origin = { message: undefined, byTimer: false };

/** What follows from a cause: the thing of that kind and number. */
export function causeOf(parent: Cause, kind: string, number: number): Cause {
  // Kind and number select one of 2^64 bijections of the parent's bits; only the cut to 53 bits can make two equal.
  const a = (parent >>> 0) ^ hashText(kind);
  const b = ((parent / TWO_32) >>> 0) ^ Math.imul(number + 1, 0x9e3779b1);
  const low = scatter((a + Math.imul(b, 0x85ebca77)) | 0);
  const high = scatter((b ^ low) + 0x6a09e667);
  return (high & 0x1fffff) * TWO_32 + (low >>> 0);
}

/** All 32 bits of the result depend on all bits of the argument; no two arguments have the same (murmur3's finalizer). */
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

/** A turn: numbers what it brings about. */
export class Turn {
  private readonly counts = new Map<string, number>();

  constructor(
    readonly cause: Cause,
    readonly origin: Origin,
  ) {}

  /** The identity of the next thing of that kind. */
  next(kind: string): Cause {
    const number = this.counts.get(kind) ?? 0;
    this.counts.set(kind, number + 1);
    return causeOf(this.cause, kind, number);
  }
}

/** Whose turn it is. Outside of all turns there is one without an origin, which lasts for the whole run. */
export class Causes {
  private readonly outermost = new Turn(0, NO_ORIGIN);
  private turn = this.outermost;

  get current(): Turn {
    return this.turn;
  }

  /** What that work brings about follows from that turn. Turns nest: a service answers within the turn of a node. */
  during<T>(turn: Turn, work: () => T): T {
    const before = this.turn;
    this.turn = turn;
    try {
      return work();
    } finally {
      this.turn = before;
    }
  }

  /** The work was broken off where `finally` does not run: by the watchdog. */
  reset(): void {
    this.turn = this.outermost;
  }
}
