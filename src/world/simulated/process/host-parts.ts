/** What a simulated node provides to its process. */
import type { Bridge } from '../../../guest/bridge.ts';
import type { NodeTimers } from '../node-timers.ts';
import type { SimulatedDisk } from '../simulated-disk.ts';
import type { TurnChance } from '../turn/turn-chance.ts';
import type { TurnClock } from '../turn/turn-clock.ts';
import type { WallClock } from '../wall-clock.ts';

/** The part of the bridge that concerns this one process. */
export type SandboxHost = Pick<
  Bridge,
  | 'nowNanos'
  | 'wallNanos'
  | 'startedNanos'
  | 'write'
  | 'listen'
  | 'setTimer'
  | 'clearTimer'
  | 'refTimer'
  | 'exit'
  | 'die'
  | 'float'
  | 'entropy'
  | 'disk'
>;

export interface HostParts extends Pick<SandboxHost, 'startedNanos' | 'write' | 'listen' | 'exit' | 'die'> {
  /** Called when the process has closed its stdin or stdout and continues. */
  closed(fd: 0 | 1): void;
  readonly turn: TurnClock;
  readonly wallClock: WallClock;
  readonly chance: TurnChance;
  readonly timers: NodeTimers;
  readonly disk: SimulatedDisk;
}
