import { RealWorld } from './real/real-world.ts';
import { SimulatedWorld } from './simulated/simulated-world.ts';
import { describeWorld } from '../../test/support/world-contract.ts';

describeWorld('real', () => new RealWorld({ seed: 1 }));
describeWorld('simulated', () => new SimulatedWorld({ seed: 1 }));
