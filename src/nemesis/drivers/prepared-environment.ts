/** What a fault is prepared with: the environment of all faults, and its own random values. */
import { LinkStreams } from '../../network/rules/links.ts';
import type { Causes, Turn } from '../../world/cause.ts';
import type { Chance, Random } from '../../world/random.ts';
import type { FaultEnvironment, PreparedEnvironment } from '../fault.ts';

export function prepareEnvironment(environment: FaultEnvironment, fault: string): PreparedEnvironment {
  const random = environment.random.child(fault);
  const chance = new OperationChance(random, environment.causes);
  const linkStreams = new LinkStreams(random.child('links'));
  // A spread would read `random` only once.
  return Object.defineProperty({ ...environment, linkStreams, random: chance.current }, 'random', {
    get: () => chance.current,
  });
}

/** Random values for each operation of the nemesis, by its cause; a stream if causes are not known. */
class OperationChance {
  private turn: Turn | undefined;
  private chance: Chance;

  constructor(
    private readonly random: Random,
    private readonly causes: Causes | undefined,
  ) {
    this.chance = random;
  }

  get current(): Chance {
    const turn = this.causes?.current;
    if (turn !== undefined && turn !== this.turn) {
      this.turn = turn;
      this.chance = this.random.at(turn.cause);
    }
    return this.chance;
  }
}
