/** The nemesis that follows a fault script exactly. */
import { EXHAUSTED, pending, type Generator, type PlannedOp } from '../../generator/generator.ts';
import { repeatedly } from '../../generator/operations.ts';
import { nemesis as onNemesisThread } from '../../generator/threads.ts';
import type { Json } from '../../protocol/json.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { BegunFault, Fault, FaultEnvironment } from '../fault.ts';
import { operationsOf } from '../fault-operations.ts';
import { findFaults } from '../fault-registry.ts';
import type { FaultScriptEntry } from '../fault-script.ts';
import type { FaultStrengths } from '../fault-strengths.ts';
import type { Nemesis } from '../nemesis.ts';
import { prepareEnvironment } from './prepared-environment.ts';

/** The begin or the end of an entry. */
interface Step {
  /** Nanoseconds since requests began. */
  readonly nanos: number;
  readonly f: string;
  readonly target: Json;
  readonly act: () => Json;
  /** Its identity as a cause; by default its number among the operations that have begun. */
  readonly label?: number | undefined;
}

type Planned = Pick<PlannedOp, 'f' | 'value' | 'label'>;

/**
 * The active faults, in the order in which they began. The key is the step that ends each; the function describes it.
 */
type Lasting = Map<Step, () => string>;

/**
 * Every step takes effect immediately, so that none delays the next. Entries are independent of each other: two
 * partitions may overlap. The final generator ends faults that are still active at the end.
 */
export function makeScriptedNemesis(
  script: readonly FaultScriptEntry[],
  environment: FaultEnvironment,
): Nemesis {
  const lasting: Lasting = new Map();
  const stepMakers = makeStepMakers(script, environment, lasting);
  const steps = script.flatMap((entry) => stepMakers.get(entry.fault)?.(entry) ?? []);
  steps.sort((a, b) => a.nanos - b.nanos);
  /** Steps whose operations were planned but not carried out yet. */
  const due: Step[] = [];
  const plan = (step: Step): Planned => {
    due.push(step);
    const { f, target: value, label } = step;
    return label === undefined ? { f, value } : { f, value, label };
  };
  return {
    generator: onNemesisThread(timetable(steps, plan)),
    finalGenerator: onNemesisThread(
      repeatedly(() => {
        const [step] = lasting.keys();
        return step === undefined ? undefined : plan(step);
      }),
    ),
    invoke(op, done) {
      const step = due.shift();
      if (step?.f !== op.f) throw new Error(`the fault script has no operation ${op.f} now`);
      done(step.act());
    },
    activeFaults: () => [...lasting.values()].map((words) => words()),
  };
}

type StepMaker = (entry: FaultScriptEntry) => readonly Step[];

/**
 * Returns how to turn an entry into steps, for each fault that the script names. Entries of one fault share its random
 * stream.
 */
function makeStepMakers(
  script: readonly FaultScriptEntry[],
  environment: FaultEnvironment,
  lasting: Lasting,
): ReadonlyMap<string, StepMaker> {
  const kinds = findFaults(
    script.map(({ fault }) => fault),
    environment.ownKinds,
  );
  return new Map(
    kinds.map((kind): [string, StepMaker] => {
      // Each entry has its own target.
      const prepared = prepareEnvironment({ ...environment, targets: undefined }, kind.name);
      if (kind.kind === 'lasting') {
        const fault = kind.prepare(prepared);
        const { strengths } = environment;
        return [kind.name, (entry) => lastingSteps(entry, { fault, strengths, lasting })];
      }
      const change = kind.prepare(prepared);
      return [
        kind.name,
        ({ at, target, labels }) => {
          const { f, begin } = change.script(target);
          const nanos = Math.round(at * NANOS_PER_SECOND);
          return [{ nanos, f, target, act: begin, label: labels?.[0] }];
        },
      ];
    }),
  );
}

interface StepContext {
  readonly fault: Fault;
  /** The strengths of the run; an entry may override them. */
  readonly strengths: FaultStrengths;
  readonly lasting: Lasting;
}

function lastingSteps(entry: FaultScriptEntry, context: StepContext): readonly Step[] {
  const { fault, lasting } = context;
  const { at, target, labels: [label, endLabel] = [] } = entry;
  const { start, stop } = operationsOf(entry.fault);
  const nanos = Math.round(at * NANOS_PER_SECOND);
  let begun: BegunFault | undefined;
  const ending: Step = {
    nanos: nanos + Math.round((entry.for ?? Infinity) * NANOS_PER_SECOND),
    f: stop,
    target,
    label: endLabel,
    act: () => {
      if (begun === undefined) throw new Error(`${entry.fault} ends before it has begun`);
      lasting.delete(ending);
      return begun.undo();
    },
  };
  const beginning: Step = {
    nanos,
    f: start,
    target,
    label,
    act: () => {
      const now = fault.begin(target, { ...context.strengths, ...entry.strengths });
      begun = now;
      lasting.set(ending, () => now.words() ?? `${entry.fault} at no node`);
      return now.value;
    },
  };
  return entry.for === undefined ? [beginning] : [beginning, ending];
}

/** Yields operations at their times, counted from when the generator is first asked. */
function timetable(steps: readonly Step[], plan: (step: Step) => Planned): Generator {
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
