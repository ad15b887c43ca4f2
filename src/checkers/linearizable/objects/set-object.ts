/**
 * Checks a grow-only set in linear time, valid or not. What its reads show must grow from one to the next; reads that
 * show the same are one level, which lasts from the first of them to the last:
 *
 *     add 1 |--|                                 before the first read of {1}, after the last one of {}
 *     read     |--| [1]
 *     add 2   |---------|                        before the first read of {1 2}, after the last one of {1}
 *     read                |--| [1 2]
 *
 * Each level begins and ends as early as the invocations allow. The history is invalid exactly when a level begins
 * after the end of one of its reads, or ends after the completion of an add whose element it does not show.
 */
import { Int32Column } from '../../../columns/column.ts';
import { Interner } from '../../../columns/interner.ts';
import { present } from '../../../columns/present.ts';
import { elementsOf, type Json } from '../../../protocol/json.ts';
import { ModelObject } from './model-object.ts';
import { set, sortedSet } from '../models.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { firstBadCompletion } from './prefix-search.ts';

/** Roles other than an added element: a read, and a read whose value is not a set. */
const READ = -1;
const IMPOSSIBLE_READ = -2;

const NEVER = 0x7fffffff;
/** Place before the first event. */
const BEGINNING = -1;

export class SetObject extends ModelObject {
  private readonly elements = new Interner();
  /** Indexed by kind: the added element, or the role of a read. */
  private readonly roles = new Int32Column();
  /** Indexed by kind: the elements read, without duplicates. */
  private readonly shown: (readonly number[])[] = [];

  constructor() {
    super(set);
  }

  override kindFor(f: string, value: Json): number {
    const kind = super.kindFor(f, value);
    if (kind === this.roles.length) this.describe(f, value);
    return kind;
  }

  private describe(f: string, value: Json): void {
    const items = f === 'add' ? [] : value === null ? [] : elementsOf(value);
    this.shown.push([...new Set((items ?? []).map((item) => this.elements.idOf(item)))]);
    if (f === 'add') this.roles.push(this.elements.idOf(value));
    else this.roles.push(items === undefined ? IMPOSSIBLE_READ : READ);
  }

  override search(history: ObjectEvents): SearchOutcome {
    const bad = firstBadCompletion(history, (end) => this.levelsBefore(history, end) !== undefined);
    if (bad === undefined) return { valid: true, linearization: () => this.linearization(history) };
    const operation = present(history.events[bad]) >> 1;
    return { valid: false, operation, configurations: [this.configurationAt(history, bad, operation)] };
  }

  /** Returns the levels of the reads that ended before the event `end`; undefined if they or the adds do not fit. */
  private levelsBefore(history: ObjectEvents, end: number): Levels | undefined {
    const { roles } = this;
    const begins = new Int32Array(history.operationCount);
    const adds = new Adds(this.elements.size);
    const reads = new Map<number, Reads>();
    for (let at = 0; at < end; at++) {
      const event = present(history.events[at]);
      const operation = event >> 1;
      const kind = present(history.kindOf[operation]);
      const role = roles.at(kind);
      const ends = (event & 1) === 1;
      if (!ends) begins[operation] = at;
      if (role >= 0) adds.note(role, at, ends);
      else if (ends && role === IMPOSSIBLE_READ) return undefined;
      else if (ends) noteRead(reads, kind, { begin: present(begins[operation]), end: at });
    }
    return this.levelsOf(reads, adds);
  }

  private levelsOf(reads: ReadonlyMap<number, Reads>, adds: Adds): Levels | undefined {
    const levelOf = new Int32Array(this.elements.size).fill(NEVER);
    const levelOfKind = new Map<number, number>();
    const begins: number[] = [];
    const endsBefore = [BEGINNING];
    const kinds = [...reads.keys()].sort((a, b) => this.shownBy(a).length - this.shownBy(b).length);
    let known = 0;
    for (let first = 0; first < kinds.length;) {
      const level = begins.length;
      const size = this.shownBy(present(kinds[first])).length;
      const after = present(endsBefore[level]);
      let begin = after;
      let firstEnd = NEVER;
      let lastBegin = BEGINNING;
      let next = first;
      // Reads that show equally many elements must show the same.
      for (; next < kinds.length && this.shownBy(present(kinds[next])).length === size; next++) {
        const kind = present(kinds[next]);
        let seenBefore = 0;
        for (const element of this.shownBy(kind)) {
          const seen = present(levelOf[element]);
          if (seen < level || (seen === level && next > first)) {
            seenBefore++;
            continue;
          }
          // It was added after the last read that lacks it.
          if (adds.firstBegin(element) === NEVER || adds.firstEnd(element) < after) return undefined;
          begin = Math.max(begin, adds.firstBegin(element));
          levelOf[element] = level;
        }
        if (seenBefore !== (next === first ? known : size)) return undefined;
        const { firstEnd: end, lastBegin: last } = present(reads.get(kind));
        firstEnd = Math.min(firstEnd, end);
        lastBegin = Math.max(lastBegin, last);
        levelOfKind.set(kind, level);
      }
      if (firstEnd < begin) return undefined;
      begins.push(begin);
      endsBefore.push(Math.max(begin, lastBegin));
      known = size;
      first = next;
    }
    const last = present(endsBefore.at(-1));
    for (let element = 0; element < levelOf.length; element++)
      if (levelOf[element] === NEVER && adds.firstEnd(element) < last) return undefined;
    return { levelOf, levelOfKind, begins, endsBefore, adds };
  }

