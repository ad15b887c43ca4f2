/**
 * Wrong clocks: those of some nodes jump, or run fast or slow, or both, until the next operation sets all of them
 * right. Only the time of day is affected, never timers.
 */
import { UserError } from '../../protocol/user-error.ts';
import type { ClockSkew } from '../../world/world.ts';
import { chooseNodes } from '../choose-nodes.ts';
import { drawSkew, skewText } from './clock-skew.ts';
import type { FaultKind } from '../fault.ts';
import { NODE_TARGET } from '../script-target.ts';
import { readSkewSize } from '../strength-words.ts';
import { TARGETS_THAT_ALWAYS_HIT, type TargetSpec } from '../targets.ts';

const RIGHT: ClockSkew = { offsetNanos: 0, drift: 0 };
const CLOCKS_RIGHT = 'clocks-right';

/**
 * `start-skew` with a target completes with `{n1: "+1234ms", n2: "-20ms +1.5%"}`, `stop-skew` with `"clocks-right"`.
 */
export const skewFault: FaultKind = {
  kind: 'lasting',
  name: 'skew',
  about:
    'Sets the clocks of some nodes wrong: they jump forwards or backwards by 10 ms to a minute, or run up to 5 % too fast or too slow, or both; `--skew` sets other sizes. Only `Date` is affected; timers and `performance.now` are not. Only with `--simulate`.',
  scriptTarget: NODE_TARGET,
  strength: {
    placeholder: 'size',
    about:
      'size of the fault skew: a jump such as 500ms or 10ms..1s, a drift such as 2% or 0%..5%, or both: +1s,2% (default: drawn ' +
      'from 10ms..60s and 0%..5%)',
    read: (words) => ({ skew: readSkewSize(words) }),
  },
  prepare(environment) {
    const { skew: setClock, targets = TARGETS_THAT_ALWAYS_HIT } = environment;
    if (setClock === undefined) throw skewNeedsSimulation();
    /** Entries of a script may overlap; the last one to set a node's clock wins. */
    const wrong = new Map<string, ClockSkew>();
    return {
      draw: (stream) => stream.pick(targets),
      begin(target, { skew: size }) {
        // Drawn above, or checked against NODE_TARGET.
        const nodes = chooseNodes(target as TargetSpec, environment);
        const drawn = nodes.map((node): [string, ClockSkew] => [node, drawSkew(environment.random, size)]);
        for (const [node, skew] of drawn) {
          wrong.set(node, skew);
          setClock(node, skew);
        }
        return {
          value: Object.fromEntries(drawn.map(([node, skew]) => [node, skewText(skew)])),
          words() {
            const still = nodes.flatMap((node) => {
              const skew = wrong.get(node);
              return skew === undefined ? [] : [`${node} ${skewText(skew)}`];
            });
            return still.length === 0 ? undefined : `skew ${still.join(', ')}`;
          },
          undo() {
            for (const node of nodes) {
              wrong.delete(node);
              setClock(node, RIGHT);
            }
            return CLOCKS_RIGHT;
          },
        };
      },
      drawnEnd: { kind: 'undo', value: CLOCKS_RIGHT },
    };
  },
};

export function skewNeedsSimulation(): UserError {
  return new UserError(
    '--nemesis skew sets the clocks of nodes wrong, which only the simulated world can do.',
    'Add --simulate (for .ts, .js and .wasm programs), or leave skew out.',
  );
}
