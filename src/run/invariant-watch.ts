/**
 * Invariants over the states of all nodes, in the simulated world: asked after every turn that changed what a node shows of its
 * state (`node.inspect`). The first failure of each is kept, with the states that broke it.
 *
 * Beside them situations: what should come at least once over all nodes, as `sometimes` of one node. They are asked after every
 * turn until they come, since faults change as well, and are part of the assertions of a run.
 */
import type { Validity } from '../checkers/checker.ts';
import { byCount } from '../protocol/count-text.ts';
import { parseJson, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { statesInWords } from './states-in-words.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { TurnWatcher, World } from '../world/world.ts';
import type { AssertionsResult } from './records/assertion-record.ts';
import type { ClusterView } from './cluster/cluster-view.ts';
import type { Meanings } from '../protocol/key-meaning.ts';

/**
 * Says what is wrong with the states of the nodes that run, by their names; undefined when nothing is. The map is the same object
 * throughout a run, and so a key for what must be remembered from call to call; a state that has not changed is the same object, too.
 */
export type Invariant<State = unknown> = (
  states: ReadonlyMap<string, State>,
  cluster: ClusterView,
) => string | undefined;

/** Whether it is there now, that which should come at least once. It is given what invariants are given. */
export type Situation<State = unknown> = (
  states: ReadonlyMap<string, State>,
  cluster: ClusterView,
) => boolean;

export interface NamedInvariant {
  /** The name of its file. */
  readonly name: string;
  /** The states are what the program shows, which its author knows. Left out by a file that has situations only. */
  readonly check?: Invariant<never>;
  /** By their names. */
  readonly situations?: ReadonlyMap<string, Situation<never>>;
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

export const INVARIANTS_MEANINGS = {
  failures: 'the first failure of each invariant',
  checks: 'how often the invariants were asked: each time a node’s state had changed',
  problems: 'why it proves little: states that could not be seen, invariants that failed to judge',
} as const satisfies Meanings<InvariantsResult>;

export const INVARIANT_FAILURE_MEANINGS = {
  invariant: 'its name',
  message: 'what it said',
  node: 'the node whose state had changed',
  turn: 'the turn in which it changed, counted from 1 over all nodes',
  time: { unit: 'ns', meaning: 'when, in time of the run' },
  states: 'by node the state at that moment',
} as const satisfies Meanings<InvariantFailure>;

/** Of a state that is longer, as JSON, the beginning is kept as a text. */
const LONGEST_STATE = 20_000;
const LONGEST_MESSAGE = 1000;
const MOST_SHOWN_STATES = 7;
/** Nodes that are named as showing no state. */
const MOST_PROBLEMS = 10;

export interface InvariantWatchOptions {
  readonly world: World;
  readonly cluster: ClusterView;
  readonly invariants: readonly NamedInvariant[];
  readonly log: (line: string) => void;
  /** What one of them threw or returned, in words, with its place in its file. */
  readonly describeThrown?: (error: unknown) => string;
}

/** What is asked after turns. */
interface Asked<Ask> {
  /** In sentences: `invariant x.ts`, `situation "y" of x.ts`. */
  readonly title: string;
  readonly name: string;
  readonly ask: Ask;
}

type Failure = Omit<InvariantFailure, 'time'> & { readonly nanos: number };

export class InvariantWatch implements TurnWatcher {
  /** What is being asked: one that does not come back is named. */
  asking: string | undefined;
  /** Of which form they are the program and the invariants know. */
  private readonly states = new Map<string, never>();
  /** The same as JSON. */
  private readonly texts = new Map<string, string>();
  private left: readonly Asked<Invariant<never>>[];
  /** Those that have not come yet. */
  private awaited: readonly Asked<Situation<never>>[];
  /** By name, whether they came. */
  private readonly situations = new Map<string, boolean>();
  private readonly failures: Failure[] = [];
  private readonly problems = new Map<string, string>();
  private checks = 0;

  constructor(private readonly options: InvariantWatchOptions) {
    this.left = options.invariants.flatMap(({ name, check }) =>
      check === undefined ? [] : [{ title: `invariant ${name}`, name, ask: check }],
    );
    this.awaited = options.invariants.flatMap(({ name: file, situations = [] }) =>
      [...situations].map(([name, ask]) => ({
        title: `situation ${shownText(JSON.stringify(name))} of ${file}`,
        name,
        ask,
      })),
    );
    for (const { name } of this.awaited) this.situations.set(name, false);
    options.world.watchTurns?.(this);
  }

  turn(node: string, number: number): void {
    if (this.left.length + this.awaited.length === 0) return;
    this.look(node, number);
    for (const situation of this.awaited) this.await(situation, node, number);
  }

  private look(node: string, number: number): void {
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
    this.awaited = [];
  }

  /** Which situations came; undefined where none is awaited. */
  expected(): AssertionsResult | undefined {
    if (this.situations.size === 0) return undefined;
    const assertions = [...this.situations].map(([name, came]) => ({
      kind: 'sometimes' as const,
      name,
      count: came ? 1 : 0,
    }));
    return { 'valid?': true, assertions };
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

  private ask(invariant: Asked<Invariant<never>>, node: string, turn: number): void {
    const said = this.answerOf(invariant, node, turn);
    if (said === GAVE_UP || said === undefined) return;
    if (typeof said !== 'string') {
      const expected = 'a text that says what is wrong, or undefined';
      this.returnedWrongly(invariant, `returned ${kindOf(said)} at turn ${turn}; expected ${expected}`);
      return;
    }
    this.left = this.left.filter((one) => one !== invariant);
    const failure = {
      invariant: invariant.name,
      message: shownText(said, LONGEST_MESSAGE),
      node,
      turn,
      nanos: this.options.world.clock.nowNanos(),
      states: Object.fromEntries(
        [...this.texts].toSorted(byName).map(([one, text]) => [one, boundedState(text)]),
      ),
    };
    this.failures.push(failure);
    this.options.log(`Invariant ${invariant.name}: ${failure.message}`);
  }

  private await(situation: Asked<Situation<never>>, node: string, turn: number): void {
    const said = this.answerOf(situation, node, turn);
    if (said === GAVE_UP || said === false) return;
    if (said !== true) {
      this.returnedWrongly(situation, `returned ${kindOf(said)} at turn ${turn}; expected true or false`);
      return;
    }
    this.situations.set(situation.name, true);
    this.awaited = this.awaited.filter((one) => one !== situation);
    this.options.log(
      `Situation ${shownText(JSON.stringify(situation.name))} came at turn ${turn}, of ${node}.`,
    );
  }

  private answerOf(asked: Asked<Invariant<never> | Situation<never>>, node: string, turn: number): unknown {
    this.asking = asked.title;
    try {
      return asked.ask(this.states, this.options.cluster);
    } catch (error) {
      this.giveUp(
        asked,
        `threw at turn ${turn}, of ${node}: ${shownText(this.words(error), LONGEST_MESSAGE)}`,
      );
      return GAVE_UP;
    } finally {
      this.asking = undefined;
    }
  }

  private returnedWrongly(asked: Asked<unknown>, problem: string): void {
    const { describeThrown } = this.options;
    this.giveUp(asked, describeThrown?.(new WrongReturn(problem, asked.ask)) ?? problem);
  }

  private words(error: unknown): string {
    const { describeThrown } = this.options;
    if (describeThrown !== undefined) return describeThrown(error);
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }

  /** It is asked no more. */
  private giveUp(asked: Asked<unknown>, problem: string): void {
    this.left = this.left.filter((one) => one !== asked);
    this.awaited = this.awaited.filter((one) => one !== asked);
    this.note(asked.title, `The ${asked.title} ${problem}.`);
  }

  /** The first of a kind. */
  private note(kind: string, problem: string): void {
    if (this.problems.has(kind) || this.problems.size >= MOST_PROBLEMS) return;
    this.problems.set(kind, shownText(problem, LONGEST_MESSAGE));
    this.options.log(problem);
  }
}

const GAVE_UP = Symbol('gave up');

function kindOf(said: unknown): string {
  if (said === undefined || said === null) return String(said);
  return said instanceof Promise ? 'a promise' : `a ${typeof said}`;
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
    const names = Object.keys(states);
    const shown = statesInWords(names.slice(0, MOST_SHOWN_STATES), states).map((state) => `  ${state}`);
    const rest = names.length - shown.length;
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
