/** What an observer of a simulated world hears and sees, beside the journal; it changes nothing of the run. */
import type { Turn } from '../cause.ts';

/** What a node had its turn for; `end`: nothing is left that it could wait for. */
export type TurnKind = 'start' | 'message' | 'timer' | 'signal' | 'end';

/** `ended`: by itself, or by the watchdog; `stopped`: when it was asked to. */
export type LifeChange = 'started' | 'paused' | 'resumed' | 'ended' | 'killed' | 'stopped';

/** It must not throw. */
export interface SimulationObserver {
  /** A turn is over, and what the node printed has not left yet. The state of all nodes may be inspected. */
  turned(node: string, kind: TurnKind, turn: Turn): void;
  lived(node: string, change: LifeChange): void;
  /** The turn of that number was ended because its node did not yield. */
  overran(turn: number): void;
}

/** The inside of a node's process, between two turns. */
export interface NodeInside {
  readonly isStarting: boolean;
  readonly isPaused: boolean;
  readonly timers: readonly PendingTimer[];
}

export interface PendingTimer {
  /** On the world's clock. */
  readonly dueNanos: number;
  /** It is due, and waits for the node. */
  readonly isDue: boolean;
  /** What the program asked for. */
  readonly delayNanos: number;
  /** It has fired before, as an interval does. */
  readonly isAgain: boolean;
  /** In whose handling it was set. */
  readonly message: number | undefined;
}
