/** Observes a simulated world beyond its journal, without changing the run. */
import type { Turn } from '../cause.ts';

/** What a node took its turn for; `end` when there is nothing left that it could wait for. */
export type TurnKind = 'start' | 'message' | 'timer' | 'signal' | 'end';

/** `ended`: by itself, or by the watchdog; `stopped`: on request. */
export type LifeChange = 'started' | 'paused' | 'resumed' | 'ended' | 'killed' | 'stopped';

/** Its methods must not throw. */
export interface SimulationObserver {
  /**
   * A turn is over, and the node's output of that turn has not been passed on yet. The state of all nodes may be
   * inspected.
   */
  turned(node: string, kind: TurnKind, turn: Turn): void;
  lived(node: string, change: LifeChange): void;
  /** The turn with that number was ended because its node did not yield. */
  overran(turn: number): void;
}

/** The inside of a node's process, between two turns. */
export interface NodeInside {
  readonly isStarting: boolean;
  readonly isPaused: boolean;
  readonly timers: readonly PendingTimer[];
}

export interface PendingTimer {
  /** Time on the world's clock. */
  readonly dueNanos: number;
  /** True when it is due and waits for the node. */
  readonly isDue: boolean;
  /** The delay that the program asked for. */
  readonly delayNanos: number;
  /** True when it has fired before, as an interval does. */
  readonly isAgain: boolean;
  /** The message whose handling set the timer. */
  readonly message: number | undefined;
}
