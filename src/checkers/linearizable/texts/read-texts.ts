/**
 * The strings that a key was before a read saw it, as a graph: each read's value is taken apart into the put that it
 * began with, or nothing, and the appends that followed, in every way that the operations of the history allow.
 *
 *     put a, append b, append c, append bc; get -> abc, get -> ab
 *
 *     a --b--> ab --c--> abc        every way to `abc` and to `ab`; a string that is on no such way was never seen, and
 *      '-------bc-------^           nothing that continues it was
 *
 * A string is firm if only one order of operations makes it: with distinct values all strings are. What must have
 * happened before and after it is then known.
 */
import { present } from '../../../columns/present.ts';
import type { TextRole } from '../models.ts';
import type { ObjectEvents } from '../object-events.ts';

/** The meaning of the kinds of operations. */
export interface TextKinds {
  roleOf(kind: number): TextRole;
  textOf(kind: number): string;
}

/** The string before the first operation, and any string that no read saw, nor one that continues it. */
export const EMPTY = 0;
export const UNSEEN = 1;
export const NOWHERE = -1;

interface Node {
  readonly length: number;
  /** Nodes from which an append leads here. With a firm node, the only one. */
  readonly before: number[];
  /** Number of orders of operations that make this string: 0, 1 or 2 for more. */
  ways: number;
}

/** Texts and the kinds that have them, for one role. */
class Pieces {
  private readonly numbers = new Map<string, number>();
  readonly lengths: number[] = [];
  /** Indexed by piece: number of operations. */
  readonly count: number[] = [];

  add(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) {
      this.count[known] = present(this.count[known]) + 1;
      return known;
    }
    const number = this.count.push(1) - 1;
    this.numbers.set(text, number);
    if (!this.lengths.includes(text.length)) this.lengths.push(text.length);
    return number;
  }

  find(text: string): number {
    return this.numbers.get(text) ?? NOWHERE;
  }
}

export class ReadTexts {
  readonly nodes: Node[] = [
    { length: 0, before: [], ways: 1 },
    { length: -1, before: [], ways: 2 },
  ];
  private readonly puts = new Pieces();
  private readonly appends = new Pieces();
  /** By piece of a put: its node. */
  private readonly putNodes: number[] = [];
  /** By node, then by piece of an append: where it leads. */
  private readonly next: Map<number, number>[] = [new Map(), new Map()];
  /** By piece of an append: the nodes to which it leads from any. */
  private readonly appendNodes: number[][] = [];
  /** Indexed by kind: the piece of a put or an append, the node that a read saw; -1 if unknown. */
  private readonly pieceOf: Int32Array;
  /** Indexed by node: the tree of firm nodes, as the numbers of its first and last descendant. */
  readonly firstBelow: Int32Array;
  readonly lastBelow: Int32Array;

