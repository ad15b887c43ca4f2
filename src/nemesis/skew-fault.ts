/**
 * Clocks that are wrong: those of some nodes jump by up to a minute, or run up to five per cent fast or slow, or both,
 * until the next operation sets all of them right again. Only the time of day is touched, never timers.
 */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import type { Json } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Random } from '../world/random.ts';
import type { ClockSkew } from '../world/world.ts';
import type { FaultEnvironment, FaultKind, FaultOp, FaultPackage, ScriptedFault } from './fault-package.ts';
import { LINK_TARGETS } from './link-fault.ts';
import { NODE_TARGET } from './script-target.ts';
import { chooseTargets, type TargetSpec } from './targets.ts';

const LEAST_JUMP_MS = 10;
const LARGEST_JUMP_MS = 60_000;
const LARGEST_DRIFT = 0.05;
const RIGHT: ClockSkew = { offsetNanos: 0, drift: 0 };

type SkewKind = 'jump' | 'drift' | 'both';
const KINDS: readonly SkewKind[] = ['jump', 'drift', 'both'];

export const skewFault: FaultKind = {
  name: 'skew',
  about:
    'Sets the clocks of some nodes wrong: they jump forwards or backwards by 10 ms to a minute, or run up to 5 % too fast or ' +
    'too slow, or both. `Date` shows it; timers and `performance.now` go on as before. Only with `--simulate`.',
  scriptTarget: NODE_TARGET,
  prepare(environment) {
    const { skew } = environment;
    if (skew === undefined) throw skewNeedsSimulation();
    return new SkewPackage(environment, skew);
  },
};

/** What is told when clocks are to be set wrong that are not ours. */
export function skewNeedsSimulation(): UserError {
  return new UserError(
    '--nemesis skew sets the clocks of nodes wrong, which only the simulated world can do.',
    'Add --simulate (for .ts and .js programs), or leave skew out.',
  );
}

class SkewPackage implements FaultPackage {
  readonly name = 'skew';
  readonly band = { name: 'skew', start: ['start-skew'], stop: ['stop-skew'] };
  readonly generator: Generator;
  readonly finalGenerator = one({ f: 'stop-skew' });
  private readonly wrong = new Map<string, ClockSkew>();

  constructor(
    private readonly environment: FaultEnvironment,
    private readonly setClock: (node: string, skew: ClockSkew) => void,
  ) {
    const targets = environment.targets ?? LINK_TARGETS;
    this.generator = stagger(
      environment.intervalSeconds,
      flipFlop(
        repeatedly((random) => ({ f: 'start-skew', value: random.pick(targets) })),
        repeatedly(() => ({ f: 'stop-skew' })),
      ),
    );
  }

  /** `start-skew` with a target is answered with `{n1: "+1234ms", n2: "-20ms +1.5%"}`, `stop-skew` with `"clocks-right"`. */
  invoke(op: FaultOp, done: (value: Json) => void): void {
    this.setRight([...this.wrong.keys()]);
    if (op.f === 'stop-skew') return done('clocks-right');
    // The target comes from the generator above.
    done(this.setWrong(this.choose(op.value as TargetSpec)));
  }

  activeFaults(): readonly string[] {
    return this.wrong.size === 0 ? [] : [this.wordsFor([...this.wrong.keys()])];
  }

  script(target: Json): ScriptedFault {
    let nodes: readonly string[] = [];
    return {
      begin: () => {
        // Has been checked against NODE_TARGET.
        nodes = this.choose(target as TargetSpec);
        return this.setWrong(nodes);
      },
      end: () => {
        this.setRight(nodes);
        return 'clocks-right';
      },
      describe: () => this.wordsFor(nodes),
    };
  }

  private choose(target: TargetSpec): readonly string[] {
    const { nodes, random, primaries } = this.environment;
    return chooseTargets(target, nodes, random, primaries?.());
  }

  private setWrong(nodes: readonly string[]): Json {
    const { random } = this.environment;
    return Object.fromEntries(
      nodes.map((node) => {
        const skew = drawSkew(random);
        this.wrong.set(node, skew);
        this.setClock(node, skew);
        return [node, skewText(skew)];
      }),
    );
  }

  private setRight(nodes: readonly string[]): void {
    for (const node of nodes) {
      this.wrong.delete(node);
      this.setClock(node, RIGHT);
    }
  }

  private wordsFor(nodes: readonly string[]): string {
    const words = nodes.map((node) => `${node} ${skewText(this.wrong.get(node) ?? RIGHT)}`);
    return `skew ${words.join(', ')}`;
  }
}

/** Small jumps are as likely as large ones. */
function drawSkew(random: Random): ClockSkew {
  const kind = random.pick(KINDS);
  const jumpMs = Math.round(LEAST_JUMP_MS * (LARGEST_JUMP_MS / LEAST_JUMP_MS) ** random.float());
  const offsetNanos = kind === 'drift' ? 0 : (random.boolean() ? 1 : -1) * jumpMs * NANOS_PER_MS;
  const drift = kind === 'jump' ? 0 : Math.round((2 * random.float() - 1) * LARGEST_DRIFT * 1e4) / 1e4;
  return { offsetNanos, drift };
}

function skewText({ offsetNanos, drift }: ClockSkew): string {
  const signed = (value: number, unit: string): string => `${value < 0 ? '' : '+'}${value}${unit}`;
  const jump = offsetNanos === 0 ? [] : [signed(offsetNanos / NANOS_PER_MS, 'ms')];
  const speed = drift === 0 ? [] : [signed(Math.round(drift * 1e4) / 100, '%')];
  const parts = [...jump, ...speed];
  return parts.length === 0 ? 'right' : parts.join(' ');
}
