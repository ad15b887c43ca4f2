/**
 * Faults on the processes of nodes, after the db package of jepsen.nemesis.combined: some nodes are hit, and later all are
 * set right again, by turns.
 */
import { flipFlop } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly, type OpTemplate } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import type { Json } from '../protocol/json.ts';
import { chooseNodes, membersOf } from './choose-nodes.ts';
import type {
  FaultBand,
  FaultEnvironment,
  FaultKind,
  FaultOp,
  FaultPackage,
  ScriptedFault,
} from './fault-package.ts';
import type { NodeControl, NodeDeed } from './node-control.ts';
import { NODE_TARGET } from './script-target.ts';
import { DEFAULT_TARGETS, targetsThatHit, type TargetSpec } from './targets.ts';

/** What is done to a node, and how it is undone. */
interface ProcessFault {
  readonly name: string;
  readonly about: string;
  /** The operation that undoes it. */
  readonly stop: string;
  readonly hit: (control: NodeControl, node: string) => NodeDeed;
  readonly mend: (control: NodeControl, node: string, done: (deed: NodeDeed) => void) => void;
}

export const killFault: FaultKind = processFault({
  name: 'kill',
  about:
    'Kills nodes (SIGKILL), and later starts all that are down again. A node loses its memory and what is on its way to it, ' +
    'and keeps its name and its files; it is given `init` anew.',
  stop: 'start',
  hit: (control, node) => control.kill(node),
  mend: (control, node, done) => control.start(node, done),
});

export const pauseFault: FaultKind = processFault({
  name: 'pause',
  about:
    'Stops nodes (SIGSTOP) and later lets all go on (SIGCONT), as a long garbage collection or a suspended machine would. ' +
    'Messages to a stopped node wait; its own clock goes on.',
  stop: 'resume',
  hit: (control, node) => control.pause(node),
  mend: (control, node, done) => done(control.resume(node)),
});

function processFault(fault: ProcessFault): FaultKind {
  return {
    name: fault.name,
    about: fault.about,
    scriptTarget: NODE_TARGET,
    prepare: (environment) => new ProcessFaultPackage(fault, environment),
  };
}

class ProcessFaultPackage implements FaultPackage {
  readonly name: string;
  readonly band: FaultBand;
  readonly generator: Generator;
  readonly group: { readonly name: string; readonly steps: Generator };
  readonly finalGenerator: Generator;
  /** Those that were hit and not set right since. */
  private readonly hit = new Set<string>();

  constructor(
    private readonly fault: ProcessFault,
    private readonly environment: FaultEnvironment,
  ) {
    const { name, stop } = fault;
    const { intervalSeconds, nodes } = environment;
    const targets = environment.targets ?? targetsThatHit(DEFAULT_TARGETS, nodes.length);
    const mending: OpTemplate = { f: stop, value: 'all' };
    const steps = flipFlop(
      repeatedly((random) => ({ f: name, value: random.pick(targets) })),
      repeatedly(() => mending),
    );
    this.name = name;
    this.band = { name, start: [name], stop: [stop] };
    this.group = { name: 'processes', steps };
    this.generator = stagger(intervalSeconds, steps);
    this.finalGenerator = one(mending);
  }

  /** Both operations are answered with a map from each node concerned to what was done. */
  invoke(op: FaultOp, done: (value: Json) => void): void {
    if (op.f === this.name) {
      // The target comes from the generator above.
      done(this.hitAll(chooseNodes(op.value as TargetSpec, this.environment)));
    } else {
      this.mendAll(membersOf(this.environment), done);
    }
  }

  activeFaults(): readonly string[] {
    return this.hit.size === 0 ? [] : [this.wordsFor([...this.hit])];
  }

  script(target: Json): ScriptedFault {
    let chosen: readonly string[] = [];
    return {
      kind: 'fault',
      begin: () => {
        // Has been checked against NODE_TARGET.
        chosen = chooseNodes(target as TargetSpec, this.environment);
        return this.hitAll(chosen);
      },
      end: () => {
        // The script goes on meanwhile; a restart that fails is recorded by itself.
        const deeds = this.mendAll(chosen, () => undefined);
        return Object.fromEntries(chosen.map((node) => [node, deeds.get(node) ?? 'starting']));
      },
      describe: () => this.wordsFor(chosen),
    };
  }

  private hitAll(targets: readonly string[]): Json {
    const { control } = this.environment;
    return Object.fromEntries(
      targets.map((node) => {
        const deed = this.fault.hit(control, node);
        if (deed === 'killed' || deed === 'paused') this.hit.add(node);
        return [node, deed];
      }),
    );
  }

  /** All at once; calls back with what was done when it has been done, and returns what has been done so far. */
  private mendAll(targets: readonly string[], done: (value: Json) => void): ReadonlyMap<string, NodeDeed> {
    const deeds = new Map<string, NodeDeed>();
    let waiting = targets.length;
    if (waiting === 0) done({});
    for (const node of targets) {
      this.hit.delete(node);
      this.fault.mend(this.environment.control, node, (deed) => {
        deeds.set(node, deed);
        waiting--;
        if (waiting === 0)
          done(Object.fromEntries(targets.map((each) => [each, deeds.get(each) ?? 'failed'])));
      });
    }
    return deeds;
  }

  private wordsFor(nodes: readonly string[]): string {
    return `${this.name} ${nodes.join(' ')}`;
  }
}