  constructor(
    { events, eventCount, kindOf, kindCount }: ObjectEvents,
    private readonly kinds: TextKinds,
  ) {
    this.pieceOf = new Int32Array(kindCount).fill(NOWHERE);
    const reads: number[] = [];
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      if ((event & 1) === 1) continue;
      const kind = present(kindOf[event >> 1]);
      const role = kinds.roleOf(kind);
      const text = kinds.textOf(kind);
      if (role === 'replaces') this.pieceOf[kind] = this.puts.add(text);
      else if (role === 'shows') reads.push(kind);
      else if (text !== '') this.pieceOf[kind] = this.appends.add(text);
    }
    this.takeApart([...new Set(reads)]);
    const count = this.nodes.length;
    this.firstBelow = new Int32Array(count);
    this.lastBelow = new Int32Array(count);
    this.numberTree();
  }

  /** Returns the node of the string that a read saw, or -1 if no operations make it. */
  seenBy(kind: number): number {
    return present(this.pieceOf[kind]);
  }

  /** Returns the string after an operation that changes it. */
  after(node: number, kind: number): number {
    const piece = present(this.pieceOf[kind]);
    if (this.kinds.roleOf(kind) === 'replaces') return this.putNodes[piece] ?? UNSEEN;
    return piece === NOWHERE ? node : (present(this.next[node]).get(piece) ?? UNSEEN);
  }

  /** Returns the nodes to which an operation may lead. */
  targets(kind: number): readonly number[] {
    const piece = present(this.pieceOf[kind]);
    if (this.kinds.roleOf(kind) !== 'replaces') return this.appendNodes[piece] ?? [];
    const node = this.putNodes[piece];
    return node === undefined ? [] : [node];
  }

  isFirm(node: number): boolean {
    return present(this.nodes[node]).ways === 1;
  }

  /** The firm node from which this firm one is made, or -1 if a put makes it. */
  parentOf(node: number): number {
    return present(this.nodes[node]).before[0] ?? NOWHERE;
  }

  /** Whether one firm node is another, or is made from it. */
  isBelow(node: number, above: number): boolean {
    const number = present(this.firstBelow[node]);
    return number >= present(this.firstBelow[above]) && number <= present(this.lastBelow[above]);
  }

  /** Takes the longest strings first: most others are on the way to them. */
  private takeApart(reads: readonly number[]): void {
    const sorted = reads
      .map((kind) => ({ kind, text: this.kinds.textOf(kind) }))
      .sort((a, b) => (a.text < b.text ? 1 : a.text > b.text ? -1 : 0));
    const none = this.puts.find('');
    if (none !== NOWHERE) this.registerPut(none, EMPTY);
    let longest = '';
    let onTheWay: Int32Array = Int32Array.of(EMPTY);
    for (const { kind, text } of sorted) {
      const known = longest.startsWith(text) ? present(onTheWay[text.length]) : NOWHERE;
      if (known !== NOWHERE) {
        this.pieceOf[kind] = known;
        continue;
      }
      const nodes = this.nodesOf(text);
      this.pieceOf[kind] = present(nodes[text.length]);
      if (longest.startsWith(text)) continue;
      longest = text;
      onTheWay = nodes;
    }
  }

  /** Returns the node at each place of a string where an operation may have ended; -1 elsewhere. */
  private nodesOf(text: string): Int32Array {
    const nodes = new Int32Array(text.length + 1).fill(NOWHERE);
    const { from, pieces, isOnWay, starts } = this.waysTo(text);
    for (let end = 0; end <= text.length; end++) {
      if (isOnWay[end] !== 1) continue;
      const put = starts.get(end) ?? NOWHERE;
      const starting = end === 0 ? EMPTY : put === NOWHERE ? undefined : this.putNodes[put];
      const leading = from[end] ?? [];
      let node = starting ?? NOWHERE;
      for (let i = 0; node === NOWHERE && i < leading.length; i++)
        node =
          present(this.next[present(nodes[present(leading[i])])]).get(present(pieces[end]?.[i])) ?? NOWHERE;
      if (node === NOWHERE) {
        node = this.nodes.push({ length: end, before: [], ways: 0 }) - 1;
        this.next.push(new Map());
      }
      nodes[end] = node;
      if (put !== NOWHERE) this.registerPut(put, node);
      for (const [i, start] of leading.entries())
        this.registerAppend(present(nodes[start]), present(pieces[end]?.[i]), node);
    }
    return nodes;
  }

  private registerPut(put: number, node: number): void {
    if (this.putNodes[put] !== undefined) return;
    this.putNodes[put] = node;
    const made = present(this.nodes[node]);
    made.ways = Math.min(2, made.ways + present(this.puts.count[put]));
  }

  private registerAppend(from: number, piece: number, node: number): void {
    const next = present(this.next[from]);
    if (next.has(piece)) return;
    next.set(piece, node);
    (this.appendNodes[piece] ??= []).push(node);
    const made = present(this.nodes[node]);
    made.before.push(from);
    made.ways = Math.min(2, made.ways + present(this.nodes[from]).ways * present(this.appends.count[piece]));
  }

  /** Finds where the pieces of a string may begin and end. */
  private waysTo(text: string): {
    /** By end of a piece: where it may begin, and which piece that is. */
    readonly from: (number[] | undefined)[];
    readonly pieces: (number[] | undefined)[];
    readonly isOnWay: Uint8Array;
    /** By length: the put of so much of the beginning. */
    readonly starts: ReadonlyMap<number, number>;
  } {
    const { length } = text;
    const isReached = new Uint8Array(length + 1);
    const from: (number[] | undefined)[] = [];
    const pieces: (number[] | undefined)[] = [];
    const starts = new Map<number, number>();
    isReached[0] = 1;
    for (const put of this.puts.lengths) {
      const found = put > length ? NOWHERE : this.puts.find(text.slice(0, put));
      if (found === NOWHERE) continue;
      isReached[put] = 1;
      starts.set(put, found);
    }
    for (let begin = 0; begin < length; begin++) {
      if (isReached[begin] !== 1) continue;
      for (const size of this.appends.lengths) {
        const end = begin + size;
        const piece = end > length ? NOWHERE : this.appends.find(text.slice(begin, end));
        if (piece === NOWHERE) continue;
        isReached[end] = 1;
        (from[end] ??= []).push(begin);
        (pieces[end] ??= []).push(piece);
      }
    }
    const isOnWay = new Uint8Array(length + 1);
    isOnWay[length] = present(isReached[length]);
    for (let end = length; end > 0; end--)
      if (isOnWay[end] === 1) for (const begin of from[end] ?? []) isOnWay[begin] = 1;
    return { from, pieces, isOnWay, starts };
  }

  /** Numbers firm nodes such that those below one follow it. */
  private numberTree(): void {
    const { nodes, firstBelow, lastBelow } = this;
    const below: number[][] = nodes.map(() => []);
    const left: number[] = [];
    for (let node = nodes.length - 1; node >= 0; node--) {
      if (!this.isFirm(node)) continue;
      const parent = this.parentOf(node);
      if (parent === NOWHERE) left.push(node);
      else present(below[parent]).push(node);
    }
    let number = 0;
    while (left.length > 0) {
      const node = left.pop() ?? NOWHERE;
      if (node < 0) {
        lastBelow[~node] = number - 1;
        continue;
      }
      firstBelow[node] = number++;
      left.push(~node);
      for (const one of present(below[node])) left.push(one);
    }
  }
}
