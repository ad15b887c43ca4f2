/**
 * Two depth-first searches (`depth-first.ts`) of one history take turns, and the first that ends has the answer.
 *
 * - 'as invoked' guesses nothing. It is right at once where operations take effect soon after their invocation, and its steps
 *   are cheap: it is the one that proves a wrong history wrong, as that takes all configurations in any order.
 * - 'promising first' asks which states the reads will see. It finds the linearization of a right history however late its
 *   operations took effect, in little more than a step for each; or it never does, so that its turns become small.
 *
 * Which of them is the better one no history says beforehand (bench/custom-model.ts has both sorts). In turns, they cost at most
 * twice what the better one costs, and a little.
 *
 * Memory is bounded: when the caches or the states take too much, they are forgotten, which costs time but changes no answer. The
 * problem is NP-complete: without a budget that ends it, a search that has visited very many configurations, or fewer with long states, gives up. A search that
 * a budget has ended goes on when it is asked again.
 */
import type { Budget } from '../checker.ts';
import { DepthFirstSearch, type SearchableObject, type SearchEnd } from './depth-first.ts';
import type { ObjectEvents, SearchOutcome } from './object-events.ts';

/** What a search may take. */
export interface SearchBounds {
  /** Bytes of the caches, and of the states. */
  readonly cache: number;
  readonly states: number;
  /** How many configurations, when no budget ends the search; a default when not given. */
  readonly configurations?: number;
}

const MEMORY: SearchBounds = { cache: 384 * 2 ** 20, states: 384 * 2 ** 20 };
/** How many steps a turn has. The budget is asked after at least this many. */
const TURN = 1024;
const FIRST_TURN = 512;
/** How many turns the search that guesses nothing has for one of the other, once both had their first. */
const PLAIN_TURNS = 8;
/** What the search that guesses may visit: this many configurations, and this many for each event. */
const GUIDED_CONFIGURATIONS = 200_000;
const GUIDED_PER_EVENT = 64;
/** What both may visit when no budget ends them: a minute or two. */
const MOST_CONFIGURATIONS = 32_000_000;

export class AlternatingSearch {
  private readonly plain: DepthFirstSearch;
  /** Begins with its first turn, which most searches of small histories never come to; undefined once it is given up. */
  private guided: DepthFirstSearch | undefined;
  private isGuidedGivenUp = false;
  private readonly hasReads: boolean;
  /** How many configurations it had visited by then. */
  private inVain = 0;
  private turns = 0;
  private readonly longStatesBefore: number;

  constructor(
    readonly history: ObjectEvents,
    private readonly object: SearchableObject,
    private readonly memory: SearchBounds = MEMORY,
  ) {
    this.hasReads = history.kindOf.some((kind) => object.isReadOnly(kind));
    this.longStatesBefore = object.longStates;
    this.plain = new DepthFirstSearch(history, object, 'as invoked');
  }

  /** Searches until there is an answer or the budget is exhausted. */
  run(budget?: Budget): SearchOutcome {
    const isEnded = budget?.isFinite === true;
    const most = this.memory.configurations ?? MOST_CONFIGURATIONS;
    for (let unasked = 0; ; unasked += TURN) {
      if (unasked >= TURN) {
        unasked = 0;
        this.saveMemory();
        if (budget?.exhausted() === true) return this.givenUp(this.advice());
      }
      const before = this.effort;
      const ended = this.takeTurn();
      if (ended !== undefined) return ended;
      if (isEnded) continue;
      if (this.effort > most)
        return this.givenUp(`${tooMany(Math.min(most, this.configurations))}${this.advice()}`);
      const shared = budget?.shared;
      if (shared === undefined) continue;
      shared.configurationsLeft -= this.effort - before;
      if (shared.configurationsLeft < 0) return this.givenUp(`${TOO_MANY_IN_ALL}${this.advice()}`);
    }
  }

  /** How many bytes it would keep until it is asked again. */
  get bytes(): number {
    return this.plain.cacheBytes + (this.guided?.cacheBytes ?? 0) + this.object.stateBytes;
  }

  private takeTurn(): SearchOutcome | undefined {
    const turn = this.turns++;
    const steps = turn < 2 ? FIRST_TURN : TURN;
    const isGuided = !this.isGuidedGivenUp && turn % (turn < 4 ? 2 : PLAIN_TURNS + 1) === 1;
    const search = isGuided
      ? (this.guided ??= new DepthFirstSearch(this.history, this.object, 'promising first'))
      : this.plain;
    const end = search.proceed(steps);
    if (end === 'found') return { valid: true, linearization: () => search.linearization };
    if (end === 'nothing left') return { valid: false, ...search.deadEndReached };
    if (isGuided && this.isInVain(search, end)) {
      this.inVain = search.configurations;
      this.guided = undefined;
      this.isGuidedGivenUp = true;
    }
    return undefined;
  }

  /** Whether the search that guesses has nothing left to try, or has had enough. */
  private isInVain(guided: DepthFirstSearch, end: SearchEnd | undefined): boolean {
    const most = GUIDED_CONFIGURATIONS + GUIDED_PER_EVENT * this.history.eventCount;
    return end === 'incomplete' || guided.configurations > most;
  }

  private get configurations(): number {
    return this.plain.configurations + (this.guided?.configurations ?? this.inVain);
  }

  /** What was visited, in configurations whose states are short. */
  private get effort(): number {
    return this.configurations + this.object.longStates - this.longStatesBefore;
  }

  private givenUp(why: string): SearchOutcome {
    const { plain, guided, history } = this;
    const event = Math.max(plain.farthest, guided?.farthest ?? 0);
    return {
      valid: 'unknown',
      reason: `gave up after ${event} of ${history.eventCount} events: no order of the operations was found that leads farther${why}`,
      event,
    };
  }

  /** What would make the search smaller. */
  private advice(): string {
    if (this.hasReads || !this.object.isGiven) return '';
    return '. The model names no operation in isReadOnly(f): naming those that never change the state makes the search smaller';
  }

  /** Forgets what was visited, and all states but those in use, when they take too much memory. */
  private saveMemory(): void {
    const { plain, guided, object, memory } = this;
    const searches = guided === undefined ? [plain] : [plain, guided];
    const cache = searches.reduce((bytes, search) => bytes + search.cacheBytes, 0);
    if (object.stateBytes < memory.states && cache < memory.cache) return;
    // The initial state comes first, so that it stays number 0.
    const states = object.keepStates(new Set([0, ...searches.flatMap((search) => search.statesInUse)]));
    for (const search of searches) search.forget(states);
  }
}

const TOO_MANY_IN_ALL =
  '. It was stopped because all keys together had visited very many configurations; with a time budget (--time-budget SECONDS) it goes on for that long';

const tooMany = (most: number): string =>
  `. It was stopped after ${most} configurations; with a time budget (--time-budget SECONDS) it goes on for that long`;
