/**
 * Strings as states of the depth-first search, with what the reads tell in advance:
 *
 *     c0   |- append a -|    |-- put p --|                    put p cannot take effect before the read of ab
 *     c1     |---- append b ----|                             b cannot take effect before a
 *     c2                    |---- get -> ab ----|
 *
 * - A string that no coming read sees, nor one that continues it, is as good as any other such string.
 * - At such a string, a put or append that no coming read shows may take effect at once.
 * - If a read shows an append and only one order of operations makes its string, the append leads there or nowhere.
 * - A string made in only one order is not left before all reads of what continues it have seen that.
 */
import { present } from '../../../columns/present.ts';
import type { Foresight, SearchableObject } from '../depth-first/depth-first.ts';
import { READS, type PendingOperations } from '../depth-first/pending-operations.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NOWHERE, ReadTexts, UNSEEN, type TextKinds } from './read-texts.ts';

export class TextStates implements SearchableObject, Foresight {
  readonly stateBytes = 0;
  readonly longStates = 0;
  readonly isGiven = false;
  readonly foresight: Foresight = this;
  private readonly texts: ReadTexts;
  /** By node: the reads that see it or what continues it; by kind: the reads that may show it. */
  private readonly readsOfNode: ReadGroups;
  private readonly readsOfKind: ReadGroups;
  /** Indexed by firm node: the last invocation of a read that sees it or what continues it, and of one that sees what
   * another operation than this node's makes of the node before. Only reads of firm strings count. */
  private readonly lastBelow: Int32Array;
  private readonly lastBeside: Int32Array;
  /** Indexed by kind: the only node to which it may lead, or -1. */
  private readonly homeOf: Int32Array;

