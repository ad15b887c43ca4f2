/**
 * A run as a line of events, each of which can be viewed. The run is made once for the index of its events; a position
 * is reached by running again up to it. The positions captured on the way and the paused world answer the next
 * requests: a step forward continues from the world, and steps back were captured before.
 *
 *     0 ......................[======== captured ========]  the world is paused here
 *                                    requested: steps either way cost nothing
 */
import type { SimulatedRun } from '../../harness/simulations/simulate-once.ts';
import type { LineId, Position } from '../../recording/travel-view.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Programs } from '../../world/simulated/program/programs.ts';
import { Camera } from './camera.ts';
import { isTurn, type EventIndex } from '../events/event-index.ts';
import { Refusal } from '../refusal.ts';
import { DifferentRun, Walk } from './walk.ts';
import { PositionWindow } from './window.ts';

/** Number of positions to capture before the requested one. */
const BACK = 300;
/** When fewer captured positions than this are left before the current one, more are captured in advance. */
const SOON = 150;

export interface LineParts {
  readonly id: LineId;
  /** Its program is as prepared by `bundleNode`. */
  readonly spec: TestSpec;
  readonly workload: Workload;
  readonly index: EventIndex;
  readonly run: SimulatedRun;
}

/** A repetition of the run that captures positions. */
interface Taking {
  readonly walk: Walk;
  /** Captures from this event on. */
  from: number;
  /** Earlier events at which the state of the node that had its turn is looked at. */
  looks: ReadonlySet<number>;
}

interface Ahead {
  readonly walk: Walk;
  /** Range of the events that it captures. */
  readonly from: number;
  readonly to: number;
  readonly done: Promise<void>;
}

export class Line {
  private readonly window = new PositionWindow();
  /** The repetition that stopped at the last requested position. */
  private standing: Taking | undefined;
  /** The repetition that captures positions in advance. */
  private ahead: Ahead | undefined;
  private programs = new Programs({ reuseRealms: true });
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(readonly parts: LineParts) {}

  /** Returns the state just after `event`. Rejects with a Refusal if the run differs when repeated. */
  async position(event: number): Promise<Position> {
    const { ahead } = this;
    if (!this.window.has(event) && ahead !== undefined && ahead.from <= event && event <= ahead.to)
      await ahead.done;
    const position = this.window.get(event) ?? (await this.inTurn(() => this.reach(event)));
    this.prepareBefore(event);
    return position;
  }

  close(): void {
    this.isClosed = true;
    this.standing?.walk.close();
    this.ahead?.walk.close();
    this.standing = this.ahead = undefined;
    this.window.clear();
  }

  /** Runs `work` after earlier work, since one world moves at a time. Gives up capturing in advance. */
  private inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    this.ahead?.walk.close();
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  private async reach(event: number): Promise<Position> {
    try {
      return await this.walkTo(event);
    } catch (error) {
      if (!(error instanceof DifferentRun)) throw error;
      // Leftovers of earlier runs in their realms could be the reason, so it is tried again in new ones.
      this.programs = new Programs();
      return this.walkTo(event).catch((again: unknown) => {
        throw again instanceof DifferentRun ? notTheSame(again.event) : again;
      });
    }
  }

  private async walkTo(event: number): Promise<Position> {
    const known = this.window.get(event);
    if (known !== undefined) return known;
    if (this.isClosed) throw new Refusal(410, 'This run is not held any more.');
    if (this.standing === undefined || this.standing.walk.at >= event) {
      this.standing?.walk.close();
      this.standing = this.begin();
    }
    const { standing } = this;
    this.aim(standing, Math.max(standing.walk.at + 1, event - BACK));
    await standing.walk.advance(event).catch((error: unknown) => {
      this.standing = undefined;
      throw error;
    });
    const position = this.window.get(event);
    if (position === undefined) throw new Error(`event ${event} was passed and not captured`);
    return position;
  }

  /** Captures positions in advance for steps back. */
  private prepareBefore(event: number): void {
    const soon = Math.max(0, event - SOON);
    if (this.ahead !== undefined || this.isClosed || this.window.has(soon)) return;
    const taking = this.begin();
    const { walk } = taking;
    const from = Math.max(0, event - 2 * BACK);
    const to = event - 1;
    this.aim(taking, from);
    const done = walk
      .advance(to)
      // Either it was closed for other work, or the run differs, which is reported when the position is requested.
      .catch(() => {})
      .finally(() => {
        walk.close();
        if (this.ahead?.walk === walk) this.ahead = undefined;
      });
    this.ahead = { walk, from, to, done };
    this.last = this.last.then(() => done);
  }

  private begin(): Taking {
    const { id, spec, workload, index } = this.parts;
    const camera = new Camera(id, index);
    let isFirst = true;
    const taking: Taking = {
      from: 0,
      looks: new Set(),
      walk: new Walk({
        spec,
        workload,
        index,
        programs: this.programs,
        onEvent: (event, run) => {
          const isTaken = event >= taking.from;
          camera.event(event, run, isTaken || taking.looks.has(event));
          if (!isTaken) {
            isFirst = true;
            return;
          }
          if (isFirst) camera.lookAtAll(run);
          isFirst = false;
          this.window.set(camera.take(event, run));
        },
      }),
    };
    return taking;
  }

  /**
   * Makes `taking` capture from `from` on, and look where it needs to for the changes by each node's last turn before
   * that.
   */
  private aim(taking: Taking, from: number): void {
    taking.from = from;
    taking.looks = turnsBeforeLast(this.parts.index, from, taking.walk.at);
  }
}

/** Returns, for each node, the turn before its last one between these events. */
function turnsBeforeLast(index: EventIndex, before: number, after: number): ReadonlySet<number> {
  const seen = new Map<string, number>();
  const found = new Set<number>();
  for (let event = before - 1; event > after; event--) {
    if (!isTurn(index.kindAt(event))) continue;
    const [node = ''] = index.concerned(event);
    const turns = seen.get(node) ?? 0;
    seen.set(node, turns + 1);
    if (turns === 1) found.add(event);
  }
  return found;
}

const notTheSame = (event: number): Refusal =>
  new Refusal(
    409,
    `When this run is made again, event ${event} is another one: the program does not do the same from the same seed, so its past cannot be reached.`,
    'maelstrom test --check-determinism shows where two runs of it part, and why.',
  );
