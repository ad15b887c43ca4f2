/**
 * Objects whose state is a string: some operations replace it, some append to it, and reads show all of it. The search
 * knows from the reads which strings matter (`text-states.ts`).
 *
 * Because it looks ahead, it does not end at the first completion that makes the history invalid. That is found by
 * searching beginnings of the history, and shown by the plain search of what comes before it.
 */
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import { AlternatingSearch, type SearchBounds } from '../depth-first/alternating-search.ts';
import { DepthFirstSearch } from '../depth-first/depth-first.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { firstBadCompletion } from '../objects/prefix-search.ts';
import { ModelObject } from '../objects/model-object.ts';
import { refuseRole, roleIn } from '../objects/model-state.ts';
import type { TextRole } from '../models.ts';
import type { TextKinds } from './read-texts.ts';
import { TextStates } from './text-states.ts';

/** Maximum number of steps of the plain search that shows what was possible before the impossible operation. */
const SHOWING_STEPS = 20_000;
/** Limits of the search of a beginning: a second or so. */
const MEMORY_OF_BEGINNING: SearchBounds = { cache: 2 ** 28, states: 2 ** 28, configurations: 200_000 };
/** Maximum size of a search, in bytes, that is kept for resuming; a larger one starts over. */
const KEPT_SEARCH = 16 * 2 ** 20;

export class TextObject extends ModelObject implements TextKinds {
  private resumed: { readonly history: ObjectEvents; readonly search: AlternatingSearch } | undefined;

  roleOf(kind: number): TextRole {
    return roleIn(this.model, this.fOf(kind)) ?? 'shows';
  }

  textOf(kind: number): string {
    const value = this.valueOf(kind);
    return typeof value === 'string' ? value : '';
  }

  override search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    if (!this.isAllText(history)) return this.searchPlainly(history, budget);
    const search =
      this.resumed?.history === history
        ? this.resumed.search
        : new AlternatingSearch(history, new TextStates(history, this));
    const outcome = search.run(budget);
    this.resumed =
      outcome.valid === 'unknown' && search.bytes < KEPT_SEARCH ? { history, search } : undefined;
    if (outcome.valid === false) return this.firstImpossible(history);
    if (outcome.valid === true && this.isGiven) this.repeat(history, outcome.linearization?.() ?? []);
    return outcome;
  }

  /** Whether all operations are of the kinds that this search knows. Compares a given model with what it says of them. */
  protected isAllText({ events, eventCount, kindOf }: ObjectEvents): boolean {
    if (this.model.init !== '' || this.model.afterCrash !== undefined) return false;
    const kinds = new Set(events.subarray(0, eventCount).map((event) => present(kindOf[event >> 1])));
    const areAll = [...kinds].every(
      (kind) => typeof this.valueOf(kind) === 'string' && roleIn(this.model, this.fOf(kind)) !== undefined,
    );
    if (areAll && this.isGiven) for (const kind of kinds) this.compare(kind);
    return areAll;
  }

  private compare(kind: number): void {
    for (const state of ['', 'a', this.textOf(kind), `${this.textOf(kind)}a`]) this.step(state, kind);
  }

  protected repeat({ kindOf }: ObjectEvents, linearization: readonly number[]): void {
    let state = '';
    for (const operation of linearization) state = this.step(state, present(kindOf[operation])) ?? state;
  }

  /** Returns the state after an operation. Throws a UserError if the model's step says something else than its `text`. */
  private step(state: string, kind: number): string | undefined {
    const { model } = this;
    const [f, value, role] = [this.fOf(kind), this.textOf(kind), this.roleOf(kind)];
    const shown = state === value ? state : undefined;
    const expected = role === 'replaces' ? value : role === 'appends' ? state + value : shown;
    const after = model.step(state, f, value);
    if (after !== expected) refuseRole(model, { f, role, value, state, after });
    return expected;
  }

  /** A beginning without verdict counts as possible, so the operation found may not be the first one. */
  private firstImpossible(history: ObjectEvents): SearchOutcome {
    const last = lastCompletion(history, history.eventCount);
    const bad = firstBadCompletion(
      history,
      (end) => end <= last && this.begins(history, end).valid !== false,
    );
    const event = lastCompletion(history, (bad ?? last) + 1);
    const operation = present(history.events[event]) >> 1;
    return { valid: false, operation, configurations: this.possibleBefore(history, event) };
  }

  private begins(history: ObjectEvents, end: number): SearchOutcome {
    const beginning = this.beginningOf(history, end);
    return new AlternatingSearch(beginning, new TextStates(beginning, this), MEMORY_OF_BEGINNING).run();
  }

  /** Returns the events before `end`, without reads that are open there, since these have shown nothing. */
  private beginningOf(history: ObjectEvents, end: number): ObjectEvents {
    const { operationCount, kindOf } = history;
    const isComplete = new Uint8Array(operationCount);
    const before = history.events.subarray(0, end);
    for (const event of before) if ((event & 1) === 1) isComplete[event >> 1] = 1;
    const events = before.filter(
      (event) => isComplete[event >> 1] === 1 || this.roleOf(present(kindOf[event >> 1])) !== 'shows',
    );
    return { ...history, events, eventCount: events.length };
  }

  /** Returns configurations that are possible before the completion at `event`. */
  private possibleBefore(history: ObjectEvents, event: number): readonly Configuration[] {
    const operation = present(history.events[event]) >> 1;
    const plain = new DepthFirstSearch({ ...history, eventCount: event + 1 }, this, 'as invoked');
    plain.proceed(SHOWING_STEPS);
    const reached = plain.deadEndReached;
    if (reached.operation === operation) return reached.configurations;
    return [this.oneBefore(history, event)];
  }

  private oneBefore(history: ObjectEvents, event: number): Configuration {
    const failing = present(history.events[event]) >> 1;
    const open = new Set<number>();
    for (const earlier of history.events.subarray(0, event)) {
      if ((earlier & 1) === 1) open.delete(earlier >> 1);
      else if (history.crashed[earlier >> 1] !== 1) open.add(earlier >> 1);
    }
    let state = 0;
    const outcome = this.begins(history, event);
    for (const operation of outcome.valid === true ? (outcome.linearization?.() ?? []) : []) {
      state = this.transition(state, present(history.kindOf[operation]));
      open.delete(operation);
    }
    open.delete(failing);
    return { state, pending: [failing, ...[...open].sort((a, b) => a - b)] };
  }
}

/** The last completion before an event. An invocation makes no beginning impossible. */
function lastCompletion({ events }: ObjectEvents, end: number): number {
  return events.subarray(0, end).findLastIndex((event) => (event & 1) === 1);
}
