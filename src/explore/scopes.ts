/**
 * Everything that clients may do within small bounds: all words over the alphabet, with each letter at one of the
 * nodes, either concurrent with the previous letter or after it has ended. Letters that begin at once at one node are
 * done by several clients of that node.
 *
 * Nodes are interchangeable: the first letter is at n1, and each new node in a word is the next one. Letters that begin
 * at once have no order, so of the words that differ only in that order one is kept.
 */
import type { Course, ScriptedOp } from '../run/course.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Alphabet, LetterOp } from '../workloads/alphabet.ts';
import type { Pace } from './pace.ts';

/** Between the starts of letters that do not overlap: much longer than a round trip. */
const APART_MS = 200;
/**
 * Simulated time costs only the node timers that fire in it. Where clients have observed the outcome already, final operations find
 * little more, so an election is enough.
 */
const RECOVERY_SECONDS = 2;
/** Maximum number of simultaneous letters whose orders are compared. */
const MOST_ORDERED = 5;

export interface WordPart {
  /** Index of the letter. */
  readonly letter: number;
  /** Index of the node. */
  readonly node: number;
  /** Whether it begins at the same time as the previous one. */
  readonly together: boolean;
}

export type Word = readonly WordPart[];

/** A word, assigned to clients and times. */
export interface Scope {
  readonly nodes: readonly string[];
  /** Number of clients: for each node as many as any node needs at once. */
  readonly concurrency: number;
  readonly course: Course;
  /** Duration of the main phase. */
  readonly seconds: number;
  /** Of the quiet period after it. */
  readonly recoverySeconds: number;
  /** From a cut to the next operation. */
  readonly cutMs: number;
  /** Time since requests began; from then on, clients only observe the outcome of the word. */
  readonly probedNanos: number;
}

/** Yields the words; always the same words in the same order. */
export function* wordsOf(alphabet: Alphabet, length: number, nodes: number): Generator<Word> {
  for (const word of allWords(alphabet.letters.length, length, nodes)) {
    if (!canChangePlaces(word, alphabet) || isFirstOfItsKind(word)) yield word;
  }
}

/** Yields all words, equivalent ones included. */
export function* allWords(letters: number, length: number, nodes: number): Generator<Word> {
  if (length === 0) return yield [];
  for (const before of allWords(letters, length - 1, nodes)) {
    const seen = Math.max(-1, ...before.map(({ node }) => node));
    for (let letter = 0; letter < letters; letter++) {
      for (let node = 0; node <= Math.min(seen + 1, nodes - 1); node++) {
        yield [...before, { letter, node, together: false }];
        if (before.length > 0) yield [...before, { letter, node, together: true }];
      }
    }
  }
}

export function scopeOf(
  word: Word,
  nodeCount: number,
  { letters, probe = [], final }: Alphabet,
  { settlingMs, cutMs }: Pace,
): Scope {
  const ops: ScriptedOp[] = [];
  const add = (thread: number, atMs: number, some: readonly LetterOp[]): void => {
    for (const op of some) ops.push({ label: ops.length, thread, atNanos: atMs * NANOS_PER_MS, ...op });
  };
  let atMs = settlingMs;
  const clients = clientsOf(word);
  for (const [index, { letter, node, together }] of word.entries()) {
    if (index > 0 && !together) atMs += APART_MS;
    add((clients[index] ?? 0) * nodeCount + node, atMs, letters[letter]?.ops(index + 1) ?? []);
  }
  const threads = Array.from({ length: nodeCount }, (_, thread) => thread);
  // Without probes this is long after the word's messages have arrived.
  const probedMs = atMs + (probe.length === 0 ? 2 : 1) * APART_MS;
  for (const thread of threads) add(thread, probedMs, probe);
  const finalOps = threads.flatMap((thread) => final.map((op) => ({ thread, op })));
  // A cut lasts twice as long as the measured election (pace.ts).
  const electionSeconds = cutMs / 2 / 1000;
  return {
    nodes: threads.map((thread) => `n${thread + 1}`),
    concurrency: nodeCount * (1 + Math.max(0, ...clients)),
    course: {
      ops,
      finalOps: finalOps.map(({ thread, op }, at) => ({
        label: ops.length + at,
        thread,
        atNanos: 0,
        ...op,
        final: true,
      })),
      chance: 'calm',
      faults: [],
      healing: [],
      messages: [],
    },
    seconds: (probe.length === 0 ? probedMs : probedMs + APART_MS) / 1000,
    recoverySeconds: probe.length === 0 ? Math.max(RECOVERY_SECONDS, electionSeconds) : electionSeconds,
    cutMs,
    probedNanos: probedMs * NANOS_PER_MS,
  };
}

/**
 * Returns the index of the client for each part. A client does one thing at a time, so each letter that begins at once
 * at one node gets the next client of that node.
 */
function clientsOf(word: Word): readonly number[] {
  let busy = new Map<number, number>();
  return word.map(({ node, together }) => {
    if (!together) busy = new Map();
    const client = busy.get(node) ?? 0;
    busy.set(node, client + 1);
    return client;
  });
}

const canChangePlaces = (word: Word, { letters }: Alphabet): boolean =>
  !word.some(({ letter }) => letters[letter]?.refersToOthers === true);

/** True when no reordering of the simultaneous letters gives a word that sorts before this one. */
function isFirstOfItsKind(word: Word): boolean {
  const text = textOf(word);
  return ordersOf(word).every((order) => text <= textOf(renumbered(order)));
}

/**
 * Returns the words that differ only in the order within groups of simultaneous letters. Groups with two letters at one
 * node keep their order, since it matters which of them arrives first.
 */
function ordersOf(word: Word): readonly Word[] {
  let orders: Word[] = [[]];
  for (let begin = 0; begin < word.length;) {
    const next = word.findIndex(({ together }, at) => at > begin && !together);
    const end = next < 0 ? word.length : next;
    const group = word.slice(begin, end);
    begin = end;
    const isFree =
      group.length <= MOST_ORDERED && new Set(group.map(({ node }) => node)).size === group.length;
    const ways = isFree ? permutations(group) : [group];
    orders = orders.flatMap((before) =>
      ways.map((way) => [...before, ...way.map((part, at) => ({ ...part, together: at > 0 }))]),
    );
  }
  return orders;
}

function permutations(parts: Word): readonly Word[] {
  if (parts.length < 2) return [parts];
  return parts.flatMap((part, at) =>
    permutations([...parts.slice(0, at), ...parts.slice(at + 1)]).map((rest) => [part, ...rest]),
  );
}

/** Renumbers the nodes by first use. */
function renumbered(word: Word): Word {
  const nodes = [...new Set(word.map(({ node }) => node))];
  return word.map((part) => ({ ...part, node: nodes.indexOf(part.node) }));
}

const textOf = (word: Word): string =>
  word.map(({ letter, node, together }) => `${together ? '+' : ' '}${letter},${node}`).join('');
