/** Which nodes a fault can hit, and which it does hit, in the cluster as it is now. */
import type { PreparedEnvironment } from './fault.ts';
import { chooseTargets, type TargetSpec } from './targets.ts';

/** The members of the cluster at present. */
export function membersOf({ membership, nodes }: PreparedEnvironment): readonly string[] {
  return membership?.members() ?? nodes;
}

/** Those of the members that a target stands for now. */
export function chooseNodes(target: TargetSpec, environment: PreparedEnvironment): readonly string[] {
  return chooseTargets(target, membersOf(environment), environment.random, environment.primaries?.());
}
