/** Makes the nemesis of a run by its spec: at random, by a script, or by replaying another run's faults. */
import type { FaultEnvironment } from '../nemesis/fault.ts';
import { findFaults } from '../nemesis/fault-registry.ts';
import { aimsAtPrimary } from '../nemesis/fault-script.ts';
import { completeStrengths } from '../nemesis/fault-strengths.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import { makeRandomNemesis } from '../nemesis/drivers/random-nemesis.ts';
import { makeReplayedNemesis } from '../nemesis/drivers/replayed-nemesis.ts';
import { makeScriptedNemesis } from '../nemesis/drivers/scripted-nemesis.ts';
import { UserError } from '../protocol/user-error.ts';
import type { World } from '../world/world.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { TestSpec } from './test-spec.ts';

export interface NemesisSurroundings extends Pick<
  FaultEnvironment,
  'network' | 'random' | 'log' | 'primaries' | 'ownKinds' | 'onThrown'
> {
  readonly world: World;
  readonly cluster: Cluster;
}

/** Throws a UserError if the spec names an unknown fault, or a primary in a workload that knows none. */
export function makeNemesis(spec: TestSpec, surroundings: NemesisSurroundings): Nemesis {
  const { world, cluster, ...others } = surroundings;
  const { nemesisTargets: targets, faultScript, course } = spec;
  if (others.primaries === undefined && namesPrimary(spec)) {
    throw new UserError(
      `The workload ${spec.workload} has no primary: none of its requests needs a leader, so no fault can target one.`,
      `Name the node instead: ${faultScript === undefined ? '--nemesis-targets n1' : '"target": ["n1"]'}`,
    );
  }
  const environment: FaultEnvironment = {
    ...others,
    nodes: spec.nodes,
    causes: world.causes,
    intervalSeconds: spec.nemesisIntervalSeconds,
    control: cluster,
    membership: cluster,
    strengths: completeStrengths(spec.faultStrengths ?? {}, spec.latency),
    latency: spec.latency,
    skew: world.skew === undefined ? undefined : (node, skew) => world.skew?.(node, skew),
    targets,
    moves: spec.nemesisMoves,
    afterSuccesses: spec.nemesisAfter,
  };
  if (course?.faults !== undefined)
    return makeReplayedNemesis(course.faults, course.healing ?? [], environment);
  return faultScript === undefined
    ? makeRandomNemesis(findFaults(spec.nemesis, environment.ownKinds), environment)
    : makeScriptedNemesis(faultScript, environment);
}

const namesPrimary = ({ nemesisTargets = [], faultScript = [] }: TestSpec): boolean =>
  nemesisTargets.includes('primary') || faultScript.some(aimsAtPrimary);
