/**
 * What the operations of a model seem to do with its state, if that is a string or a list: replace it, append to it, or
 * show it. A guess from trials of `step`, for models that do not say so in `text`.
 *
 *     step('ab', 'put', 'c')      'c'          put replaces
 *     step('ab', 'append', 'c')   'abc'        append appends
 *     step('ab', 'get', 'c')      undefined    get shows, since it is possible in 'c' and leaves it
 *
 * Each operation of the history is tried in the states that two plain runs through the history reach, and in states
 * made of what the history writes and shows. One exception, and there is no guess.
 */
import { isJsonArray, jsonEquals, type Json } from '../../../protocol/json.ts';
import type { SequentialModel, TextRole } from '../models.ts';

/** States that operations replace, append to, or show. */
export interface Form {
  /** What the states are, in a sentence. */
  readonly noun: string;
  isState(value: Json): value is string | readonly Json[];
  /** Whether an operation with that role may have such a value. */
  fits(role: TextRole, value: Json): boolean;
  /** Returns the state after an operation; undefined if it is impossible. */
  after(role: TextRole, state: Json, value: Json): Json | undefined;
}

const STRINGS: Form = {
  noun: 'string',
  isState: (value) => typeof value === 'string',
  fits: (_, value) => typeof value === 'string',
  after(role, state, value) {
    if (typeof state !== 'string' || typeof value !== 'string') return undefined;
    if (role === 'appends') return state + value;
    return role === 'replaces' || state === value ? value : undefined;
  },
};

const LISTS: Form = {
  noun: 'list',
  isState: isJsonArray,
  fits: (role, value) => role === 'appends' || isJsonArray(value),
  after(role, state, value) {
    if (!isJsonArray(state)) return undefined;
    if (role === 'appends') return [...state, value];
    if (!isJsonArray(value)) return undefined;
    return role === 'replaces' || jsonEquals(state, value) ? value : undefined;
  },
};

/** Returns the form of states that begin with this one, or undefined. */
export function formOf(init: Json): Form | undefined {
  if (init === '') return STRINGS;
  return isJsonArray(init) && init.length === 0 ? LISTS : undefined;
}

/** An operation as asked for, or with what it returned. */
export interface Asked {
  readonly f: string;
  readonly value: Json;
}

export interface Guess {
  readonly roles: ReadonlyMap<string, TextRole>;
  /** Number of steps that agreed. */
  readonly steps: number;
}

/** Maximum number of trials, and of characters or items that they handle. */
const MOST_TRIALS = 100_000;
const MOST_SIZE = 20_000_000;

/** `runs` are plain runs through the history, `kinds` its different operations. */
export function guessRoles(
  model: SequentialModel,
  form: Form,
  kinds: readonly Asked[],
  runs: readonly (readonly Asked[])[],
): Guess | undefined {
  const trials = new Trials(model, form);
  const reached: Json[] = [];
  for (const run of runs) {
    let state = model.init;
    for (const asked of run) {
      const after = trials.outcome(state, asked);
      if (trials.isRefuted || trials.isLong) break;
      if (after !== undefined && after !== state) reached.push(after);
      state = after ?? state;
    }
  }
  for (const state of statesToTry(model, form, kinds, reached)) {
    if (trials.isRefuted || trials.isLong) break;
    for (const asked of kinds) trials.outcome(state, asked);
  }
  return trials.guess(kinds);
}

/** Returns states of all lengths, the longest and the shortest first. */
function statesToTry(
  { init }: SequentialModel,
  form: Form,
  kinds: readonly Asked[],
  reached: readonly Json[],
): readonly Json[] {
  const values = kinds.map(({ value }) => value);
  const shown = [init, ...values.filter((value) => form.isState(value))];
  const longer = shown.flatMap((state, at): readonly Json[] => {
    const after = form.after('appends', state, values[(at * 7) % values.length] ?? null);
    return after === undefined ? [] : [after];
  });
  const byLength = [...shown, ...longer, ...reached].sort((a, b) => sizeOf(a) - sizeOf(b));
  const most = Math.max(8, Math.floor(MOST_TRIALS / kinds.length));
  const every = Math.max(1, byLength.length / most);
  const some = byLength.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every));
  return [...new Set([...byLength.slice(0, 4), ...byLength.slice(-4), ...some])];
}

const sizeOf = (state: Json): number => (typeof state === 'string' || isJsonArray(state) ? state.length : 1);

class Trials {
  private readonly possible = new Map<string, readonly TextRole[]>();
  private steps = 0;
  private size = 0;
  isRefuted = false;

  constructor(
    private readonly model: SequentialModel,
    private readonly form: Form,
  ) {}

  /** Whether there was enough to handle. */
  get isLong(): boolean {
    return this.size > MOST_SIZE;
  }

  /** Returns the state after an operation, or undefined, and drops the roles that have another one. */
  outcome(state: Json, { f, value }: Asked): Json | undefined {
    if (this.isRefuted) return undefined;
    this.steps++;
    this.size += sizeOf(state) + 1;
    try {
      const after = this.model.step(state, f, value);
      const roles = this.possible.get(f) ?? this.rolesOf(f);
      const left = roles.filter((role) => areEqual(this.form.after(role, state, value), after));
      this.possible.set(f, left);
      this.isRefuted ||= left.length === 0;
      return after;
    } catch {
      // A model may refuse states that its history never reaches.
      this.isRefuted = true;
      return undefined;
    }
  }

  /** Only operations that are known to change nothing can be reads: those in doubt have been left out. */
  private rolesOf(f: string): readonly TextRole[] {
    return this.model.isReadOnly?.(f) === true ? ['shows'] : ['replaces', 'appends'];
  }

  guess(kinds: readonly Asked[]): Guess | undefined {
    if (this.isRefuted) return undefined;
    const roles = new Map<string, TextRole>();
    for (const { f, value } of kinds) {
      const [role, ...others] = this.possible.get(f) ?? [];
      if (role === undefined || others.length > 0 || !this.form.fits(role, value)) return undefined;
      roles.set(f, role);
    }
    return { roles, steps: this.steps };
  }
}

const areEqual = (one: Json | undefined, other: Json | undefined): boolean =>
  one === undefined || other === undefined ? one === other : jsonEquals(one, other);
