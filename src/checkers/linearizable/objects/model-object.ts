/** Runs any sequential model on integers: interns states and operations, and caches transitions. */
import { present } from '../../../columns/present.ts';
import { isJsonArray, jsonEquals, type Json } from '../../../protocol/json.ts';
import type { Budget } from '../../checker.ts';
import { Interner } from '../../../columns/interner.ts';
import { AlternatingSearch } from '../depth-first/alternating-search.ts';
import type { SearchableObject } from '../depth-first/depth-first.ts';
import { frozenCopy, refuseChange, type GuardedModel } from './model-state.ts';
import type { SequentialModel } from '../models.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import type { SequentialObject } from '../object-history.ts';
import type { SteppedObject } from '../repair/order-repair.ts';

const IMPOSSIBLE = -1;
/** Size of the transition cache, at first and at most. Later entries replace earlier ones. */
const FEW_REMEMBERED = 1 << 4;
const MANY_REMEMBERED = 1 << 16;
/** Overhead of a state beyond its contents. */
const BYTES_PER_STATE = 100;
/** A longer state takes as long to make, and to find again, as several. */
const BYTES_OF_USUAL_STATE = 512;

/** Maximum size of a search, in bytes, that is kept for resuming; a larger one starts over. */
const KEPT_SEARCH = 16 * 2 ** 20;

const ADVICE_ON_TEXT =
  '. If the operations replace a string, append to it or show it, naming in text which does what makes the search much smaller';

/** Number of list items compared for a guess. */
const COMPARED_ITEMS = 4;
/** Number of characters compared before whole strings are. */
const COMPARED_CHARACTERS = 8;

/** Operations with equal function and arguments, `crashed` if their completion is unknown. */
interface Kind {
  readonly f: string;
  readonly value: Json;
  readonly readOnly: boolean;
  readonly crashed: boolean;
}

export class ModelObject implements SequentialObject, SearchableObject, SteppedObject {
  private states = new Interner();
  stateBytes = 0;
  /** By state: about how many bytes it takes. */
  private sizes: number[] = [];
  longStates = 0;
  private readonly kinds: Kind[] = [];
  private readonly kindsByF = new Map<string, { readonly values: Interner; readonly kinds: number[] }>();
  private readonly crashedKinds = new Map<number, number>();
  private memoState = new Int32Array(FEW_REMEMBERED).fill(-1);
  private memoKind = new Int32Array(FEW_REMEMBERED);
  private memoAfter = new Int32Array(FEW_REMEMBERED);
  private untilMoreMemo = FEW_REMEMBERED;
  /** A search that ran out of budget and resumes when run again. */
  private begun: AlternatingSearch | undefined;
  readonly stepped: SteppedObject = this;
  /** The model without guards. */
  private readonly bare: SequentialModel;

  constructor(
    protected readonly model: SequentialModel | GuardedModel,
    /** Whether a user gave the model, whose functions must not share mutable values. */
    readonly isGiven = false,
  ) {
    this.bare = 'given' in model ? model.given : model;
    this.numberOf(model.init);
  }

  get kindCount(): number {
    return this.kinds.length;
  }

  kindFor(f: string, value: Json): number {
    let known = this.kindsByF.get(f);
    if (known === undefined) {
      known = { values: new Interner(), kinds: [] };
      this.kindsByF.set(f, known);
    }
    const id = known.values.idOf(value);
    const kind = known.kinds[id];
    if (kind !== undefined) return kind;
    const readOnly = this.model.isReadOnly?.(f) ?? false;
    const own = this.isGiven ? frozenCopy(value) : value;
    const made = this.kinds.push({ f, value: own, readOnly, crashed: false }) - 1;
    known.kinds[id] = made;
    return made;
  }

  /** Returns undefined for a crashed read, whose result is unknown. Other crashed operations may have taken effect. */
  crashedKind(kind: number): number | undefined {
    const { readOnly, f, value } = this.kindAt(kind);
    if (readOnly) return undefined;
    if (this.model.afterCrash === undefined) return kind;
    const known = this.crashedKinds.get(kind);
    if (known !== undefined) return known;
    const made = this.kinds.push({ f, value, readOnly, crashed: true }) - 1;
    this.crashedKinds.set(kind, made);
    return made;
  }

  transition(state: number, kind: number): number {
    const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(kind, 0x85ebca6b);
    const slot = (hash >>> 16) & (this.memoState.length - 1);
    if (this.memoState[slot] === state && this.memoKind[slot] === kind) return present(this.memoAfter[slot]);
    const { f, value, readOnly } = this.kindAt(kind);
    const before = this.states.valueOf(state);
    const next = this.model.step(before, f, value);
    const after = next === undefined ? IMPOSSIBLE : next === before ? state : this.numberOf(next);
    if (readOnly && next !== undefined && after !== state) refuseChange(this.model, f, before, next);
    this.memoState[slot] = state;
    this.memoKind[slot] = kind;
    this.memoAfter[slot] = after;
    if (--this.untilMoreMemo === 0) this.rememberMore();
    return after;
  }

