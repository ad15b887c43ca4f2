/**
 * Objects of a user's model whose state is a string or a list, and which does not say what its operations do with it.
 * They are searched plainly at first. If that takes long, what the operations seem to do is guessed (guessed-roles.ts),
 * and the search looks ahead as it does where the model says so.
 *
 * A linearization found that way is run through the model, so it proves what it says. That there is none rests on the
 * guess, and the verdict says so.
 */
import { Interner } from '../../../columns/interner.ts';
import { present } from '../../../columns/present.ts';
import { elementsOf, jsonEquals, type Json } from '../../../protocol/json.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import type { Budget } from '../../checker.ts';
import type { SequentialModel, TextRole } from '../models.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { formOf, guessRoles, type Asked, type Form, type Guess } from './guessed-roles.ts';
import { TextObject } from './text-object.ts';

/** Checks of the budget, each after at least a thousand steps, before there is a guess: a tenth of a second. */
const PLAIN_CHECKS = 16;

export class GuessedTextObject extends TextObject {
  private readonly form: Form | undefined;
  private readonly items = new Interner();
  private guess: Guess | undefined;
  private guessedFor: ObjectEvents | undefined;
  /** What the verdict that there is no order rests on, in a sentence. */
  assumed: string | undefined;

  constructor(
    model: SequentialModel,
    private readonly plainChecks = PLAIN_CHECKS,
  ) {
    super(model, true);
    this.form = model.afterCrash === undefined ? formOf(model.init) : undefined;
  }

  override search(history: ObjectEvents, budget?: Budget): SearchOutcome {
    this.assumed = undefined;
    if (this.form === undefined) return this.searchPlainly(history, budget);
    let plain: SearchOutcome | undefined;
    if (this.guessedFor !== history) {
      if (this.plainChecks > 0) plain = this.searchPlainly(history, new Beginning(this.plainChecks, budget));
      if (plain !== undefined && plain.valid !== 'unknown') return plain;
      this.guessedFor = history;
      this.guess = this.guessOf(history, this.form);
    }
    if (this.guess === undefined) return this.searchPlainly(history, budget);
    try {
      const outcome = super.search(history, budget);
      if (outcome.valid === false) this.assumed = assumption(this.guess, this.form);
      return outcome.valid === 'unknown' ? (plain ?? outcome) : outcome;
    } catch (error) {
      if (!(error instanceof WrongGuess)) throw error;
      this.guess = undefined;
      return this.searchPlainly(history, budget);
    }
  }

  private guessOf({ events, eventCount, kindOf, kindCount }: ObjectEvents, form: Form): Guess | undefined {
    const kinds = Array.from({ length: kindCount }, (_, kind): Asked => this.askedBy(kind));
    const inOrder = (isEnd: 0 | 1): readonly number[] =>
      [...events.subarray(0, eventCount)]
        .filter((event) => (event & 1) === isEnd)
        .map((event) => present(kindOf[event >> 1]));
    const begun = inOrder(0);
    const runs = [begun, inOrder(1)].map((run) => run.map((kind) => present(kinds[kind])));
    const used = [...new Set(begun)].map((kind) => present(kinds[kind]));
    return guessRoles(this.model, form, used, runs);
  }

  private askedBy(kind: number): Asked {
    return { f: this.fOf(kind), value: this.valueOf(kind) };
  }

  override roleOf(kind: number): TextRole {
    return this.guess?.roles.get(this.fOf(kind)) ?? 'shows';
  }

  /** A list is written as a string in which each item is a number and a comma. */
  override textOf(kind: number): string {
    const value = this.valueOf(kind);
    if (typeof this.model.init === 'string') return typeof value === 'string' ? value : '';
    const items = this.roleOf(kind) === 'appends' ? [value] : (elementsOf(value) ?? []);
    return items.map((item) => `${this.items.idOf(item)},`).join('');
  }

  protected override isAllText(): boolean {
    return this.guess !== undefined;
  }

  protected override repeat({ kindOf }: ObjectEvents, linearization: readonly number[]): void {
    let state: Json = this.model.init;
    for (const operation of linearization) {
      const { f, value } = this.askedBy(present(kindOf[operation]));
      const after = this.model.step(state, f, value);
      const expected = this.form?.after(this.roleOf(present(kindOf[operation])), state, value);
      if (after === undefined || expected === undefined || !jsonEquals(after, expected))
        throw new WrongGuess();
      state = after;
    }
  }
}

class WrongGuess extends Error {}

const ROLE_WORDS = { replaces: 'replace', appends: 'append to', shows: 'show' } as const;

function assumption({ roles, steps }: Guess, { noun }: Form): string {
  const parts = [...roles].map(
    ([f, role]) => `that ${shownText(f, 60)} operations ${ROLE_WORDS[role]} the ${noun}`,
  );
  const words = [...roles].map(([f, role]) => `${shownText(f, 60)}: '${role}'`);
  const advice =
    noun === 'string'
      ? ` If the model says so, text: { ${words.join(', ')} }, it does not rest on a guess.`
      : '';
  return `The verdict assumes ${parts.join(', ')} that is the state, as they did in ${steps} trials.${advice}`;
}

/** A budget of the plain search before there is a guess. */
class Beginning implements Budget {
  readonly isFinite = true;

  constructor(
    private left: number,
    private readonly budget: Budget | undefined,
  ) {}

  exhausted(): boolean {
    return this.budget?.exhausted() === true || this.left-- <= 0;
  }
}
