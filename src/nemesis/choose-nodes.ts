/** Which nodes a fault can hit, and which it hits, given the current members of the cluster. */
import type { PreparedEnvironment } from './fault.ts';
import { chooseTargets, type TargetSpec } from './targets.ts';

/** Returns the current members of the cluster. */
export function membersOf({ membership, nodes }: PreparedEnvironment): readonly string[] {
  return membership?.members() ?? nodes;
}

/** Returns the members that a target currently selects. */
export function chooseNodes(target: TargetSpec, environment: PreparedEnvironment): readonly string[] {
  return chooseTargets(target, membersOf(environment), environment.random, environment.primaries?.());
}
