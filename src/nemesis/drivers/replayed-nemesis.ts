/** The nemesis that replays what the random one did in another run: its operations, at their times. */
import { scripted, type FollowingOp } from '../../generator/scripted.ts';
import { nemesis as onNemesisThread } from '../../generator/threads.ts';
import type { Json } from '../../protocol/json.ts';
import { drawingNemesis } from './drawing-nemesis.ts';
import type { FaultEnvironment } from '../fault.ts';
import { faultOf } from '../fault-operations.ts';
import { findFaults } from '../fault-registry.ts';
import type { Nemesis } from '../nemesis.ts';
import { randomFault } from './random-fault.ts';

/** An operation of the random nemesis, in the form of histories. */
export interface FaultOp extends Pick<FollowingOp, 'after'> {
  /** Its identity as a cause, which does not change when other operations are left out. */
  readonly label: number;
  /** The earliest time, in nanoseconds since requests began. */
  readonly atNanos: number;
  /** Such as `start-partition`. */
  readonly f: string;
  /**
   * For an operation that begins a fault, its target: anything that the fault could have drawn, or that a fault script
   * may contain.
   */
  readonly value: Json;
}

/** The operations of `healing` end all faults, one after the other. */
export function makeReplayedNemesis(
  ops: readonly FaultOp[],
  healing: readonly FaultOp[],
  environment: FaultEnvironment,
): Nemesis {
  const kinds = findFaults(
    [...new Set([...ops, ...healing].map(({ f }) => faultOf(f)))],
    environment.ownKinds,
  );
  const faults = kinds.map((kind) => randomFault(kind, environment));
  const replay = (some: readonly FaultOp[]) =>
    onNemesisThread(scripted(some.map((op) => ({ ...op, thread: 'nemesis' }))));
  return drawingNemesis(faults, { generator: replay(ops), finalGenerator: replay(healing) });
}
