/**
 * Why two runs of one seed may differ. In the simulation all inputs of a node come from the seed; what remains is the
 * influence of real time and memory, properties of the machine that the language itself exposes, and bugs of ours.
 */
import { nodeNameProblem } from '../../network/node-name.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Difference } from './first-difference.ts';

export interface ComparedRun {
  /** `nodes` of its results, as read back. */
  readonly endedByWatchdog: readonly string[];
}

export interface SourceFacts {
  readonly runs: readonly [ComparedRun, ComparedRun];
  /** Indexed by node: the first line of its log that differs. */
  readonly logs: ReadonlyMap<string, readonly [string | undefined, string | undefined]>;
}

export interface Source {
  /** One or more sentences. */
  readonly text: string;
  readonly isCertain: boolean;
}

export function likelySource(difference: Difference, { runs, logs }: SourceFacts): Source {
  for (const [at, { endedByWatchdog }] of runs.entries()) {
    const [node] = endedByWatchdog;
    if (node === undefined) continue;
    const text =
      `In the ${at === 0 ? 'first' : 'second'} run ${node} was stopped because of the real time or memory it took, ` +
      'which the seed does not control. Let it do less in one turn, or keep less in memory.';
    return { text, isCertain: true };
  }
  if (difference.kind === 'results') {
    const text = `Both runs have the same messages and operations, but different verdicts. ${OURS}`;
    return { text, isCertain: true };
  }
  const node = sourceNode(difference, logs);
  if (node === undefined) return { text: `No node behaved differently before. ${OURS}`, isCertain: false };
  const given = `Until then ${node} received the same input in both runs: messages, times, random numbers, files.`;
  return {
    text: `${given} ${logSentence(node, logs)}So the difference comes from within the program.`,
    isCertain: false,
  };
}

function logSentence(node: string, logs: SourceFacts['logs']): string {
  const [line] = (logs.get(node) ?? []).filter((each) => each !== undefined);
  return line === undefined
    ? ''
    : `Its log differs first in a line such as ${shownText(JSON.stringify(line))}. `;
}

/** A message to a node that is not running. */
const GONE = 'lost (gone)';

const OURS = 'This is a bug in Maelstrom: please report it with the program and the seed.';

/**
 * Returns the node that acted differently: it sent something or is gone, or, if only an operation differs, its log
 * differs.
 */
function sourceNode({ kind, entries, timeNanos }: Difference, logs: SourceFacts['logs']): string | undefined {
  if (kind === 'operation') return [...logs.keys()][0];
  // An event that comes later in one run may come in the other, too.
  const earliest = entries.filter((entry) => entry?.get('time') === String(timeNanos));
  const names = earliest.flatMap((entry) => {
    if (entry?.get('event') === 'sent') return [entry.get('from') ?? ''];
    return entry?.get('event') === GONE ? [entry.get('to') ?? ''] : [];
  });
  return names.find((name) => nodeNameProblem(name) === undefined);
}
