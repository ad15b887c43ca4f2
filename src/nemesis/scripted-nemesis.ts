/** The nemesis that follows a fault script, to the second. */
import { EXHAUSTED, pending, type Generator } from '../generator/generator.ts';
import { repeatedly } from '../generator/operations.ts';
import { nemesis as onNemesisThread } from '../generator/threads.ts';
import type { Json } from '../protocol/json.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { FaultEnvironment, FaultPackage, ScriptedFault } from './fault-package.ts';
import { findFaults } from './fault-registry.ts';
import type { FaultScriptEntry } from './fault-script.ts';
import type { FaultStrengths } from './fault-strengths.ts';
import type { Nemesis } from './nemesis.ts';

/** Something to do: an entry's begin or its end. */
interface Step {
  /** Since the requests began. */
  readonly nanos: number;
  readonly f: string;
  readonly target: Json;
  readonly act: () => Json;
}

/**
 * Every step takes effect at once, so that none holds up the next. Entries are independent of each other: two partitions
 * may overlap. What still lasts in the end is ended by the final generator.
 */
export function makeScriptedNemesis(
  script: readonly FaultScriptEntry[],
  environment: FaultEnvironment,
): Nemesis {
  const kinds = findFaults(script.map(({ fault }) => fault));
  const packages = new Map(
    kinds.map((kind) => [
      kind.name,
      kind.prepare({ ...environment, random: environment.random.child(kind.name) }),
    ]),
  );
  /** Each with how it is ended, in the order in which they began. */
  const lasting = new Map<ScriptedFault, Step>();
  const steps = script.flatMap((entry) => {
    const fault = packages.get(entry.fault);
    if (fault === undefined) throw new Error(`the fault ${entry.fault} was not made ready`);
    return stepsOf(entry, { fault, strengths: environment.strengths, lasting });
  });
  steps.sort((a, b) => a.nanos - b.nanos);
  /** Those that have become operations and wait to be carried out. */
  const due: Step[] = [];
  const plan = (step: Step): { f: string; value: Json } => {
    due.push(step);
    return { f: step.f, value: step.target };
  };
  return {
    generator: onNemesisThread(timetable(steps, plan)),
    finalGenerator: onNemesisThread(
      repeatedly(() => {
        const [step] = lasting.values();
        return step === undefined ? undefined : plan(step);
      }),
    ),
    bands: [...packages.values()].map(({ band }) => band),
    invoke(op, done) {
      const step = due.shift();
      if (step?.f !== op.f) throw new Error(`the fault script has no operation ${op.f} now`);
      done(step.act());
    },
    activeFaults: () => [...lasting.keys()].map((fault) => fault.describe()),
  };
}

interface StepContext {
  readonly fault: FaultPackage;
  /** Where the entry says nothing else. */
  readonly strengths: FaultStrengths;
  readonly lasting: Map<ScriptedFault, Step>;
}

function stepsOf(entry: FaultScriptEntry, { fault, strengths, lasting }: StepContext): readonly Step[] {
  const { at, target } = entry;
  const scripted = fault.script(target, { ...strengths, ...entry.strengths });
  const beginNanos = Math.round(at * NANOS_PER_SECOND);
  if (scripted.kind === 'change') {
    return [{ nanos: beginNanos, f: scripted.f, target, act: () => scripted.begin() }];
  }
  const [start] = fault.band.start;
  const [stop] = fault.band.stop;
  if (start === undefined || stop === undefined) throw new Error(`${fault.name} has no operations`);
  const ending: Step = {
    nanos: beginNanos + Math.round((entry.for ?? Infinity) * NANOS_PER_SECOND),
    f: stop,
    target,
    act: () => {
      lasting.delete(scripted);
      return scripted.end();
    },
  };
  const beginning: Step = {
    nanos: beginNanos,
    f: start,
    target,
    act: () => {
      lasting.set(scripted, ending);
      return scripted.begin();
    },
  };
  return entry.for === undefined ? [beginning] : [beginning, ending];
}

/** Operations at their times, counted from when it is first asked. */
function timetable(steps: readonly Step[], plan: (step: Step) => { f: string; value: Json }): Generator {
  const from = (index: number, startNanos: number | undefined): Generator => {
    const generator: Generator = {
      next(context) {
        const step = steps[index];
        if (step === undefined) return EXHAUSTED;
        const start = startNanos ?? context.timeNanos;
        const timeNanos = start + step.nanos;
        const here = startNanos === undefined ? from(index, start) : generator;
        if (timeNanos > context.timeNanos) return pending(here, timeNanos);
        const process = context.nextProcess();
        if (process === undefined) return pending(here);
        return { kind: 'op', op: { timeNanos, process, ...plan(step) }, rest: from(index + 1, start) };
      },
      update: () => generator,
    };
    return generator;
  };
  return from(0, undefined);
}
