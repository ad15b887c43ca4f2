/**
 * Searches for an order that agrees with one side of every choice, learning from conflicts, or for lemmas that refute
 * all orders.
 *
 * At any time there is an order of all points that agrees with everything known and decided. A choice is made only
 * where two blocks overlap in that order; once no blocks overlap, the order is a solution. A choice that closes a cycle
 * yields a lemma, which rules out the combination of choices along that cycle. Resolution derives further clauses from
 * lemmas, as in SAT solvers (Marques-Silva and Sakallah, "GRASP", 1999; lazy lemmas as in Bayless et al., "SAT Modulo
 * Monotonic Theories", 2015).
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import { isChoice, literalOf, opposite, type Choices, type Edge } from './choices.ts';
import { Overlaps } from './overlaps.ts';
import type { Polygraph } from './polygraph.ts';

/** The edges of a cycle: the choices among them cannot all be made. */
export type Lemma = readonly Edge[];

const DECIDED = -1;
/** Conflicts before the first restart, and the factor by which that number grows. */
const FIRST_RESTART = 128;
const RESTART_GROWTH = 1.3;

interface Clause {
  /** At least one of these holds. The first two are watched. */
  readonly literals: number[];
  /** The cycle that proves it. */
  readonly lemma: Lemma | undefined;
  /** What it was learned from: clauses, and literals that hold at level 0. */
  readonly from: readonly number[];
  readonly given: readonly number[];
}

interface Assignment {
  readonly literal: number;
  readonly level: number;
  /** The clause that forced it, or DECIDED. */
  readonly reason: number;
}

export class Search {
  readonly #polygraph: Polygraph;
  readonly #choices: Choices;
  readonly #meter: Meter;
  readonly #clauses: Clause[] = [];
  readonly #watchers = new Map<number, number[]>();
  /** Indexed by pair. */
  readonly #assignments = new Map<number, Assignment>();
  readonly #trail: number[] = [];
  /** Indexed by position in the trail: the number of edges before the assignment. */
  readonly #edgesBefore: number[] = [];
  readonly #levelStarts: number[] = [];
  #propagated = 0;
  /** A clause that a cycle violated and that has not been handled yet; -1 for none. */
  #pending = -1;
  readonly #overlaps: Overlaps;

  constructor(polygraph: Polygraph, choices: Choices, meter: Meter) {
    this.#polygraph = polygraph;
    this.#choices = choices;
    this.#meter = meter;
    this.#overlaps = new Overlaps(polygraph, meter);
  }

  /** Continues from another order, which must agree with all edges. */
  startFrom(places: Int32Array): void {
    this.#polygraph.graph.startFrom(places);
    this.#overlaps.doubtAll();
  }

  /**
   * Returns `order` if the graph's order is a solution, lemmas that contradict each other if there is none, or `open`
   * after `mostConflicts`, with all decisions undone.
   */
  run(mostConflicts = Infinity): 'order' | 'open' | readonly Lemma[] {
    let conflicts = 0;
    let allConflicts = 0;
    let untilRestart = FIRST_RESTART;
    for (;;) {
      this.#meter.step(16);
      const conflict = this.#propagate();
      if (conflict >= 0) {
        if (this.#level === 0) return this.#lemmasBehind(conflict);
        this.#learn(conflict);
        if (++allConflicts >= mostConflicts) {
          this.#backTo(0);
          return 'open';
        }
        if (++conflicts < untilRestart) continue;
        conflicts = 0;
        untilRestart *= RESTART_GROWTH;
        this.#backTo(0);
        continue;
      }
      const overlap = this.#overlaps.next();
      if (overlap === undefined) return 'order';
      // Decide as the current order has it: the order reflects what was learned.
      const [first, second] = overlap;
      if (this.#choices.isSettled(first, second)) {
        this.#backTo(0);
        const cycle = this.#choices.addSettled(first, second);
        if (cycle !== undefined) return this.#lemmasBehind(this.#addLemma(cycle));
        continue;
      }
      this.#levelStarts.push(this.#trail.length);
      this.#assign(this.#choices.literal(first, second), DECIDED);
    }
  }

  /** Returns the lemmas that prove a cycle of settled choices impossible. */
  lemmasOf(cycle: Lemma): readonly Lemma[] {
    return this.#lemmasBehind(this.#addLemma(cycle));
  }

  get #level(): number {
    return this.#levelStarts.length;
  }

