/** Any sequential model over integers: states and operations are interned, and the last transitions remembered. */
import { present } from '../../columns/present.ts';
import { isJsonArray, jsonEquals, type Json } from '../../protocol/json.ts';
import type { Budget } from '../checker.ts';
import { Interner } from '../../columns/interner.ts';
import { AlternatingSearch } from './alternating-search.ts';
import type { SearchableObject } from './depth-first.ts';
import { frozenCopy, refuseChange } from './model-state.ts';
import type { SequentialModel } from './models.ts';
import type { ObjectEvents, SearchOutcome } from './object-events.ts';
import type { SequentialObject } from './object-history.ts';

const IMPOSSIBLE = -1;
/** How many transitions are remembered at first and at most; one takes the place of another. */
const FEW_REMEMBERED = 1 << 4;
const MANY_REMEMBERED = 1 << 16;
/** What a state takes beside what is in it. */
const BYTES_PER_STATE = 100;
/** A longer state takes as long to make, and to find again, as several. */
const BYTES_OF_USUAL_STATE = 512;

/** Up to how many bytes a search is kept until it goes on; a larger one begins again. */
const KEPT_SEARCH = 16 * 2 ** 20;

/** How many items of a list are compared for a guess. */
const COMPARED_ITEMS = 4;

/** An operation of equal function and arguments, `crashed` where its completion is unknown. */
interface Kind {
  readonly f: string;
  readonly value: Json;
  readonly readOnly: boolean;
  readonly crashed: boolean;
}

export class ModelObject implements SequentialObject, SearchableObject {
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
  /** A search that its budget has ended: it goes on when it is asked again. */
  private begun: AlternatingSearch | undefined;

  constructor(
    protected readonly model: SequentialModel,
    /** Whether a user gave it, whose functions are not to be trusted with what others hold. */
    readonly isGiven = false,
  ) {
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

  /** What a read that crashed saw says nothing; another operation may have done what its completion would say. */
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
    const { f, value, crashed } = this.kindAt(kind);
    if (crashed && this.model.afterCrash !== undefined)
      return this.model.afterCrash(this.states.valueOf(state), f, value).map((after) => this.numberOf(after));
    const after = this.transition(state, kind);
    return after < 0 ? [] : [after];
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
    const search = this.begun?.history === history ? this.begun : new AlternatingSearch(history, this);
    const outcome = search.run(budget);
    this.begun = outcome.valid === 'unknown' && search.bytes < KEPT_SEARCH ? search : undefined;
    // Of many keys, each keeps what it needs: no state but the initial one, when none is shown and no search goes on.
    if (outcome.valid !== false && this.begun === undefined) this.keepStates([0]);
    return outcome;
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
    if (number === size) this.stateBytes += this.sizes[number] = BYTES_PER_STATE + bytesOf(state);
    this.longStates += Math.max(0, present(this.sizes[number]) / BYTES_OF_USUAL_STATE - 1);
    return number;
  }

  private kindAt(kind: number): Kind {
    const found = this.kinds[kind];
    if (found === undefined) throw new RangeError(`no operation has kind ${kind}`);
    return found;
  }
}

/** About what a value and its text, by which it is found again, take in memory. */
function bytesOf(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 32;
  for (const item of Object.values(value)) bytes += 16 + 2 * bytesOf(item as Json); // members of JSON are JSON
  return bytes;
}

/** Whether a string or list seems to go on as another one does: of long lists only the last items are compared. */
function isBeginningOf(part: Json, whole: Json): boolean {
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part);
  if (!isJsonArray(part) || !isJsonArray(whole) || part.length > whole.length) return false;
  for (let i = Math.max(0, part.length - COMPARED_ITEMS); i < part.length; i++)
    if (!jsonEquals(part[i] ?? null, whole[i] ?? null)) return false;
  return true;
}
