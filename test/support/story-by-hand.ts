/** Hand-made runs for tests of stories: the messages, the history, and the evidence of what is wrong. */
import type { Evidence } from '../../src/checkers/evidence.ts';
import { ClientBook } from '../../src/history/client-book.ts';
import type { Op } from '../../src/history/op.ts';
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import type { Origin } from '../../src/world/cause.ts';
import { MemoryJournal } from '../../src/network/journal/memory-journal.ts';
import type { TestResults } from '../../src/run/verdict/test-results.ts';
import { makeStory } from '../../src/story/make-story.ts';
import type { StoryRun } from '../../src/story/story-run.ts';
import type { Story } from '../../src/recording/story.ts';

export const SECOND = 1e9;

export interface Sent {
  readonly at: number;
  readonly src: string;
  readonly dest: string;
  readonly body: string;
  /** Where it is undefined, it is lost. */
  readonly arrives?: number | undefined;
  readonly reason?: string;
  /** What it follows from; undefined where that is not known. */
  readonly origin?: Origin;
}

export function journalOf(sent: readonly Sent[]): MemoryJournal {
  const journal = new MemoryJournal();
  for (const [id, { at, src, dest, body, arrives, reason = 'loss', origin }] of sent.entries()) {
    const packet = { id, src, dest, body: Buffer.from(body), cause: undefined, origin };
    journal.sent(at * SECOND, packet);
    if (arrives === undefined) journal.dropped(at * SECOND, packet, reason);
    else journal.received(arrives * SECOND, packet);
  }
  return journal;
}

export type Entry = readonly [
  seconds: number,
  type: Op['type'],
  process: number,
  f: string,
  value: Op['value'],
];

export const opsOf = (entries: readonly Entry[]): readonly Op[] =>
  entries.map(([seconds, type, process, f, value], index) => ({
    index,
    time: seconds * SECOND,
    type,
    process,
    f,
    value,
  }));

export const ADD_AND_READ = opsOf([
  [0, 'invoke', 0, 'broadcast', 7],
  [0.2, 'ok', 0, 'broadcast', 7],
  [1, 'invoke', 1, 'read', null],
  [1.1, 'ok', 1, 'read', [3]],
]);

export const LOST: Evidence = { kind: 'elements', elements: [{ element: 7, fate: 'lost' }] };

export function runOf(
  sent: readonly Sent[],
  {
    history = ADD_AND_READ,
    evidence = LOST,
    results = { 'valid?': false, workload: { 'valid?': false } },
  }: { history?: readonly Op[]; evidence?: Evidence | undefined; results?: object } = {},
): StoryRun {
  const clients = new ClientBook();
  clients.add({ name: 'c0', process: null, node: 'n1', time: -1 });
  clients.add({ name: 'c1', process: 0, node: 'n1', time: 0 });
  clients.add({ name: 'c2', process: 1, node: 'n2', time: 0 });
  return {
    spec: completeSpec({
      workload: 'broadcast',
      bin: '/node.ts',
      world: 'real',
      seed: '1',
      nodes: ['n1', 'n2'],
    }),
    history,
    journal: journalOf(sent),
    zeroNanos: 0,
    clients,
    // Results are read back from JSON, and have these parts only.
    results: results as TestResults,
    evidence,
  };
}

/** As if it had been made small: along a course. */
export const madeSmall = (run: StoryRun): StoryRun => ({
  ...run,
  spec: { ...run.spec, course: { ops: [], finalOps: [], chance: 'calm', messages: [] } },
});

export const gossip = (body: string): readonly Sent[] => [
  { at: 0, src: 'c1', dest: 'n1', body: '{"type":"broadcast","message":7,"msg_id":1}', arrives: 0.001 },
  { at: 0.1, src: 'n1', dest: 'n2', body },
  { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"broadcast_ok","in_reply_to":1}', arrives: 0.2 },
  { at: 1, src: 'c2', dest: 'n2', body: '{"type":"read","msg_id":1}', arrives: 1 },
  { at: 1.1, src: 'n2', dest: 'c2', body: '{"type":"read_ok","messages":[3],"in_reply_to":1}', arrives: 1.1 },
];

export function storyOf(run: StoryRun): Story {
  const story = makeStory(run);
  if (story === undefined) throw new Error('there is no story');
  return story;
}

/** Returns the sentences of a story, without the numbers of steps that they name. */
export const sentencesOf = (run: StoryRun): readonly string[] =>
  storyOf(run).steps.map(({ text }) => withoutNumbers(text));

export const withoutNumbers = (text: string): string => text.replaceAll(/\s\(step \d+\)/g, '');

export const lossOf = (body: string): string =>
  storyOf(runOf(gossip(body))).steps.find(({ kind }) => kind === 'lost')?.text ?? '';

/** The evidence that the last operation, on key 0, was impossible when the register held `model`. */
export const wrongAtEnd = (history: readonly Op[], model: Op['value']): Evidence => ({
  kind: 'keys',
  keys: history.slice(-1).map((op) => ({
    key: '0',
    result: { 'valid?': false },
    impossible: { op, configs: [{ model, pending: [] }], contradictions: [] },
  })),
});
