/**
 * Mends a guess which write each read and each cas of a register saw, by tabu search: where zones are in each other's way,
 * the operation of one of them whose move to another write of its value leaves the least overlap is moved, and not back
 * for a while. Where the operations on one side of the other zone can all go to the same write, they go together.
 */
import { addTo } from '../../../columns/groups.ts';
import { present } from '../../../columns/present.ts';
import type { SeenWrites } from './seen-writes.ts';
import { WriteZones, type Overlaps, type Zone } from './write-zones.ts';

/** Maximum number of moves, of moves tried, and of events looked at for these. */
const MOVES = 1000;
const TRIED_MOVES = 4000;
const TRIED_EVENTS = 2e8;
/** Number of moves for which what was moved stays. */
const TABU = 12;
/** Maximum number of operations of a zone, and of their other writes, of which moves are tried. */
const TRIED_MEMBERS = 24;
const TRIED_WRITES = 8;

interface MovedOperation {
  readonly operation: number;
  readonly write: number;
}
/** Operations that see other writes. */
type Move = readonly MovedOperation[];

/** Moves operations until no zones are in each other's way, or for long enough. */
export const mendGuess = (seen: SeenWrites): void => new Mending(seen).run();

class Mending {
  private readonly zones: WriteZones;

  constructor(private readonly seen: SeenWrites) {
    this.zones = new WriteZones(seen);
  }

  run(): void {
    const movedAt = new Map<number, number>();
    let left = Math.min(TRIED_MOVES, TRIED_EVENTS / (this.seen.history.eventCount + 1));
    let now = this.zones.overlaps();
    for (let moves = 0; now !== undefined && now.cost > 0 && moves < MOVES; moves++) {
      const all = this.movesFor(now.zones);
      const free = all.filter((move) =>
        move.some(({ operation }) => (movedAt.get(operation) ?? -TABU) + TABU <= moves),
      );
      let best: Move | undefined;
      let least: Overlaps | undefined;
      for (const move of free.length > 0 ? free : all) {
        if (--left < 0) return;
        const back = this.make(move);
        const after = this.zones.overlaps();
        if (after !== undefined && after.cost < (least?.cost ?? Infinity)) {
          least = after;
          best = move;
        }
        this.make(back);
        if (least !== undefined && least.cost < now.cost) break;
      }
      if (best === undefined) return;
      for (const { operation } of this.make(best)) movedAt.set(operation, moves);
      now = least;
    }
  }

  /** Makes a move. Returns the one that undoes it. */
  private make(move: Move): Move {
    const back = move.map(({ operation }) => ({ operation, write: present(this.seen.saw[operation]) }));
    for (const { operation } of move) this.seen.unsee(operation);
    for (const { operation, write } of move) this.seen.see(operation, write);
    return back.toReversed();
  }

  /** Returns moves of one operation, and of those that lie on one side of the other zone. */
  private movesFor(zones: readonly Zone[]): readonly Move[] {
    const { invokedAt, returnsAt } = this.seen.possible;
    const single: Move[] = [];
    const joint: Move[] = [];
    for (const [which, zone] of zones.entries()) {
      const other = present(zones[1 - which]);
      const early = new Map<number, MovedOperation[]>();
      const late = new Map<number, MovedOperation[]>();
      for (const operation of this.zones.membersOf(zone, TRIED_MEMBERS)) {
        for (const write of this.otherWrites(operation)) {
          const moved = { operation, write };
          single.push([moved]);
          if (present(returnsAt[operation]) < Math.max(other.from, other.to)) addTo(early, write, moved);
          if (present(invokedAt[operation]) > Math.min(other.from, other.to)) addTo(late, write, moved);
        }
      }
      for (const move of [...early.values(), ...late.values()]) if (move.length > 1) joint.push(move);
    }
    return [...single, ...joint];
  }

  /** Returns other writes that it can have seen instead. */
  private otherWrites(operation: number): readonly number[] {
    const { seen, zones } = this;
    const others = seen
      .writesFor(operation, zones.ownEnd)
      .filter((write) => write !== seen.saw[operation] && (seen.happened(write) || !seen.isCas(write)));
    return others.slice(0, TRIED_WRITES);
  }
}