  private rememberMore(): void {
    const size = this.memoState.length * 4;
    if (size > MANY_REMEMBERED) return;
    this.memoState = new Int32Array(size).fill(-1);
    this.memoKind = new Int32Array(size);
    this.memoAfter = new Int32Array(size);
    this.untilMoreMemo = size;
  }

  leadsTo(state: number, kind: number): boolean {
    const { f, value } = this.kindAt(kind);
    const now = this.states.valueOf(state);
    return isBeginningOf(now, value) || this.model.step(now, f, value) !== undefined;
  }

  afterCrash(state: number, kind: number): readonly number[] {
    if (this.hasOutcomes(kind))
      return this.stepsOfCrashed(this.states.valueOf(state), kind).map((after) => this.numberOf(after));
    const after = this.transition(state, kind);
    return after < 0 ? [] : [after];
  }

  get initial(): Json {
    return this.model.init;
  }

  stepFrom(state: Json, kind: number, isKept: boolean): Json | undefined {
    const { f, value } = this.kindAt(kind);
    return (isKept ? this.model : this.bare).step(state, f, value);
  }

  stepsOfCrashed(state: Json, kind: number): readonly Json[] {
    const { f, value } = this.kindAt(kind);
    if (this.hasOutcomes(kind)) return this.model.afterCrash?.(state, f, value) ?? [];
    const after = this.model.step(state, f, value);
    return after === undefined ? [] : [after];
  }

  /** Whether the model has a function for crashed operations of that kind. */
  private hasOutcomes(kind: number): boolean {
    return this.kindAt(kind).crashed && this.model.afterCrash !== undefined;
  }

  bytesOf(state: Json): number {
    return BYTES_PER_STATE + bytesOf(state);
  }

  isReadOnly(kind: number): boolean {
    return this.kindAt(kind).readOnly;
  }

  isAcknowledged(f: string): boolean {
    return this.model.acknowledged?.includes(f) ?? false;
  }

  isSilent(): boolean {
    return false;
  }

  search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    return this.searchPlainly(history, budget);
  }

  protected searchPlainly(history: ObjectEvents, budget?: Budget): SearchOutcome {
    const search = this.begun?.history === history ? this.begun : new AlternatingSearch(history, this);
    const outcome = search.run(budget);
    this.begun = outcome.valid === 'unknown' && search.bytes < KEPT_SEARCH ? search : undefined;
    // With many keys, each keeps only what it needs: just the initial state if no state is shown and no search resumes.
    if (outcome.valid !== false && this.begun === undefined) this.keepStates([0]);
    if (
      outcome.valid !== 'unknown' ||
      !this.isGiven ||
      this.model.init !== '' ||
      this.model.text !== undefined
    )
      return outcome;
    return { ...outcome, reason: `${outcome.reason}${ADVICE_ON_TEXT}` };
  }

  keepStates(states: Iterable<number>): ReadonlyMap<number, number> {
    const kept = new Map([...states].map((state) => [state, this.states.valueOf(state)]));
    this.states = new Interner();
    this.stateBytes = 0;
    this.sizes = [];
    this.memoState.fill(-1);
    return new Map([...kept].map(([state, value]) => [state, this.numberOf(value)]));
  }

  fOf(kind: number): string {
    return this.kindAt(kind).f;
  }

  valueOf(kind: number): Json {
    return this.kindAt(kind).value;
  }

  stateOf(state: number): Json {
    return this.states.valueOf(state);
  }

  protected numberOf(state: Json): number {
    const { size } = this.states;
    const number = this.states.idOf(state);
    if (number === size) this.stateBytes += this.sizes[number] = this.bytesOf(state);
    this.longStates += Math.max(0, present(this.sizes[number]) / BYTES_OF_USUAL_STATE - 1);
    return number;
  }

  private kindAt(kind: number): Kind {
    const found = this.kinds[kind];
    if (found === undefined) throw new RangeError(`no operation has kind ${kind}`);
    return found;
  }
}

/** Returns the approximate memory of a value and its interning text, in bytes. */
function bytesOf(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 32;
  for (const item of Object.values(value)) bytes += 16 + 2 * bytesOf(item as Json); // members of JSON are JSON
  return bytes;
}

/** Whether a string begins with another. Those that differ mostly do so at the end, where the last operation appended. */
function isPrefix(part: string, whole: string): boolean {
  const { length } = part;
  if (length > whole.length) return false;
  for (let at = length - 1; at >= 0 && at >= length - COMPARED_CHARACTERS; at--)
    if (part.charCodeAt(at) !== whole.charCodeAt(at)) return false;
  return whole.startsWith(part);
}

/** Whether one string or list seems to be a prefix of another. Only the last items of a long list are compared. */
function isBeginningOf(part: Json, whole: Json): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && isPrefix(part, whole);
  if (!isJsonArray(part) || !isJsonArray(whole) || part.length > whole.length) return false;
  for (let i = Math.max(0, part.length - COMPARED_ITEMS); i < part.length; i++)
    if (!jsonEquals(part[i] ?? null, whole[i] ?? null)) return false;
  return true;
}
