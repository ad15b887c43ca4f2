/** Faults that consist of a network rule while they last. */
import type { Network } from '../../network/network.ts';
import type { Rule } from '../../network/rules/rule.ts';
import type { Json } from '../../protocol/json.ts';
import type { Random } from '../../world/random.ts';
import type { Fault } from '../fault.ts';
import type { FaultStrengths } from '../fault-strengths.ts';

export interface RuleFault {
  /** The value of the operation that ends it. */
  readonly healed: Json;
  readonly draw: (random: Random) => Json;
  readonly choose: (target: Json, strengths: FaultStrengths) => ChosenRule;
}

export interface ChosenRule {
  readonly rule: Rule;
  /** The value to record. */
  readonly value: Json;
  /** What the rule does; undefined if it affects nothing. */
  readonly words: string | undefined;
}

export function ruleFault(network: Network, { healed, draw, choose }: RuleFault): Fault {
  return {
    draw,
    begin(target, strengths) {
      const { rule, value, words } = choose(target, strengths);
      const remove = network.addRule(rule);
      const undo = (): Json => {
        remove();
        return healed;
      };
      return { value, words: () => words, undo };
    },
    drawnEnd: { kind: 'undo', value: healed },
  };
}
