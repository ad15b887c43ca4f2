/** The nemesis that does again what the random one did in another run: its operations, at their times. */
import { scripted } from '../generator/scripted.ts';
import { nemesis as onNemesisThread } from '../generator/threads.ts';
import type { Json } from '../protocol/json.ts';
import { drawingNemesis } from './drawing-nemesis.ts';
import type { FaultEnvironment } from './fault.ts';
import { faultOf } from './fault-operations.ts';
import { findFaults } from './fault-registry.ts';
import type { Nemesis } from './nemesis.ts';
import { randomFault } from './random-fault.ts';

/** An operation of the random nemesis, as histories have it. */
export interface FaultOp {
  /** Its identity as a cause, which stays when others are left out. */
  readonly label: number;
  /** Not before then, since requests began. */
  readonly atNanos: number;
  /** Such as `start-partition`. */
  readonly f: string;
  /** Of one that begins a fault, its target: what the fault could have drawn, or what a fault script may say. */
  readonly value: Json;
}

/** `healing` ends all faults, one after the other. */
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
