/**
 * The timers of a simulated node. Setting or clearing one during a turn only changes the records here. New timers are
 * scheduled on the clock after the turn, because the watchdog may end the turn at any point. Due timers wait in a
 * queue.
 */
import { causeOf, Turn, type Cause } from '../cause.ts';
import type { Clock, Scheduled } from '../clock.ts';
import { Fifo } from './fifo.ts';
import type { Ready } from './inbox.ts';
import type { PendingTimer } from './observer.ts';

interface Timer {
  readonly id: number;
  readonly delayNanos: number;
  /** The turn of its firing. */
  readonly turn: Turn;
  readonly isAgain: boolean;
  /** Undefined until it is scheduled on the clock. */
  dueNanos: number | undefined;
  keepsAlive: boolean;
  armed: boolean;
  scheduled: Scheduled | undefined;
}

interface Due extends Ready {
  readonly timer: Timer;
}

export class NodeTimers {
  private readonly timers = new Map<number, Timer>();
  private added: Timer[] = [];
  private readonly due = new Fifo<Due>();
  /** The number of timers that keep the node alive. */
  private keeping = 0;
  /** The timer that is firing. When set again within its own turn, as an interval is, it keeps its identity. */
  private fired: { readonly id: number; readonly cause: Cause } | undefined;

  constructor(
    private readonly clock: Clock,
    /** Returns the turn in which timers are being set. */
    private readonly currentTurn: () => Turn,
    /** Returns the next number in the order of all that becomes ready. */
    private readonly drawOrder: () => number,
    /** Called when a timer has become due. */
    private readonly onDue: () => void,
  ) {}

  // Called by the process

  set(id: number, delayNanos: number): void {
    const { turn, isAgain } = this.nextTurn(id);
    const timer: Timer = {
      id,
      delayNanos,
      turn,
      isAgain,
      dueNanos: undefined,
      keepsAlive: true,
      armed: true,
      scheduled: undefined,
    };
    this.timers.set(id, timer);
    this.added.push(timer);
    this.keeping++;
  }

  callOff(id: number): void {
    const timer = this.timers.get(id);
    if (timer !== undefined) this.disarm(timer);
  }

  /** Sets whether the timer keeps the node alive, which is true by default. */
  keepAlive(id: number, keepsAlive: boolean): void {
    const timer = this.timers.get(id);
    if (timer === undefined || timer.keepsAlive === keepsAlive) return;
    timer.keepsAlive = keepsAlive;
    this.keeping += keepsAlive ? 1 : -1;
  }

  // Called by the node

  get keepsAlive(): boolean {
    return this.keeping > 0;
  }

  /** Schedules the timers that were set since the last call; their delays count from `fromNanos`. */
  scheduleAdded(fromNanos: number): void {
    if (this.added.length === 0) return;
    const timers = this.added;
    this.added = [];
    for (const timer of timers) {
      if (!timer.armed) continue;
      timer.dueNanos = fromNanos + timer.delayNanos;
      if (timer.delayNanos === 0) {
        this.due.push({ order: this.drawOrder(), turn: timer.turn, timer });
        continue;
      }
      timer.scheduled = this.clock.schedule(timer.dueNanos, () => {
        timer.scheduled = undefined;
        this.due.push({ order: this.drawOrder(), turn: timer.turn, timer });
        this.onDue();
      });
    }
  }

  /** Returns all timers in the order in which they are due; the delays of unscheduled ones count from `fromNanos`. */
  pending(fromNanos: number): PendingTimer[] {
    return [...this.timers.values()]
      .map(({ dueNanos, delayNanos, scheduled, isAgain, turn }) => ({
        dueNanos: dueNanos ?? fromNanos + delayNanos,
        isDue: dueNanos !== undefined && scheduled === undefined,
        delayNanos,
        isAgain,
        message: turn.origin.message,
      }))
      .toSorted((one, other) => one.dueNanos - other.dueNanos);
  }

  /** The timer that `takeDue` would take; undefined if none is due. */
  get next(): Ready | undefined {
    return this.due.first;
  }

  /**
   * Removes the timer that has been due for longest and returns its id, or undefined if it was cleared while it waited.
   */
  takeDue(): number | undefined {
    const timer = this.due.shift()?.timer;
    if (timer?.armed !== true) return undefined;
    this.disarm(timer);
    this.fired = { id: timer.id, cause: timer.turn.cause };
    return timer.id;
  }

  /** Clears all timers. */
  clear(): void {
    for (const timer of this.timers.values()) this.disarm(timer);
    this.added = [];
    this.due.clear();
  }

  private nextTurn(id: number): { readonly turn: Turn; readonly isAgain: boolean } {
    const { fired } = this;
    const setter = this.currentTurn();
    const isAgain = fired?.id === id && fired.cause === setter.cause;
    const cause = isAgain ? causeOf(fired.cause, 'again', 0) : setter.next('timer');
    return { turn: new Turn(cause, { message: setter.origin.message, byTimer: true }), isAgain };
  }

  private disarm(timer: Timer): void {
    if (!timer.armed) return;
    timer.armed = false;
    timer.scheduled?.cancel();
    this.timers.delete(timer.id);
    if (timer.keepsAlive) this.keeping--;
  }
}
