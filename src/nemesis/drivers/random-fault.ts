/** A fault in the form for the random driver: its operations, their order, and how each is carried out. */
import { flipFlop } from '../../generator/choosing.ts';
import type { Generator } from '../../generator/generator.ts';
import { nothing, one, repeatedly } from '../../generator/operations.ts';
import type { Json } from '../../protocol/json.ts';
import type {
  BegunFault,
  ChangeKind,
  FaultEnvironment,
  FaultKind,
  LastingKind,
  PreparedEnvironment,
} from '../fault.ts';
import { operationsOf } from '../fault-operations.ts';
import type { NemesisOp } from '../nemesis.ts';
import { prepareEnvironment } from './prepared-environment.ts';

export interface RandomFault {
  readonly name: string;
  readonly group: string;
  readonly operations: readonly string[];
  /** Its operations in order, without times. */
  readonly steps: Generator;
  readonly finalGenerator: Generator;
  invoke(op: NemesisOp, done: (value: Json) => void): void;
  words(): string | undefined;
}

export function randomFault(kind: FaultKind, environment: FaultEnvironment): RandomFault {
  const prepared = prepareEnvironment(environment, kind.name);
  return kind.kind === 'lasting' ? lasting(kind, prepared) : change(kind, prepared);
}

/** Alternately begins and ends. A fault that begins replaces the previous one. */
function lasting(
  { name, group = name, prepare }: LastingKind,
  environment: PreparedEnvironment,
): RandomFault {
  const fault = prepare(environment);
  const { drawnEnd } = fault;
  const { start, stop } = operationsOf(name);
  const end = drawnEnd.kind === 'undo' ? { f: stop } : { f: stop, value: 'all' };
  let begun: BegunFault | undefined;
  return {
    name,
    group,
    operations: [start, stop],
    steps: flipFlop(
      repeatedly((random) => ({ f: start, value: fault.draw(random) })),
      repeatedly(() => end),
    ),
    finalGenerator: one(end),
    invoke({ f, value }, done) {
      if (drawnEnd.kind === 'undo') begun?.undo();
      begun = undefined;
      if (f === start) {
        begun = fault.begin(value, environment.strengths);
        done(begun.value);
      } else if (drawnEnd.kind === 'undo') {
        done(drawnEnd.value);
      } else {
        drawnEnd.mend(done);
      }
    },
    words: () => begun?.words(),
  };
}

function change({ name, prepare }: ChangeKind, environment: PreparedEnvironment): RandomFault {
  const prepared = prepare(environment);
  return {
    name,
    group: name,
    operations: prepared.operations,
    steps: repeatedly((random) => ({ f: prepared.draw(random) })),
    // A cluster with changed members is not faulty.
    finalGenerator: nothing,
    invoke: ({ f }, done) => prepared.invoke(f, done),
    words: () => prepared.words(),
  };
}
