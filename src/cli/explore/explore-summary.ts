/** The summary of an exploration: what it found, and the bounds within which there is nothing else. */
import type { Bounds, Cell } from '../../explore/cells.ts';
import type { Explored } from '../../explore/explore.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { count } from '../show/count.ts';

export function exploreSummary(explored: Explored, bounds: Bounds): string {
  const words = [outcome(explored, bounds), ...doubts(explored)].join('\n');
  if (!explored.isImpure) return words;
  return (
    `${words}\nThe program changes global objects that outlive its run, so each run needed a fresh realm, which is slower. ` +
    `Does it modify a built-in object, such as Array.prototype?`
  );
}

/** True when no failure was found and nothing was tested. */
export const provesNothing = ({ end, executions, succeeded, unjudged }: Explored): boolean =>
  end !== 'found' && executions > 0 && (succeeded === 0 || unjudged.count === executions);

function doubts(explored: Explored): readonly string[] {
  const { end, executions, succeeded, unjudged, storms } = explored;
  if (end === 'found') return [];
  const vacuous =
    'No operation succeeded in any of them, so nothing was tested. `maelstrom test --simulate` shows how the nodes answer.';
  const { count: number, why = '' } = unjudged;
  const doubt = `${counted(number, 'execution')} could not be checked completely, so ${byCount(number, 'it proves', 'they prove')} little. The first time: ${why}`;
  return [
    ...(executions > 0 && succeeded === 0 ? [vacuous] : []),
    ...(number > 0 ? [doubt] : []),
    ...stormLines(storms),
  ];
}

function stormLines({ count: number, worst }: Explored['storms']): readonly string[] {
  if (worst === undefined) return [];
  const { messages, calm, types } = worst;
  const mostly =
    types.length === 0 ? '' : `, mostly ${types.map((type) => shownText(type, 60)).join(' and ')}`;
  return [
    `In ${counted(number, 'execution')} a deviation set off a message storm: up to ${count(messages)} messages in place of ${count(calm)}${mostly}. ` +
      'Do nodes answer each other without end? Such executions take most of the time.',
  ];
}

function outcome(explored: Explored, bounds: Bounds): string {
  const { executions, counts } = explored;
  const byDeviations = counts.length < 2 ? '' : ` (${counts.join(' + ')}, by the number of deviations)`;
  const made = `${counted(executions, 'execution')}${byDeviations}`;
  switch (explored.end) {
    case 'complete':
      return `Nothing within ${boundsText({ nodes: bounds.mostNodes, ops: bounds.mostOps, deviations: bounds.mostDeviations })}: ${made}, complete.`;
    case 'cut': {
      const { complete, left } = explored;
      const done =
        complete.length === 0 ? 'none, not even the smallest bounds' : complete.map(boundsText).join('; ');
      return `Nothing found: ${made}; stopped at the limit of time or executions. Completed: ${done}. At least ${count(left)} more ${byCount(left, 'remains', 'remain')}.`;
    }
    case 'found': {
      const { deviations, signature } = explored.failure;
      return `Fails with ${counted(deviations.length, 'deviation')}: ${signature.join(', ')} (${made}).`;
    }
  }
}

const boundsText = ({ nodes, ops, deviations }: Pick<Cell, 'nodes' | 'ops' | 'deviations'>): string =>
  `${counted(deviations, 'deviation')} on up to ${counted(nodes, 'node')} with up to ${counted(ops, 'operation')}`;
