/**
 * Reads the summary.json of a hunt for its pages. A store may contain anything, so each field is checked: missing
 * fields and those of another type become empty, and nothing is longer than a page can show.
 */
import type { HuntFault, HuntGroup, HuntView } from '../../recording/hunt-view.ts';
import {
  commandOf,
  fieldsOf,
  items,
  lengthOf,
  numberOf,
  textOf,
  texts,
  type Fields,
} from './stored-fields.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

const RUN_ID = /^[A-Za-z0-9][\w.@+-]{0,200}\/[A-Za-z0-9][\w.@+-]{0,200}$/;

/**
 * Returns undefined if it is not a summary of a hunt, or of a later version. `life` says whether the hunt's process is
 * alive.
 */
export function readSummary(
  name: string,
  text: string,
  life: 'alive' | 'dead' | 'unknown',
): HuntView | undefined {
  const summary = fieldsOf(unlessThrows(() => JSON.parse(text)));
  if (summary['version'] !== 1) return undefined;
  const tally = fieldsOf(summary['tally']);
  const groups = items(summary['failures']).map((group) => readGroup(fieldsOf(group)));
  return {
    name,
    state: summary['end'] === 'running' ? stateOf(life) : groups.length > 0 ? 'found' : 'clean',
    workload: textOf(summary['workload']),
    program: textOf(summary['program']),
    startedAt: textOf(summary['startedAt']),
    seed: textOf(summary['seed']),
    seconds: numberOf(summary['seconds']),
    runs: numberOf(tally['runs']),
    failures: numberOf(tally['failures']),
    kinds: groups.map(({ signature }) => signature.join(', ')).slice(0, 5),
    world: worldOf(summary),
    cpuSeconds: numberOf(summary['cpuSeconds']),
    workers: numberOf(summary['workers']),
    undecided: numberOf(tally['undecided']),
    withoutSuccess: numberOf(tally['withoutSuccess']),
    operations: numberOf(tally['operations']),
    messages: numberOf(tally['messages']),
    virtualSeconds: numberOf(tally['virtualNanos']) / 1e9,
    compared: numberOf(summary['compared']),
    faults: texts(summary['faults']).map((fault) => readFault(fault, fieldsOf(tally['faults']))),
    fates: texts(summary['fates']),
    expected: texts(summary['expected']),
    doubts: items(summary['doubts'])
      .map(fieldsOf)
      .map(({ run, doubt, why, command }) => ({
        run: numberOf(run),
        doubt: textOf(doubt),
        why: textOf(why),
        command: commandOf(command),
      })),
    groups,
    otherFailures: numberOf(summary['otherFailures']),
  };
}

/** Summaries of earlier versions do not name the world, but have a processor time only in the simulated one. */
const worldOf = ({ world, cpuSeconds }: Fields): HuntView['world'] =>
  (world ?? (numberOf(cpuSeconds) === 0 ? 'real' : 'simulated')) === 'real' ? 'real' : 'simulated';

const stateOf = (life: 'alive' | 'dead' | 'unknown'): HuntView['state'] =>
  life === 'alive' ? 'running' : 'unfinished';

function readGroup(group: Fields): HuntGroup {
  const smallest = fieldsOf(group['smallest']);
  const spec = fieldsOf(smallest['spec']);
  const [kept, shrunk] = [textOf(smallest['kept']), textOf(smallest['shrunk'])];
  return {
    signature: texts(group['signature']),
    also: texts(group['also']),
    problem: textOf(group['problem']),
    count: numberOf(group['count']),
    firstRun: numberOf(group['firstRun']),
    run: numberOf(smallest['number']),
    nodes: lengthOf(spec['nodes']),
    operations: numberOf(smallest['operations']),
    messages: numberOf(smallest['messages']),
    faults: texts(spec['nemesis']),
    sentence: textOf(smallest['sentence']),
    command: commandOf(smallest['command']),
    ...(RUN_ID.test(kept) ? { kept } : {}),
    ...(RUN_ID.test(shrunk) ? { shrunk } : {}),
  };
}

function readFault(name: string, faults: Fields): HuntFault {
  const { began, underWay, succeeded } = Object.hasOwn(faults, name) ? fieldsOf(faults[name]) : {};
  return {
    name,
    began: numberOf(began),
    underWay: numberOf(underWay),
    succeeded: numberOf(succeeded),
  };
}
