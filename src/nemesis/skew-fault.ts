/**
 * Clocks that are wrong: those of some nodes jump, or run fast or slow, or both, until the next operation sets all of them
 * right again. Only the time of day is touched, never timers.
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
import { chooseNodes } from './choose-nodes.ts';
import type { FaultEnvironment, FaultKind, FaultOp, FaultPackage, ScriptedFault } from './fault-package.ts';
import type { FaultStrengths, SkewSize, SkewSpan } from './fault-strengths.ts';
import { LINK_TARGETS } from './link-fault.ts';
import { NODE_TARGET } from './script-target.ts';
import { readSkewSize } from './strength-words.ts';
import type { TargetSpec } from './targets.ts';

/** Where nobody says otherwise; then it is also drawn whether clocks jump, drift, or do both. */
const USUAL: SkewSize = { jumpMs: { from: 10, to: 60_000 }, drift: { from: 0, to: 0.05 } };
const RIGHT: ClockSkew = { offsetNanos: 0, drift: 0 };

type SkewKind = 'jump' | 'drift' | 'both';
const KINDS: readonly SkewKind[] = ['jump', 'drift', 'both'];

export const skewFault: FaultKind = {
  name: 'skew',
  about:
    'Sets the clocks of some nodes wrong: they jump forwards or backwards by 10 ms to a minute, or run up to 5 % too fast or ' +
    'too slow, or both; or by as much as `--skew` says. `Date` shows it; timers and `performance.now` go on as before. Only ' +
    'with `--simulate`.',
  scriptTarget: NODE_TARGET,
  readStrength: (words) => ({ skew: readSkewSize(words) }),
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
    const nodes = chooseNodes(op.value as TargetSpec, this.environment);
    done(this.setWrong(nodes, this.environment.strengths.skew));
  }

  activeFaults(): readonly string[] {
    return this.wrong.size === 0 ? [] : [this.wordsFor([...this.wrong.keys()])];
  }

  script(target: Json, { skew }: FaultStrengths): ScriptedFault {
    let nodes: readonly string[] = [];
    return {
      kind: 'fault',
      begin: () => {
        // Has been checked against NODE_TARGET.
        nodes = chooseNodes(target as TargetSpec, this.environment);
        return this.setWrong(nodes, skew);
      },
      end: () => {
        this.setRight(nodes);
        return 'clocks-right';
      },
      describe: () => this.wordsFor(nodes),
    };
  }

  private setWrong(nodes: readonly string[], size: SkewSize | undefined): Json {
    const { random } = this.environment;
    return Object.fromEntries(
      nodes.map((node) => {
        const skew = drawSkew(random, size);
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

function drawSkew(random: Random, size: SkewSize | undefined): ClockSkew {
  const kind = size === undefined ? random.pick(KINDS) : 'both';
  const { jumpMs, drift } = size ?? USUAL;
  const jump = jumpMs === undefined ? 0 : drawJumpMs(random, jumpMs);
  const isForwards = kind === 'drift' || jumpMs === undefined || isPositive(random, jumpMs);
  return {
    offsetNanos: kind === 'drift' ? 0 : (isForwards ? 1 : -1) * Math.round(jump * NANOS_PER_MS),
    drift: kind === 'jump' || drift === undefined ? 0 : drawDrift(random, drift),
  };
}

/** Small jumps are as likely as large ones. */
function drawJumpMs(random: Random, { from, to }: SkewSpan): number {
  const jumpMs = from * (to / from) ** random.float();
  return from === to ? from : Math.round(jumpMs);
}

const isPositive = (random: Random, { sign }: SkewSpan): boolean =>
  sign === undefined ? random.boolean() : sign > 0;

/** As likely too fast as too slow, where nobody says which. */
function drawDrift(random: Random, { from, to, sign }: SkewSpan): number {
  const place = 2 * random.float() - 1;
  const size = from + Math.abs(place) * (to - from);
  return Math.round((sign ?? (place < 0 ? -1 : 1)) * size * 1e4) / 1e4;
}

function skewText({ offsetNanos, drift }: ClockSkew): string {
  const signed = (value: number, unit: string): string => `${value < 0 ? '' : '+'}${value}${unit}`;
  const jump = offsetNanos === 0 ? [] : [signed(offsetNanos / NANOS_PER_MS, 'ms')];
  const speed = drift === 0 ? [] : [signed(Math.round(drift * 1e4) / 100, '%')];
  const parts = [...jump, ...speed];
  return parts.length === 0 ? 'right' : parts.join(' ');
}
