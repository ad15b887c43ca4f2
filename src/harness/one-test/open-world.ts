/** Opens the world of a test; each implementation is loaded only when needed. */
import type { TestSpec } from '../../run/test-spec.ts';
import type { SimulatedWorld, SimulatedWorldOptions } from '../../world/simulated/simulated-world.ts';
import type { World } from '../../world/world.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';

/** Limits of a simulated world for turns that never end or that exhaust memory. */
export type SimulationLimits = Omit<SimulatedWorldOptions, 'seed' | 'isCalm' | 'otherChance'>;

type WorldSpec = Pick<TestSpec, 'world' | 'seed' | 'course'>;

export async function openWorld(spec: WorldSpec, limits: SimulationLimits = {}): Promise<World> {
  if (spec.world === 'simulated') return openSimulatedWorld(spec, limits);
  const { RealWorld } = await import('../../world/real/real-world.ts');
  return new RealWorld({ seed: spec.seed });
}

export async function openSimulatedWorld(
  { seed, course }: Omit<WorldSpec, 'world'>,
  limits: SimulationLimits,
): Promise<SimulatedWorld> {
  // Nodes see local times through Date; the same seed must give the same bytes in every time zone.
  process.env['TZ'] = 'UTC';
  const { SimulatedWorld } = await import('../../world/simulated/simulated-world.ts');
  return new SimulatedWorld({
    seed,
    isCalm: course?.chance === 'calm',
    otherChance: course?.future,
    yieldLimitMs: yieldLimitMs(),
    ...limits,
  });
}