  constructor(
    private readonly history: ObjectEvents,
    private readonly kinds: TextKinds,
  ) {
    const { events, eventCount, kindOf, kindCount } = history;
    this.texts = new ReadTexts(history, kinds);
    const { nodes } = this.texts;
    this.readsOfNode = new ReadGroups(nodes.length);
    this.readsOfKind = new ReadGroups(kindCount);
    this.lastBelow = new Int32Array(nodes.length).fill(NOWHERE);
    this.lastBeside = new Int32Array(nodes.length).fill(NOWHERE);
    this.homeOf = new Int32Array(kindCount).fill(NOWHERE);
    const writes = new Set<number>();
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const kind = present(kindOf[event >> 1]);
      if ((event & 1) === 1) continue;
      if (kinds.roleOf(kind) !== 'shows') writes.add(kind);
      else if (this.texts.seenBy(kind) !== NOWHERE) this.countRead(this.texts.seenBy(kind), at);
    }
    this.countReadsBelow();
    for (const kind of writes) this.surveyWrite(kind);
  }

  transition(state: number, kind: number): number {
    if (this.kinds.roleOf(kind) !== 'shows') return this.texts.after(state, kind);
    return this.texts.seenBy(kind) === state ? state : -1;
  }

  /** Appending nothing changes nothing either. */
  isReadOnly(kind: number): boolean {
    const role = this.kinds.roleOf(kind);
    return role === 'shows' || (role === 'appends' && this.kinds.textOf(kind) === '');
  }

  leadsTo(state: number, kind: number): boolean {
    return this.kinds.roleOf(kind) === 'shows' && this.isOnWayTo(state, this.texts.seenBy(kind));
  }

  afterCrash(state: number, kind: number): readonly number[] {
    return [this.transition(state, kind)];
  }

  keepStates(states: Iterable<number>): ReadonlyMap<number, number> {
    return new Map([...states].map((state) => [state, state]));
  }

  /** Whether any linearization may continue with this operation. */
  allows(
    state: number,
    operation: number,
    after: number,
    place: number,
    pending: PendingOperations,
  ): boolean {
    const kind = present(this.history.kindOf[operation]);
    const home = present(this.homeOf[kind]);
    if (home !== NOWHERE && after !== home) return false;
    if (this.history.crashed[operation] === 1 && !this.readsOfKind.isAny(kind)) return false;
    const { texts } = this;
    if (state === UNSEEN || !texts.isFirm(state)) return true;
    const continues = after !== UNSEEN && texts.isFirm(after) && texts.parentOf(after) === state;
    if (present((continues ? this.lastBeside : this.lastBelow)[continues ? after : state]) > place)
      return false;
    const { next } = pending;
    const head = pending.headOf(READS);
    for (let read = present(next[head]); read !== head; read = present(next[read])) {
      const seen = texts.seenBy(present(this.history.kindOf[read]));
      if (
        seen !== NOWHERE &&
        texts.isFirm(seen) &&
        texts.isBelow(seen, state) &&
        !(continues && texts.isBelow(seen, after))
      )
        return false;
    }
    return true;
  }

  settled(state: number, place: number, pending: PendingOperations): number {
    if (state === UNSEEN || this.readsOfNode.lastOf(state) > place) return state;
    const { next } = pending;
    const head = pending.headOf(READS);
    for (let read = present(next[head]); read !== head; read = present(next[read])) {
      const seen = this.texts.seenBy(present(this.history.kindOf[read]));
      if (seen !== NOWHERE && this.isOnWayTo(state, seen)) return state;
    }
    return UNSEEN;
  }

  isFree(state: number, operation: number, place: number, pending: PendingOperations): boolean {
    const kind = present(this.history.kindOf[operation]);
    if (state !== UNSEEN || this.readsOfKind.lastOf(kind) > place) return false;
    const { next } = pending;
    const head = pending.headOf(READS);
    for (let read = present(next[head]); read !== head; read = present(next[read]))
      if (this.readsOfKind.mayHave(kind, this.texts.seenBy(present(this.history.kindOf[read])))) return false;
    return true;
  }

  /** Whether a string may be continued to another. May be wrong only in saying so. */
  private isOnWayTo(node: number, seen: number): boolean {
    const { texts } = this;
    if (seen === NOWHERE || node === UNSEEN) return false;
    if (texts.isFirm(seen)) return texts.isFirm(node) && texts.isBelow(seen, node);
    return this.readsOfNode.mayHave(node, seen);
  }

  private countRead(node: number, at: number): void {
    this.readsOfNode.add(node, at);
    if (this.texts.isFirm(node)) this.lastBelow[node] = at;
  }

  private countReadsBelow(): void {
    const { texts, lastBelow, lastBeside } = this;
    const { nodes } = texts;
    // What continues a string is longer.
    const longestFirst = [...nodes.keys()].sort(
      (a, b) => present(nodes[b]).length - present(nodes[a]).length,
    );
    const ofItself = lastBelow.slice();
    // Indexed by firm node: the two last invocations below its children.
    const last = new Int32Array(nodes.length).fill(NOWHERE);
    const lastButOne = new Int32Array(nodes.length).fill(NOWHERE);
    for (const node of longestFirst) {
      for (const before of present(nodes[node]).before)
        this.readsOfNode.include(before, this.readsOfNode, node);
      if (!texts.isFirm(node)) continue;
      const below = Math.max(present(ofItself[node]), present(last[node]));
      lastBelow[node] = below;
      const parent = texts.parentOf(node);
      if (parent === NOWHERE) continue;
      lastButOne[parent] = Math.max(present(lastButOne[parent]), Math.min(below, present(last[parent])));
      last[parent] = Math.max(present(last[parent]), below);
    }
    for (const node of longestFirst) {
      const parent = texts.isFirm(node) ? texts.parentOf(node) : NOWHERE;
      if (parent === NOWHERE) continue;
      const isLast = last[parent] === lastBelow[node];
      lastBeside[node] = Math.max(present(ofItself[parent]), present((isLast ? lastButOne : last)[parent]));
    }
  }

  private surveyWrite(kind: number): void {
    const { texts } = this;
    for (const node of texts.targets(kind)) {
      this.readsOfKind.include(kind, this.readsOfNode, node);
      if (texts.isFirm(node) && this.lastBelow[node] !== NOWHERE && this.homeOf[kind] === NOWHERE)
        this.homeOf[kind] = node;
    }
  }
}

/** For each of many things, the last invocation among its reads, and the range of the nodes that these see. */
class ReadGroups {
  private readonly last: Int32Array;
  private readonly low: Int32Array;
  private readonly high: Int32Array;

  constructor(count: number) {
    this.last = new Int32Array(count).fill(-1);
    this.low = new Int32Array(count).fill(0x7fffffff);
    this.high = new Int32Array(count).fill(-1);
  }

  add(group: number, at: number): void {
    this.widen(group, at, group, group);
  }

  include(group: number, others: ReadGroups, other: number): void {
    this.widen(group, others.lastOf(other), present(others.low[other]), present(others.high[other]));
  }

  private widen(group: number, last: number, low: number, high: number): void {
    this.last[group] = Math.max(present(this.last[group]), last);
    this.low[group] = Math.min(present(this.low[group]), low);
    this.high[group] = Math.max(present(this.high[group]), high);
  }

  lastOf(group: number): number {
    return present(this.last[group]);
  }

  isAny(group: number): boolean {
    return this.lastOf(group) >= 0;
  }

  mayHave(group: number, node: number): boolean {
    return node >= present(this.low[group]) && node <= present(this.high[group]);
  }
}
