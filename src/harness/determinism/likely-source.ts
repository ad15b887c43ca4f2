/**
 * Why two runs of one seed may differ. In the simulation everything that a node is given comes from the seed; what is left
 * is what real time and memory decide, what the language itself shows of the machine, and mistakes of ours.
 */
import { nodeNameProblem } from '../../network/node-name.ts';
import type { Difference } from './first-difference.ts';

export interface ComparedRun {
  /** `nodes` of its results, as they were read back. */
  readonly endedByWatchdog: readonly string[];
}

export interface SourceFacts {
  readonly runs: readonly [ComparedRun, ComparedRun];
  /** By node: the first line of its log that differs. */
  readonly logs: ReadonlyMap<string, readonly [string | undefined, string | undefined]>;
}

/** What the engine says when a limit is reached that depends on the machine, and what the limit is. */
const LIMITS: readonly (readonly [RegExp, string])[] = [
  [
    /Maximum call stack size exceeded/,
    'how deep a recursion goes until the stack is full depends on what V8 has compiled by then',
  ],
  [
    /Array buffer allocation failed|Invalid typed array length/,
    'whether a buffer can be had depends on the memory that is free',
  ],
];

/** One or more sentences. */
export function likelySource(difference: Difference, facts: SourceFacts): string {
  for (const [at, { endedByWatchdog }] of facts.runs.entries()) {
    const [node] = endedByWatchdog;
    if (node !== undefined)
      return (
        `In the ${at === 0 ? 'first' : 'second'} run ${node} was ended for the real time or the memory that it took, ` +
        'on which the seed has no influence. Let it do less in one turn, or keep less.'
      );
  }
  if (difference.kind === 'results')
    return `Both runs have the same messages and operations, and were judged differently. ${OURS}`;
  const node = sourceNode(difference, facts);
  return node === undefined ? `No node did anything different before. ${OURS}` : withinNode(node, facts);
}

/** A message to a node that does not run. */
const GONE = 'lost (gone)';

const OURS = 'That is a mistake of Maelstrom: please report it, with the program and the seed.';

/** The node whose doing differs: it sent something, or is gone, or its log differs where only an operation does. */
function sourceNode({ kind, entries, timeNanos }: Difference, { logs }: SourceFacts): string | undefined {
  if (kind === 'operation') return [...logs.keys()][0];
  // What comes later in one run may well come in the other, too.
  const earliest = entries.filter((entry) => entry?.get('time') === String(timeNanos));
  const names = earliest.flatMap((entry) => {
    if (entry?.get('event') === 'sent') return [entry.get('from') ?? ''];
    return entry?.get('event') === GONE ? [entry.get('to') ?? ''] : [];
  });
  return names.find((name) => nodeNameProblem(name) === undefined);
}

function withinNode(node: string, { logs }: SourceFacts): string {
  const lines = logs.get(node) ?? [];
  const limit = LIMITS.find(([words]) => lines.some((line) => words.test(line ?? '')));
  const given = `Until then ${node} was given the same in both runs: messages, times, random numbers, files.`;
  const what =
    limit === undefined
      ? `What is left is within the program: ${LIMITS.map(([, why]) => why).join('; ')}.`
      : `Its log says what differs: ${limit[1]}.`;
  return `${given} ${what} A program must not let such a limit decide what it answers.`;
}
