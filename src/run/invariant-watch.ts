/**
 * Invariants over the states of all nodes, in the simulated world: asked after every turn that changed what a node shows of its
 * state (`node.inspect`). The first failure of each is kept, with the states that broke it.
 */
import type { Validity } from '../checkers/checker.ts';
import { byCount } from '../protocol/count-text.ts';
import { parseJson, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { TurnWatcher, World } from '../world/world.ts';

/**
 * Says what is wrong with the states of the nodes that run, by their names; undefined when nothing is. The map is the same object
 * throughout a run, and so a key for what must be remembered from call to call; a state that has not changed is the same object, too.
 */
export type Invariant<State = unknown> = (states: ReadonlyMap<string, State>) => string | undefined;

export interface NamedInvariant {
  /** The name of its file. */
  readonly name: string;
  /** The states are what the program shows, which its author knows. */
  readonly check: Invariant<never>;
}

export type InvariantFailure = {
  readonly invariant: string;
  /** What it said. */
  readonly message: string;
  /** The node whose state had changed, and the turn of it: counted from 1, over all nodes. */
  readonly node: string;
  readonly turn: number;
  /** Nanoseconds of the run's time. */
  readonly time: number;
  /** By node. */
  readonly states: Readonly<Record<string, Json>>;
};

export type InvariantsResult = {
  /** Unknown where a state could not be seen, or an invariant failed to judge: then it proves nothing. */
  readonly 'valid?': Validity;
  readonly failures: readonly InvariantFailure[];
  /** How often the invariants were asked: each time a node's state had changed. */
  readonly checks: number;
  /** Why it proves little. */
  readonly problems: readonly string[];
};

/** Of a state that is longer, as JSON, the beginning is kept as a text. */
const LONGEST_STATE = 20_000;
const LONGEST_MESSAGE = 1000;
const SHOWN_STATE = 300;
const MOST_SHOWN_STATES = 7;
/** Nodes that are named as showing no state. */
const MOST_PROBLEMS = 10;

export interface InvariantWatchOptions {
  readonly world: World;
  readonly invariants: readonly NamedInvariant[];
  readonly log: (line: string) => void;
}

type Failure = Omit<InvariantFailure, 'time'> & { readonly nanos: number };

export class InvariantWatch implements TurnWatcher {
  /** The invariant that is being asked: one that does not come back is named. */
  asking: string | undefined;
  /** Of which form they are the program and the invariants know. */
  private readonly states = new Map<string, never>();
  /** The same as JSON. */
  private readonly texts = new Map<string, string>();
  private left: readonly NamedInvariant[];
  private readonly failures: Failure[] = [];
  private readonly problems = new Map<string, string>();
  private checks = 0;

  constructor(private readonly options: InvariantWatchOptions) {
    this.left = options.invariants;
    options.world.watchTurns?.(this);
  }

  turn(node: string, number: number): void {
    if (this.left.length === 0) return;
    const shown = this.options.world.inspect?.(node);
    if (shown?.kind !== 'state') {
      this.gone(node);
      if (shown !== undefined)
        this.note(`inspect ${node}`, `${node} could not show its state: ${shown.message}.`);
      return;
    }
    if (shown.json === this.texts.get(node)) return;
    this.texts.set(node, shown.json);
    this.states.set(node, JSON.parse(shown.json) as never);
    this.checks++;
    for (const invariant of this.left) this.ask(invariant, node, number);
  }

  gone(node: string): void {
    this.states.delete(node);
    this.texts.delete(node);
  }

  /** What comes now is no part of the run: nodes are being stopped. */
  close(): void {
    this.left = [];
  }

  result(zeroNanos: number): InvariantsResult {
    const failures = this.failures.map(({ nanos, ...failure }) => ({ ...failure, time: nanos - zeroNanos }));
    const problems = [...this.problems.values()];
    if (this.checks === 0)
      problems.push(
        'No node showed a state. A program does so by node.inspect(() => state), or globalThis.maelstromInspect = () => state.',
      );
    return {
      'valid?': failures.length > 0 ? false : problems.length > 0 ? 'unknown' : true,
      failures,
      checks: this.checks,
      problems,
    };
  }

  private ask(invariant: NamedInvariant, node: string, turn: number): void {
    const { name, check } = invariant;
    let said: unknown;
    this.asking = name;
    try {
      said = check(this.states);
    } catch (error) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.giveUp(invariant, `threw at turn ${turn}, of ${node}: ${shownText(words, LONGEST_MESSAGE)}`);
      return;
    } finally {
      this.asking = undefined;
    }
    if (said === undefined) return;
    if (typeof said !== 'string') {
      const kind = said === null ? 'null' : said instanceof Promise ? 'a promise' : `a ${typeof said}`;
      this.giveUp(
        invariant,
        `returned ${kind} at turn ${turn}; expected a text that says what is wrong, or undefined`,
      );
      return;
    }
    this.left = this.left.filter((one) => one !== invariant);
    const failure = {
      invariant: name,
      message: shownText(said, LONGEST_MESSAGE),
      node,
      turn,
      nanos: this.options.world.clock.nowNanos(),
      states: Object.fromEntries(
        [...this.texts].toSorted(byName).map(([one, text]) => [one, boundedState(text)]),
      ),
    };
    this.failures.push(failure);
    this.options.log(`Invariant ${name}: ${failure.message}`);
  }

  /** It is asked no more. */
  private giveUp(invariant: NamedInvariant, problem: string): void {
    this.left = this.left.filter((one) => one !== invariant);
    this.note(`invariant ${invariant.name}`, `The invariant ${invariant.name} ${problem}.`);
  }

  /** The first of a kind. */
  private note(kind: string, problem: string): void {
    if (this.problems.has(kind) || this.problems.size >= MOST_PROBLEMS) return;
    this.problems.set(kind, shownText(problem, LONGEST_MESSAGE));
    this.options.log(problem);
  }
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a.localeCompare(b, 'en', { numeric: true });

function boundedState(text: string): Json {
  try {
    if (text.length <= LONGEST_STATE) return parseJson(text);
  } catch {
    // Nested more deeply than messages may be.
  }
  return shownText(text, LONGEST_STATE);
}

/** What is wrong, with the states, and what was not seen. */
export function invariantSentences(result: InvariantsResult | undefined): readonly string[] {
  if (result === undefined) return [];
  const failed = result.failures.map(({ invariant, message, node, turn, time, states }) => {
    const seconds = time / NANOS_PER_SECOND;
    const when = seconds < 0 ? 'before the first operation' : `at ${seconds.toFixed(3)} s`;
    const all = Object.entries(states);
    const shown = all
      .slice(0, MOST_SHOWN_STATES)
      .map(([one, state]) => `  ${one}: ${shownText(JSON.stringify(state), SHOWN_STATE)}`);
    const rest = all.length - shown.length;
    const more =
      rest > 0 ? [`  ... and ${rest} more ${byCount(rest, 'node', 'nodes')}; see the results.`] : [];
    return [
      `${invariant}: ${message}`,
      `  That was so ${when}, after turn ${turn}, one of ${node}. The states then:`,
      ...shown,
      ...more,
    ].join('\n');
  });
  const unseen =
    result.problems.length === 0 ? [] : [`The invariants prove little. ${result.problems.join('\n')}`];
  return [...failed, ...unseen];
}