  private shownBy(kind: number): readonly number[] {
    return present(this.shown[kind]);
  }

  /**
   * Returns all operations in the order of their moments. A read, or an add before it, happens just after an event,
   * ordered by level.
   */
  private linearization(history: ObjectEvents): readonly number[] {
    const { levelOf, levelOfKind, begins, endsBefore, adds } = present(
      this.levelsBefore(history, history.eventCount),
    );
    const moments: { readonly operation: number; readonly at: number; readonly step: number }[] = [];
    for (let at = 0; at < history.eventCount; at++) {
      const event = present(history.events[at]);
      if ((event & 1) === 1) continue;
      const operation = event >> 1;
      const kind = present(history.kindOf[operation]);
      const element = this.roles.at(kind);
      if (element < 0) {
        const level = present(levelOfKind.get(kind));
        moments.push({ operation, at: Math.max(present(begins[level]), at), step: 2 * level + 1 });
        continue;
      }
      const level = Math.min(present(levelOf[element]), begins.length);
      // A crashed add took effect only if it explains what was read.
      const isNeeded = level < begins.length && adds.firstBegin(element) === at;
      if (history.crashed[operation] === 1 && !isNeeded) continue;
      moments.push({ operation, at: Math.max(present(endsBefore[level]), at), step: 2 * level });
    }
    return moments.sort((a, b) => a.at - b.at || a.step - b.step).map(({ operation }) => operation);
  }

  /**
   * Returns the contents of the set before the completion that does not fit, and the operations in flight without
   * effect so far.
   */
  private configurationAt(history: ObjectEvents, bad: number, failing: number): Configuration {
    const { levelOf, adds } = present(this.levelsBefore(history, bad));
    const isIn = (element: number): boolean => levelOf[element] !== NEVER || adds.firstEnd(element) < bad;
    const open = new Set<number>();
    for (let at = 0; at < bad; at++) {
      const event = present(history.events[at]);
      if ((event & 1) === 0) open.add(event >> 1);
      else open.delete(event >> 1);
    }
    open.delete(failing);
    const waiting = [...open].filter((operation) => {
      const role = this.roles.at(present(history.kindOf[operation]));
      return role < 0 || !isIn(role);
    });
    const state = Array.from(levelOf.keys())
      .filter(isIn)
      .map((element) => this.elements.valueOf(element));
    return { state: this.numberOf(sortedSet(state)), pending: [failing, ...waiting] };
  }
}

/** The first beginning and end of each element's adds, as places in the history. */
class Adds {
  private readonly begins: Int32Array;
  private readonly ends: Int32Array;

  constructor(elements: number) {
    this.begins = new Int32Array(elements).fill(NEVER);
    this.ends = new Int32Array(elements).fill(NEVER);
  }

  /** Records an event. Requires history order. */
  note(element: number, at: number, isEnd: boolean): void {
    const places = isEnd ? this.ends : this.begins;
    if (places[element] === NEVER) places[element] = at;
  }

  firstBegin(element: number): number {
    return present(this.begins[element]);
  }

  firstEnd(element: number): number {
    return present(this.ends[element]);
  }
}

/** Reads that show the same: the earliest end and the latest beginning. */
interface Reads {
  firstEnd: number;
  lastBegin: number;
}

/** Records a read. Requires reads in order of their ends. */
function noteRead(
  reads: Map<number, Reads>,
  kind: number,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  const known = reads.get(kind);
  if (known === undefined) reads.set(kind, { firstEnd: end, lastBegin: begin });
  else known.lastBegin = Math.max(known.lastBegin, begin);
}

/** Levels by place. A place is that of an event; what happens at a place happens just after its event. */
interface Levels {
  /** Indexed by element: the first level that shows it, or NEVER. */
  readonly levelOf: Int32Array;
  readonly levelOfKind: ReadonlyMap<number, number>;
  /** Indexed by level: the place of its first read. */
  readonly begins: readonly number[];
  /** Indexed by level: the place of the last read before it. One more entry is for elements that no read shows. */
  readonly endsBefore: readonly number[];
  readonly adds: Adds;
}
