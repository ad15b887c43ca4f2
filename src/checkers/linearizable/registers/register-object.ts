/**
 * The cas register on integers: write sets; cas [a b] requires a. It starts as nil, and a read of nil says nothing; or it
 * starts as a given value, and a read of nil shows nil.
 */
import { present } from '../../../columns/present.ts';
import { valueText, type Json } from '../../../protocol/json.ts';
import { Int32Column } from '../../../columns/column.ts';
import { Interner } from '../../../columns/interner.ts';
import type { Budget } from '../../checker.ts';
import type { FrontierObject, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { MalformedOperation, type SequentialObject } from '../object-history.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { judgeRepeatedWrites } from './repeated-writes.ts';
import { judgeUniqueWrites, type RegisterKinds } from './unique-writes.ts';

const READ = 0;
const WRITE = 1;
const CAS = 2;
const UNUSED = 0;

export class RegisterObject implements SequentialObject, FrontierObject, RegisterKinds {
  private readonly values = new Interner();
  private readonly kinds = new Map<number, number>();
  private readonly f = new Int32Column();
  private readonly a = new Int32Column();
  private readonly b = new Int32Column();
  /** The number of nil, if a read of nil says nothing; else of no value. */
  private readonly nothing: number;

  constructor(initial?: Json) {
    const first = this.values.idOf(initial ?? null);
    this.nothing = initial === undefined ? first : -1;
  }

  get stateCount(): number {
    return this.values.size;
  }

  get kindCount(): number {
    return this.f.length;
  }

  kindFor(f: string, value: Json): number {
    switch (f) {
      case 'read':
        return this.kind(READ, this.values.idOf(value), UNUSED);
      case 'write':
        return this.kind(WRITE, this.values.idOf(value), UNUSED);
      case 'cas': {
        if (!Array.isArray(value) || value.length !== 2) {
          throw new MalformedOperation(`is a cas of ${valueText(value)}; expected [from, to]`);
        }
        // Array.isArray narrows a readonly array to any[]; the elements are Json.
        const [from, to] = value as readonly Json[];
        return this.kind(CAS, this.values.idOf(from ?? null), this.values.idOf(to ?? null));
      }
      default:
        throw new MalformedOperation(`has f "${shownText(f, 60)}"; a register knows read, write and cas`);
    }
  }

  private kind(f: number, a: number, b: number): number {
    // Value ids are far below 2^24 in any history that fits in memory, so the product is exact.
    const name = (a * 0x1000000 + b) * 3 + f;
    const known = this.kinds.get(name);
    if (known !== undefined) return known;
    this.f.push(f);
    this.a.push(a);
    const kind = this.b.push(b);
    this.kinds.set(name, kind);
    return kind;
  }

  transition(state: number, kind: number): number {
    const f = this.f.values[kind];
    const a = present(this.a.values[kind]);
    if (f === WRITE) return a;
    if (a !== state) return -1;
    return f === READ ? a : present(this.b.values[kind]);
  }

  /** True for reads, and for a cas from a value to itself, which is a read of it. */
  isReadOnly(kind: number): boolean {
    const f = this.f.values[kind];
    return f === READ || (f === CAS && this.a.values[kind] === this.b.values[kind]);
  }

  isAcknowledged(f: string): boolean {
    return f !== 'read';
  }

  /** Returns undefined for a crashed read, whose result is unknown. Anything else may have taken effect. */
  crashedKind(kind: number): number | undefined {
    return this.isReadOnly(kind) ? undefined : kind;
  }

  search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    return judgeUniqueWrites(history, this) ?? judgeRepeatedWrites(history, this, budget);
  }

  /** Returns the value read or written. */
  stateAfter(kind: number): number {
    return present((this.f.values[kind] === CAS ? this.b : this.a).values[kind]);
  }

  stateBefore(kind: number): number {
    return this.f.values[kind] === CAS ? present(this.a.values[kind]) : -1;
  }

  isOverwrite(kind: number): boolean {
    return this.f.values[kind] === WRITE;
  }

  isSilent(kind: number): boolean {
    return this.f.values[kind] === READ && this.a.values[kind] === this.nothing;
  }

  unwritten(kind: number): Json | undefined {
    const found = this.a.at(kind);
    if (this.f.at(kind) === WRITE) return undefined;
    for (let other = 0; other < this.f.length; other++) {
      const f = this.f.at(other);
      const written = f === WRITE ? this.a.at(other) : f === CAS ? this.b.at(other) : -1;
      if (written === found) return undefined;
    }
    return this.values.valueOf(found);
  }

  fOf(kind: number): string {
    const f = this.f.at(kind);
    return f === READ ? 'read' : f === WRITE ? 'write' : 'cas';
  }

  valueOf(kind: number): Json {
    const a = this.values.valueOf(this.a.at(kind));
    return this.f.at(kind) === CAS ? [a, this.values.valueOf(this.b.at(kind))] : a;
  }

  stateOf(state: number): Json {
    return this.values.valueOf(state);
  }
}
