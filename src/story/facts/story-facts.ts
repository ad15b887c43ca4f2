/** The facts of a run that its stories use. */
import { faultBands, type FaultBand } from '../../recording/fault-bands.ts';
import { everMembers } from '../../recording/members.ts';
import { kindsOf, type KindOf } from '../../recording/lanes.ts';
import { OpenInvocations } from '../../history/pairing.ts';
import { wrongBeside, type Evidence } from '../../checkers/evidence.ts';
import { delayedMessages } from './delayed-messages.ts';
import { simplestFirst, wrongKeys } from './first-evidence.ts';
import type { StoryRun } from '../story-run.ts';
import { StoryMessages } from './story-messages.ts';
import { StoryOperations } from './story-operations.ts';

export interface StoryFacts {
  readonly run: StoryRun;
  /** All nodes that were ever members. */
  readonly nodes: readonly string[];
  readonly kindOf: KindOf;
  readonly messages: StoryMessages;
  readonly operations: StoryOperations;
  readonly bands: readonly FaultBand[];
  /** The ids of messages that take a time of their own. */
  readonly delayed: ReadonlySet<number>;
}

/** Maximum number of messages that are loaded. */
const MOST_MESSAGES = 200_000;

export function factsOf(run: StoryRun): StoryFacts {
  const { spec, history, clients } = run;
  const nemesis = history.filter(({ process }) => process === 'nemesis');
  const nodes = everMembers(spec.nodes, nemesis);
  const kindOf = kindsOf(nodes, clients);
  const messages = new StoryMessages(
    run.journal,
    { zeroNanos: run.zeroNanos, endNanos: lastNanosOf(run), most: run.mostMessages ?? MOST_MESSAGES },
    (name) => kindOf(name) === 'client',
  );
  return {
    run,
    nodes,
    kindOf,
    messages,
    operations: new StoryOperations(history, clients, messages),
    bands: faultBands(nemesis, spec.nodes),
    delayed: delayedMessages(run),
  };
}

/** Returns the end of the first story if its evidence names operations, else the end of the run. */
function lastNanosOf({ evidence, history, results }: StoryRun): number {
  if (evidence === undefined) return Infinity;
  const isInvalid = results.workload?.['valid?'] === false;
  const named = new Set(isInvalid ? operationsOfFirst(evidence) : operationsBeside(evidence));
  if (named.size === 0) return Infinity;
  const open = new OpenInvocations();
  let last = -Infinity;
  for (const op of history) {
    const number = open.end(op)?.invocation.index ?? op.index;
    if (named.has(number)) last = op.time;
  }
  return last === -Infinity ? Infinity : last;
}

/** Returns the operations of findings that do not depend on the verdict. */
const operationsBeside = (evidence: Evidence): readonly number[] =>
  wrongBeside(evidence).flatMap(({ operations }) => operations);

function operationsOfFirst(evidence: Evidence): readonly number[] {
  switch (evidence.kind) {
    case 'anomalies':
      return simplestFirst(evidence.anomalies)[0]?.simplest.operations ?? [];
    case 'keys':
      return wrongKeys(evidence.keys)
        .slice(0, 1)
        .map(({ impossible }) => impossible.op.index);
    default:
      return [];
  }
}
