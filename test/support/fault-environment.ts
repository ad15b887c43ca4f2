/** What faults reach in tests of the nemesis: a network, and nodes that nothing can be done to. */
import type { FaultEnvironment } from '../../src/nemesis/fault-package.ts';
import { completeStrengths } from '../../src/nemesis/fault-strengths.ts';
import type { Network } from '../../src/network/network.ts';
import { Random } from '../../src/world/random.ts';

export const FIVE_NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];

export function faultEnvironment(network: Network, others: Partial<FaultEnvironment> = {}): FaultEnvironment {
  const latency = { distribution: 'constant', meanMs: 0 } as const;
  const unreachable = (): never => {
    throw new Error('nothing is done to nodes here');
  };
  return {
    nodes: FIVE_NODES,
    network,
    random: Random.fromSeed('nemesis'),
    intervalSeconds: 10,
    control: { kill: unreachable, start: unreachable, pause: unreachable, resume: unreachable },
    strengths: completeStrengths({}, latency),
    latency,
    ...others,
  };
}
