/**
 * Invariants over the states of all nodes, in the simulated world: evaluated after every turn that changed the state a
 * node shows (`node.inspect`). The first failure of each is kept, with the states that violate it.
 *
 * Situations are the counterpart: what should occur at least once over all nodes, like `sometimes` on one node. They
 * are evaluated after every turn until they occur, since faults change too, and are reported among the assertions of a
 * run.
 */
import type { Validity } from '../../checkers/checker.ts';
import { byCount } from '../../protocol/count-text.ts';
import type { Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { WrongReturn } from '../../protocol/wrong-return.ts';
import { boundedState } from './bounded-state.ts';
import { statesInWords } from './states-in-words.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { TurnWatcher, World } from '../../world/world.ts';
import type { AssertionsResult } from '../records/assertion-record.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/**
 * Returns what is wrong with the states of the running nodes, indexed by name, or undefined if nothing is. The map is
 * the same object throughout a run, so it can be the key for data remembered between calls; a state that has not
 * changed is also the same object.
 */
export type Invariant<State = unknown> = (
  states: ReadonlyMap<string, State>,
  cluster: ClusterView,
) => string | undefined;

/** Returns whether the situation holds now. Takes the same arguments as an invariant. */
export type Situation<State = unknown> = (
  states: ReadonlyMap<string, State>,
  cluster: ClusterView,
) => boolean;

export interface NamedInvariant {
  /** The name of its file. */
  readonly name: string;
  /** Its type of state is known only to the author of the program. Omitted by a file that has only situations. */
  readonly check?: Invariant<never>;
  /** Indexed by name. */
  readonly situations?: ReadonlyMap<string, Situation<never>>;
}

export type InvariantFailure = {
  readonly invariant: string;
  readonly message: string;
  /** The node whose state had changed, and the number of the turn, counted from 1 over all nodes. */
  readonly node: string;
  readonly turn: number;
  readonly time: number;
  readonly states: Readonly<Record<string, Json>>;
};

export type InvariantsResult = {
  /** Unknown if a state could not be seen or an invariant failed to evaluate; then the result proves nothing. */
  readonly 'valid?': Validity;
  readonly failures: readonly InvariantFailure[];
  readonly checks: number;
  readonly problems: readonly string[];
};

export const INVARIANTS_MEANINGS = {
  failures: 'the first failure of each invariant',
  checks: 'number of times the invariants were checked: once after each change of a node’s state',
  problems: 'why the result proves little: states that could not be seen, invariants that threw',
} as const satisfies Meanings<InvariantsResult>;

export const INVARIANT_FAILURE_MEANINGS = {
  invariant: 'its name',
  message: 'its message',
  node: 'the node whose state changed',
  turn: 'the turn in which the state changed, counted from 1 over all nodes',
  time: { unit: 'ns', meaning: 'when it failed, in run time' },
  states: 'the state of each node at that moment',
} as const satisfies Meanings<InvariantFailure>;

const KIND = 'invariant: ';

/** Returns the kind of a failure for the signature of a run: its message without its numbers. */
export const invariantKind = ({ message }: Pick<InvariantFailure, 'message'>): string =>
  `${KIND}${message.replaceAll(/\d+/g, '#')}`;

export const isInvariant = (kind: string): boolean => kind.startsWith(KIND);

const LONGEST_MESSAGE = 1000;
const MOST_SHOWN_STATES = 7;
/** Maximum number of problems kept. */
const MOST_PROBLEMS = 10;

export interface InvariantWatchOptions {
  readonly world: World;
  readonly cluster: ClusterView;
  readonly invariants: readonly NamedInvariant[];
  readonly log: (line: string) => void;
  /** Describes a thrown or returned value, with its place in the file. */
  readonly describeThrown?: ((error: unknown) => string) | undefined;
}

/** An invariant or situation that is evaluated after turns. */
interface NamedCheck<Check> {
  /** As used in sentences: `invariant x.ts`, `situation "y" of x.ts`. */
  readonly title: string;
  readonly name: string;
  readonly check: Check;
}

type Failure = Omit<InvariantFailure, 'time'> & { readonly nanos: number };

export class InvariantWatch implements TurnWatcher {
  /** The title of what is being evaluated, so that a call that never returns can be named. */
  asking: string | undefined;
  /** Their types are known only to the program and the invariants. */
  private readonly states = new Map<string, never>();
  /** The same states as JSON. */
  private readonly texts = new Map<string, string>();
  private left: readonly NamedCheck<Invariant<never>>[];
  /** Situations that have not occurred yet. */
  private awaited: readonly NamedCheck<Situation<never>>[];
  /** Indexed by name: whether it occurred. */
  private readonly situations = new Map<string, boolean>();
  private readonly failures: Failure[] = [];
  private readonly problems = new Map<string, string>();
  private checks = 0;

  constructor(private readonly options: InvariantWatchOptions) {
    this.left = options.invariants.flatMap(({ name, check }) =>
      check === undefined ? [] : [{ title: `invariant ${name}`, name, check }],
    );
    this.awaited = options.invariants.flatMap(({ name: file, situations = [] }) =>
      [...situations].map(([name, check]) => ({
        title: `situation ${shownText(JSON.stringify(name))} of ${file}`,
        name,
        check,
      })),
    );
    for (const { name } of this.awaited) this.situations.set(name, false);
    options.world.watchTurns?.(this);
  }

  turn(node: string, number: number): void {
    if (this.left.length + this.awaited.length === 0) return;
    this.look(node, number);
    for (const situation of this.awaited) this.awaitSituation(situation, node, number);
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
    for (const invariant of this.left) this.evaluate(invariant, node, number);
  }

  gone(node: string): void {
    this.states.delete(node);
    this.texts.delete(node);
  }

  /** Stops evaluating: nodes are being stopped, and what follows is not part of the run. */
  close(): void {
    this.left = [];
    this.awaited = [];
  }

  /** Returns which situations occurred; undefined if none was awaited. */
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
        'No node showed a state. A program shows its state with node.inspect(() => state), or globalThis.maelstromInspect = () => state.',
      );
    return {
      'valid?': failures.length > 0 ? false : problems.length > 0 ? 'unknown' : true,
      failures,
      checks: this.checks,
      problems,
    };
  }

  private evaluate(invariant: NamedCheck<Invariant<never>>, node: string, turn: number): void {
    const answer = this.answerOf(invariant, node, turn);
    if (answer === GAVE_UP || answer === undefined) return;
    if (typeof answer !== 'string') {
      const expected = 'a string that says what is wrong, or undefined';
      this.returnedWrongly(invariant, `returned ${kindOf(answer)} at turn ${turn}; expected ${expected}`);
      return;
    }
    this.left = this.left.filter((one) => one !== invariant);
    const failure = {
      invariant: invariant.name,
      message: shownText(answer, LONGEST_MESSAGE),
      node,
      turn,
      nanos: this.options.world.clock.nowNanos(),
      states: Object.fromEntries(
        [...this.texts].toSorted(byName).map(([one, text]) => [one, boundedState(text)]),
      ),
    };
    this.failures.push(failure);
    this.options.world.failed?.(invariantKind(failure));
    this.options.log(`Invariant ${invariant.name}: ${failure.message}`);
  }

  private awaitSituation(situation: NamedCheck<Situation<never>>, node: string, turn: number): void {
    const answer = this.answerOf(situation, node, turn);
    if (answer === GAVE_UP || answer === false) return;
    if (answer !== true) {
      this.returnedWrongly(situation, `returned ${kindOf(answer)} at turn ${turn}; expected true or false`);
      return;
    }
    this.situations.set(situation.name, true);
    this.awaited = this.awaited.filter((one) => one !== situation);
    this.options.log(
      `Situation ${shownText(JSON.stringify(situation.name))} occurred at turn ${turn}, a turn of ${node}.`,
    );
  }

  private answerOf(
    watched: NamedCheck<Invariant<never> | Situation<never>>,
    node: string,
    turn: number,
  ): unknown {
    this.asking = watched.title;
    try {
      return watched.check(this.states, this.options.cluster);
    } catch (error) {
      this.giveUp(
        watched,
        `threw at turn ${turn}, of ${node}: ${shownText(this.words(error), LONGEST_MESSAGE)}`,
      );
      return GAVE_UP;
    } finally {
      this.asking = undefined;
    }
  }

  private returnedWrongly(watched: NamedCheck<unknown>, problem: string): void {
    const { describeThrown } = this.options;
    this.giveUp(watched, describeThrown?.(new WrongReturn(problem, watched.check)) ?? problem);
  }

  private words(error: unknown): string {
    const { describeThrown } = this.options;
    if (describeThrown !== undefined) return describeThrown(error);
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }

  /** Stops evaluating it. */
  private giveUp(watched: NamedCheck<unknown>, problem: string): void {
    this.left = this.left.filter((one) => one !== watched);
    this.awaited = this.awaited.filter((one) => one !== watched);
    this.note(watched.title, `The ${watched.title} ${problem}.`);
  }

  /** Notes the first problem of each kind. */
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

/** Returns sentences for the failures, with the states, and for the states that could not be seen. */
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
      `  This was ${when}, after turn ${turn}, a turn of ${node}. The states at that point:`,
      ...shown,
      ...more,
    ].join('\n');
  });
  const unseen =
    result.problems.length === 0 ? [] : [`The invariants prove little. ${result.problems.join('\n')}`];
  return [...failed, ...unseen];
}
