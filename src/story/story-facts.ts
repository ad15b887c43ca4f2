/** A run as its story looks at it. */
import { faultBands, type FaultBand } from '../recording/fault-bands.ts';
import { everMembers } from '../recording/members.ts';
import { kindsOf, type KindOf } from '../recording/lanes.ts';
import type { StoryRun } from './story-run.ts';
import { StoryMessages } from './story-messages.ts';
import { StoryOperations } from './story-operations.ts';

export interface StoryFacts {
  readonly run: StoryRun;
  /** All that were ever members. */
  readonly nodes: readonly string[];
  readonly kindOf: KindOf;
  readonly messages: StoryMessages;
  readonly operations: StoryOperations;
  readonly bands: readonly FaultBand[];
}

export function factsOf(run: StoryRun): StoryFacts {
  const { spec, history, clients } = run;
  const nemesis = history.filter(({ process }) => process === 'nemesis');
  const nodes = everMembers(spec.nodes, nemesis);
  const kindOf = kindsOf(nodes, clients);
  const messages = new StoryMessages(run.journal, run.zeroNanos, (name) => kindOf(name) === 'client');
  return {
    run,
    nodes,
    kindOf,
    messages,
    operations: new StoryOperations(history, clients, messages),
    bands: faultBands(nemesis, spec.nodes),
  };
}