  #isTrue(literal: number): boolean {
    return this.#assignments.get(literal >> 1)?.literal === literal;
  }

  #isFalse(literal: number): boolean {
    return this.#assignments.get(literal >> 1)?.literal === opposite(literal);
  }

  /** Returns the clause that a cycle violated, or -1. */
  #assign(literal: number, reason: number): number {
    this.#assignments.set(literal >> 1, { literal, level: this.#level, reason });
    this.#edgesBefore.push(this.#polygraph.graph.edges);
    this.#trail.push(literal);
    const cycle = this.#choices.insert(literal);
    if (cycle === undefined) return -1;
    this.#pending = this.#addLemma(cycle);
    return this.#pending;
  }

  #backTo(level: number): void {
    if (this.#level <= level) return;
    const length = present(this.#levelStarts[level]);
    this.#polygraph.graph.truncate(present(this.#edgesBefore[length]));
    for (const literal of this.#trail.slice(length)) this.#assignments.delete(literal >> 1);
    this.#trail.length = this.#edgesBefore.length = length;
    this.#levelStarts.length = level;
    this.#propagated = Math.min(this.#propagated, length);
    this.#pending = -1;
  }

  #addLemma(cycle: Lemma): number {
    const literals = [
      ...new Set(cycle.filter(({ label }) => isChoice(label)).map(({ label }) => literalOf(label))),
    ];
    const given = literals.filter((literal) => this.#holdsAnyway(literal));
    const open = literals.filter((literal) => !this.#holdsAnyway(literal)).map(opposite);
    return this.#addClause({ literals: open, lemma: cycle, from: [], given });
  }

  #holdsAnyway(literal: number): boolean {
    const assignment = this.#assignments.get(literal >> 1);
    return assignment?.literal !== literal || assignment.level === 0;
  }

  #addClause(clause: Clause): number {
    const index = this.#clauses.push(clause) - 1;
    if (clause.literals.length > 1)
      for (const literal of clause.literals.slice(0, 2)) this.#watch(literal, index);
    return index;
  }

  #watch(literal: number, clause: number): void {
    const watchers = this.#watchers.get(literal);
    if (watchers === undefined) this.#watchers.set(literal, [clause]);
    else watchers.push(clause);
  }

  /** Unit propagation. Returns a violated clause, or -1. */
  #propagate(): number {
    for (;;) {
      if (this.#pending >= 0) return this.#pending;
      const literal = this.#trail[this.#propagated];
      if (literal === undefined) return -1;
      this.#propagated++;
      const broken = this.#propagateFrom(opposite(literal));
      if (broken >= 0) return broken;
    }
  }

  #propagateFrom(falsified: number): number {
    const watchers = this.#watchers.get(falsified);
    if (watchers === undefined) return -1;
    const kept: number[] = [];
    let broken = -1;
    for (const [at, index] of watchers.entries()) {
      this.#meter.step(1);
      const { literals } = present(this.#clauses[index]);
      if (literals[0] === falsified) [literals[0], literals[1]] = [present(literals[1]), falsified];
      const first = present(literals[0]);
      if (!this.#isTrue(first)) {
        const other = literals.findIndex((literal, place) => place > 1 && !this.#isFalse(literal));
        if (other > 0) {
          [literals[1], literals[other]] = [present(literals[other]), falsified];
          this.#watch(present(literals[1]), index);
          continue;
        }
        broken = this.#isFalse(first) ? index : this.#assign(first, index);
      }
      kept.push(index);
      if (broken < 0) continue;
      kept.push(...watchers.slice(at + 1));
      break;
    }
    this.#watchers.set(falsified, kept);
    return broken;
  }

  /** Learns a clause from a violated one and backtracks to the level at which it becomes unit. */
  #learn(conflict: number): void {
    const seen = new Set<number>();
    const from: number[] = [conflict];
    const given: number[] = [];
    const learned: number[] = [];
    let open = 0;
    const note = (literals: readonly number[]): void => {
      for (const literal of literals) {
        const pair = literal >> 1;
        if (seen.has(pair)) continue;
        seen.add(pair);
        const { level } = present(this.#assignments.get(pair));
        if (level === this.#level) open++;
        else if (level === 0) given.push(opposite(literal));
        else learned.push(literal);
      }
    };
    note(present(this.#clauses[conflict]).literals);
    let at = this.#trail.length - 1;
    for (; ; at--) {
      const literal = present(this.#trail[at]);
      if (!seen.has(literal >> 1)) continue;
      if (--open === 0) break;
      const { reason } = present(this.#assignments.get(literal >> 1));
      from.push(reason);
      note(present(this.#clauses[reason]).literals.filter((other) => other !== literal));
    }
    const asserted = opposite(present(this.#trail[at]));
    learned.sort((left, right) => this.#levelOf(right) - this.#levelOf(left));
    const back = learned[0] === undefined ? 0 : this.#levelOf(learned[0]);
    this.#backTo(back);
    const clause = this.#addClause({ literals: [asserted, ...learned], lemma: undefined, from, given });
    this.#assign(asserted, clause);
  }

  #levelOf(literal: number): number {
    return present(this.#assignments.get(literal >> 1)).level;
  }

  /**
   * Returns the lemmas that a clause was learned from, and those behind the literals that violate it. Requires level 0.
   */
  #lemmasBehind(conflict: number): readonly Lemma[] {
    const lemmas: Lemma[] = [];
    const clauses = new Set<number>([conflict]);
    const literals = new Set<number>(present(this.#clauses[conflict]).literals.map(opposite));
    for (;;) {
      const before = clauses.size + literals.size;
      for (const literal of literals) {
        const assignment = this.#assignments.get(literal >> 1);
        if (assignment?.literal !== literal || assignment.reason < 0) continue;
        const { reason } = assignment;
        clauses.add(reason);
        for (const other of present(this.#clauses[reason]).literals)
          if (other !== literal) literals.add(opposite(other));
      }
      for (const literal of literals)
        for (const { label } of this.#choices.reasonOf(literal) ?? [])
          if (isChoice(label) && literalOf(label) !== opposite(literal)) literals.add(literalOf(label));
      for (const index of clauses) {
        const { from, given } = present(this.#clauses[index]);
        for (const other of from) clauses.add(other);
        for (const literal of given) literals.add(literal);
      }
      if (clauses.size + literals.size === before) break;
    }
    for (const literal of literals) {
      const cycle = this.#choices.reasonOf(literal);
      if (cycle !== undefined) lemmas.push(cycle);
    }
    for (const index of clauses) {
      const { lemma } = present(this.#clauses[index]);
      if (lemma !== undefined) lemmas.push(lemma);
    }
    return lemmas;
  }
}
