/**
 * Runs two depth-first searches (`depth-first.ts`) of one history in turns, and after a while the repair of an order
 * (`../repair/order-repair.ts`). The first to end has the answer.
 *
 * - 'as invoked' does not guess. It finds a linearization at once if operations take effect soon after their
 *   invocation, and its steps are cheap. It is also the one that refutes invalid histories, since that takes all
 *   configurations in any order.
 * - 'promising first' guesses which states the reads will see. It finds the linearization of a valid history however
 *   late its operations took effect, in little more than one step each, or never does, in which case its turns become
 *   rare.
 * - The repair finds the linearization of a valid history in which a wrong guess shows late, such as that of a stack.
 *
 * Which of them is best cannot be told beforehand (bench/custom-model.ts has histories of each kind). In turns they
 * cost at most a little more than three times the best one.
 *
 * Memory is bounded: when the caches or the states take too much, they are cleared, which costs time but changes no
 * answer. The problem is NP-complete: without a budget that ends it, a search that has visited very many configurations,
 * or fewer with long states, gives up. A search that ran out of budget resumes when it is run again.
 */
import type { Budget } from '../../checker.ts';
import { DepthFirstSearch, type SearchableObject, type SearchEnd } from './depth-first.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { OrderRepair } from '../repair/order-repair.ts';

/** Limits of a search. */
export interface SearchBounds {
  /** Maximum bytes of the caches, and of the states. */
  readonly cache: number;
  readonly states: number;
  /** Maximum number of configurations if no budget ends the search. Has a default. */
  readonly configurations?: number;
}

const MEMORY: SearchBounds = { cache: 384 * 2 ** 20, states: 384 * 2 ** 20 };
/** Steps per turn. The budget is checked at most once per this many steps. */
const TURN = 1024;
const FIRST_TURN = 512;
/** Turns of the plain search for each turn of the guided one, once both have had their first. */
const PLAIN_TURNS = 8;
/** Turns of the searches before the repair has turns as well, and steps in each of those: its steps are cheaper. */
const UNREPAIRED_TURNS = 32;
const REPAIR_STEPS = 12 * TURN;
/** Limits of the guided search: this many configurations, plus this many per event. */
const GUIDED_CONFIGURATIONS = 200_000;
const GUIDED_PER_EVENT = 64;
/** Limit for both searches if no budget ends them: a minute or two. */
const MOST_CONFIGURATIONS = 32_000_000;

export class AlternatingSearch {
  private readonly plain: DepthFirstSearch;
  /** Created at its first turn, which most searches of small histories never reach; undefined once it is given up. */
  private guided: DepthFirstSearch | undefined;
  private isGuidedGivenUp = false;
  private repair: OrderRepair | undefined;
  private isRepairGivenUp = false;
  private readonly hasReads: boolean;
  /** Configurations that the guided search had visited when it was given up. */
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
      const ended = this.takeTurn() ?? this.repairTurn();
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

  /** Bytes kept between runs. */
  get bytes(): number {
    const repaired = this.repair?.bytes ?? 0;
    return this.plain.cacheBytes + (this.guided?.cacheBytes ?? 0) + repaired + this.object.stateBytes;
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

  private repairTurn(): SearchOutcome | undefined {
    const { stepped } = this.object;
    if (stepped === undefined || this.isRepairGivenUp || this.turns < UNREPAIRED_TURNS) return undefined;
    const repair = (this.repair ??= new OrderRepair(this.history, stepped));
    const isFound = repair.proceed(REPAIR_STEPS);
    if (isFound === true) return { valid: true, linearization: () => repair.linearization };
    if (isFound === false) {
      this.repair = undefined;
      this.isRepairGivenUp = true;
    }
    return undefined;
  }

  /** Whether the guided search has nothing left to try or has reached its limit. */
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

  /** Returns advice on how to make the search smaller. */
  private advice(): string {
    if (this.hasReads || !this.object.isGiven) return '';
    return '. The model names no operation in isReadOnly(f): naming those that never change the state makes the search smaller';
  }

  /** Clears visited configurations, and all states but those in use, when they take too much memory. */
  private saveMemory(): void {
    const { plain, guided, object, memory } = this;
    const searches = guided === undefined ? [plain] : [plain, guided];
    const cache = searches.reduce((bytes, search) => bytes + search.cacheBytes, 0);
    if (object.stateBytes < memory.states && cache < memory.cache) return;
    // The initial state comes first, so it stays number 0.
    const states = object.keepStates(new Set([0, ...searches.flatMap((search) => search.statesInUse)]));
    for (const search of searches) search.forget(states);
  }
}

const TOO_MANY_IN_ALL =
  '. It was stopped because all keys together had visited very many configurations; with a time budget (--time-budget SECONDS) it goes on for that long';

const tooMany = (most: number): string =>
  `. It was stopped after ${most} configurations; with a time budget (--time-budget SECONDS) it goes on for that long`;
