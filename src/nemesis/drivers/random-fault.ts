/** A fault in the form for the random driver: its operations, their order, and how each is carried out. */
import { flipFlop, mix } from '../../generator/choosing.ts';
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
  const prepared = prepareEnvironment(
    environment.moves === true ? withNextPrimary(environment) : environment,
    kind.name,
  );
  return kind.kind === 'lasting' ? lasting(kind, prepared) : change(kind, prepared);
}

/**
 * A fault that moves on from a primary hits another node, the busiest of the others: the traffic of the one before, by
 * which primaries are found, has not faded yet.
 */
function withNextPrimary(environment: FaultEnvironment): FaultEnvironment {
  const { primaries } = environment;
  if (primaries === undefined) return environment;
  let last: readonly string[] = [];
  return { ...environment, primaries: () => (last = primaries(last)) };
}

/**
 * Alternately begins and ends. A fault that begins replaces the previous one; one that moves mostly begins anew without
 * having ended.
 */
function lasting(
  { name, group = name, prepare }: LastingKind,
  environment: PreparedEnvironment,
): RandomFault {
  const fault = prepare(environment);
  const { drawnEnd } = fault;
  const { start, stop } = operationsOf(name);
  const end = drawnEnd.kind === 'undo' ? { f: stop } : { f: stop, value: 'all' };
  const isMoving = environment.moves === true && drawnEnd.kind === 'undo';
  const starts = repeatedly((random) => ({ f: start, value: fault.draw(random) }));
  const ends = repeatedly(() => end);
  let begun: BegunFault | undefined;
  return {
    name,
    group,
    operations: [start, stop],
    steps: isMoving ? mix(starts, starts, starts, ends) : flipFlop(starts, ends),
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
