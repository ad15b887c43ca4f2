/** The nemesis of a run: the faults that were asked for, put together. */
import { any, mix } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { sequence } from '../generator/ordering.ts';
import { stagger } from '../generator/pacing.ts';
import { nemesis as onNemesisThread, stream } from '../generator/threads.ts';
import type { Json } from '../protocol/json.ts';
import type { FaultBand, FaultEnvironment, FaultKind, FaultOp, FaultPackage } from './fault-package.ts';

export interface Nemesis {
  /** The faults' operations side by side, each in its own rhythm and with its own chance. */
  readonly generator: Generator;
  /** What ends all faults, one after the other. */
  readonly finalGenerator: Generator;
  readonly bands: readonly FaultBand[];
  invoke(op: FaultOp, done: (value: Json) => void): void;
  activeFaults(): readonly string[];
}

/** Makes the nemesis of these kinds of fault; with none it never does anything. */
export function makeNemesis(kinds: readonly FaultKind[], environment: FaultEnvironment): Nemesis {
  const packages = kinds.map((kind) =>
    kind.prepare({ ...environment, random: environment.random.child(kind.name) }),
  );
  return {
    generator: onNemesisThread(any(...rhythms(packages, environment.intervalSeconds))),
    finalGenerator: onNemesisThread(sequence(packages.map(({ finalGenerator }) => finalGenerator))),
    bands: packages.map(({ band }) => band),
    invoke(op, done) {
      const owner = packages.find(({ band }) => band.start.includes(op.f) || band.stop.includes(op.f));
      if (owner === undefined) throw new Error(`no fault knows the operation ${op.f}`);
      owner.invoke(op, done);
    },
    activeFaults: () => packages.flatMap((fault) => fault.activeFaults()),
  };
}

/** What goes on side by side: a generator for each package, and one for those of a group together. */
function rhythms(packages: readonly FaultPackage[], intervalSeconds: number): readonly Generator[] {
  const groups = new Map<string, FaultPackage[]>();
  for (const fault of packages) {
    const name = fault.group?.name ?? fault.name;
    groups.set(name, [...(groups.get(name) ?? []), fault]);
  }
  return [...groups].map(([name, members]) => {
    const [first, ...others] = members;
    if (first !== undefined && others.length === 0) return stream(`nemesis/${first.name}`, first.generator);
    const steps = members.flatMap(({ group }) => (group === undefined ? [] : [group.steps]));
    return stream(`nemesis/${name}`, stagger(intervalSeconds, mix(...steps)));
  });
}
