/**
 * Random numbers from a seed, in named streams and keyed by causes.
 *
 * Each consumer takes its own stream by name (`random.child('latency/n1->n2')`). A stream depends only on the seed and
 * its path, so a new consumer does not shift any other. Random values for one message, timer or turn come from `at` its
 * cause, so they do not depend on the messages, timers and turns before it. The generator is sfc32 (PractRand's small
 * fast counter); the path is hashed with a 128-bit variant of FNV-1a followed by a mixer.
 */
import { scatter, type Cause } from './cause.ts';
import type { TurningPoint } from './turning-point.ts';

/** A source of random numbers. */
export class Chance {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  protected constructor(a: number, b: number, c: number, d: number, rounds: number) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    for (let i = 0; i < rounds; i++) this.uint32();
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** A number in [0, 1) with 53 bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** An integer in [0, bound); bound is a positive integer up to 2^53. */
  int(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.float());
  }

  boolean(probability = 0.5): boolean {
    return this.float() < probability;
  }

  /** One of the items; throws a RangeError when there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('Random.pick: there is nothing to pick from');
    // The index is in range by construction.
    return items[this.int(items.length)] as T;
  }

  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const other = out[j] as T;
      out[j] = out[i] as T;
      out[i] = other;
    }
    return out;
  }
}

/** A named stream of random numbers, with further streams below it. */
export class Random extends Chance {
  private readonly words: Words;

  private constructor(
    private readonly path: string,
    private readonly turningPoint: TurningPoint | undefined,
  ) {
    const words = hash128(path);
    super(...words, 12);
    this.words = words;
  }

  /** From the turning point on, if there is one, other values are drawn for causes; streams are not affected. */
  static fromSeed(seed: number | string, turningPoint?: TurningPoint): Random {
    return new Random(`seed:${seed}`, turningPoint);
  }

  /** Returns the stream of that name below this one. The same name always returns the same stream, from its start. */
  child(name: string): Random {
    return new Random(`${this.path}/${name}`, this.turningPoint);
  }

  /** Returns the random values for that cause: the same each time, whatever was drawn before. */
  at(cause: Cause): Chance {
    return new Keyed(this.words, this.turningPoint?.keyFor(cause) ?? cause);
  }

  /** Returns `at` the cause if there is one, otherwise this stream, which continues from its current position. */
  for(cause: Cause | undefined): Chance {
    return cause === undefined ? this : this.at(cause);
  }
}

/** Always draws the minimum. */
class Least extends Chance {
  constructor() {
    super(0, 0, 0, 0, 0);
  }

  override uint32(): number {
    return 0;
  }
}

export const LEAST: Chance = new Least();

type Words = readonly [number, number, number, number];

class Keyed extends Chance {
  constructor([a, b, c, d]: Words, cause: Cause) {
    const low = cause >>> 0;
    const high = (cause / 0x100000000) >>> 0;
    const first = scatter(a ^ low);
    const second = scatter((b ^ high) + first);
    super(first ^ c, second ^ d, scatter(first + second), 1, 4);
  }
}

function hash128(text: string): Words {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  let c = 0x85ebca6b;
  let d = 0xc2b2ae35;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 15), 0x85ebca77);
    c = Math.imul(c ^ code ^ (b >>> 13), 0xc2b2ae3d);
    d = Math.imul(d ^ code ^ (c >>> 16), 0x27d4eb2f);
  }
  return [a | 0, b | 0, c | 0, d | 0];
}
