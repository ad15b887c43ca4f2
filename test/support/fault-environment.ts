/** The environment of faults in tests of the nemesis: a network, and nodes without effects. */
import type { BegunFault, FaultEnvironment } from '../../src/nemesis/fault.ts';
import { findFaults } from '../../src/nemesis/fault-registry.ts';
import { completeStrengths, type FaultStrengths } from '../../src/nemesis/fault-strengths.ts';
import { LinkStreams } from '../../src/network/rules/links.ts';
import type { Json } from '../../src/protocol/json.ts';
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

/** Prepares a single fault with the target of an entry of a fault script. */
export function loneFault(
  name: string,
  target: Json,
  environment: FaultEnvironment,
  strengths: Partial<FaultStrengths> = {},
) {
  const [kind] = findFaults([name]);
  if (kind?.kind !== 'lasting') throw new Error(`${name} does not last`);
  const linkStreams = new LinkStreams(environment.random.child('scripted'));
  const fault = kind.prepare({ ...environment, linkStreams });
  let begun: BegunFault | undefined;
  return {
    begin(): Json {
      begun = fault.begin(target, { ...environment.strengths, ...strengths });
      return begun.value;
    },
    describe: () => begun?.words(),
    end: () => begun?.undo(),
  };
}
