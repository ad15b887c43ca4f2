/**
 * Faults of the processes of nodes, after the db package of jepsen.nemesis.combined: alternately hits some nodes and
 * repairs all.
 */
import type { Json } from '../../protocol/json.ts';
import { chooseNodes, membersOf } from '../choose-nodes.ts';
import type { FaultKind } from '../fault.ts';
import { mendNodes, type NodeActionResults } from './mend-nodes.ts';
import type { NodeControl, NodeActionResult } from '../node-control.ts';
import { NODE_TARGET } from '../script-target.ts';
import { DEFAULT_TARGETS, targetsThatHit, type TargetSpec } from '../targets.ts';

/** What is done to a node, and how it is undone. */
interface ProcessFault {
  readonly name: string;
  readonly about: string;
  readonly hit: (control: NodeControl, node: string) => NodeActionResult;
  readonly mend: (control: NodeControl, node: string, done: (result: NodeActionResult) => void) => void;
}

export const killFault: FaultKind = processFault({
  name: 'kill',
  about:
    'Kills nodes (SIGKILL), and later restarts all nodes that are down. A node loses its memory and the messages in flight to it, but keeps its name and its files. It receives `init` again.',
  hit: (control, node) => control.kill(node),
  mend: (control, node, done) => control.start(node, done),
});

export const pauseFault: FaultKind = processFault({
  name: 'pause',
  about:
    'Pauses nodes (SIGSTOP) and later resumes all of them (SIGCONT), like a long garbage collection or a suspended machine. Messages to a paused node wait; its own clock continues.',
  hit: (control, node) => control.pause(node),
  mend: (control, node, done) => done(control.resume(node)),
});

/** Both operations complete with a map from each affected node to what was done. */
function processFault({ name, about, hit, mend }: ProcessFault): FaultKind {
  return {
    kind: 'lasting',
    name,
    about,
    scriptTarget: NODE_TARGET,
    group: 'processes',
    prepare(environment) {
      const { control, nodes } = environment;
      const targets = environment.targets ?? targetsThatHit(DEFAULT_TARGETS, nodes.length);
      /** The nodes that were hit and not repaired since. */
      const down = new Set<string>();
      const mendEach = (chosen: readonly string[], done: (value: Json) => void): NodeActionResults =>
        mendNodes(chosen, done, (node, mended) => {
          down.delete(node);
          mend(control, node, mended);
        });
      return {
        draw: (random) => random.pick(targets),
        begin(target) {
          // Drawn above, or checked against NODE_TARGET.
          const chosen = chooseNodes(target as TargetSpec, environment);
          const results = chosen.map((node): [string, NodeActionResult] => [node, hit(control, node)]);
          for (const [node, result] of results)
            if (result === 'killed' || result === 'paused') down.add(node);
          return {
            value: Object.fromEntries(results),
            words() {
              const still = chosen.filter((node) => down.has(node));
              return still.length === 0 ? undefined : `${name} ${still.join(' ')}`;
            },
            undo() {
              // Does not wait until a node has started; a failure to start is recorded separately.
              const soFar = mendEach(chosen, () => undefined);
              return Object.fromEntries(chosen.map((node) => [node, soFar.get(node) ?? 'starting']));
            },
          };
        },
        drawnEnd: { kind: 'mend-all', mend: (done) => void mendEach(membersOf(environment), done) },
      };
    },
  };
}
