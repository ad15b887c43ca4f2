/**
 * Invariants over all nodes of a Raft cluster, which must hold at each moment, whatever fails in the network and the
 * nodes:
 *
 *     maelstrom test -w lin-kv --bin examples/raft --simulate --invariant examples/raft/invariants.ts --nemesis kill,partition
 *
 * Election safety: each term has at most one leader. Log matching: logs that agree in the term of an entry agree in all
 * entries before it. Leader completeness: a leader has all that was committed in earlier terms. State machine safety:
 * the entry committed at an index is the same everywhere and at all times. (Figure 3 of the paper.) Two more cover what
 * the paper's figure leaves out: a snapshot ends in a committed entry, and snapshots with the same end have the same
 * content on all nodes; and a configuration differs from the previous one by at most one voter, and the previous one is
 * committed when a leader writes it (thesis, section 4.1). They fail long before a client sees a wrong value, and say
 * at which turn.
 *
 * `sometimes` lists situations in which a Raft may go wrong. A run, or a hunt, reports those that it never reached.
 */
import type { RaftState } from './shown-state.ts';

type States = ReadonlyMap<string, RaftState>;

/** What is asked about the cluster besides the states. */
interface Cluster {
  readonly nodes: readonly string[];
  isCut(from: string, to: string): boolean;
}

/** A committed entry, with the first node that showed it as committed, and that node's term. */
interface Committed {
  readonly entry: string;
  readonly node: string;
  readonly term: number;
}

/** Facts remembered from earlier turns of a run. A run is identified by its map of states. */
interface Memory {
  readonly leaders: Map<number, string>;
  /** Indexed by log index. */
  readonly committed: Map<number, Committed>;
  /** Indexed by the index of their ends: their content, and the first node that had one. */
  readonly snapshots: Map<number, { readonly holds: string; readonly node: string }>;
  readonly seen: Map<string, RaftState>;
}
const memories = new WeakMap<States, Memory>();

// oxlint-disable-next-line import/no-default-export -- it is what --invariant asks for
export default function raftInvariants(states: States): string | undefined {
  let memory = memories.get(states);
  if (memory === undefined) memories.set(states, (memory = emptyMemory()));
  const { seen } = memory;
  for (const [name, state] of states) {
    // Only a changed state can be wrong.
    const before = seen.get(name);
    if (before === state) continue;
    seen.set(name, state);
    const problem =
      (state.role === 'leader' && before?.role !== 'leader' ? wrongLeader(memory, name, state) : undefined) ??
      disagreement(states, name, state) ??
      changed(memory, name, state) ??
      (before?.snapshot.index === state.snapshot.index ? undefined : wrongSnapshot(memory, name, state)) ??
      leap(name, state) ??
      (before === undefined ? undefined : haste(name, before, state));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const emptyMemory = (): Memory => ({
  leaders: new Map(),
  committed: new Map(),
  snapshots: new Map(),
  seen: new Map(),
});

/** Checks a node that begins to lead: whether there is another leader in its term, or it lacks a committed entry. */
function wrongLeader(
  { leaders, committed }: Memory,
  name: string,
  { term, from, entries }: RaftState,
): string | undefined {
  const leader = leaders.get(term) ?? name;
  leaders.set(term, leader);
  if (leader !== name) return `two leaders in term ${term}: ${leader} and ${name}`;
  for (let index = committed.size; index > from; index--) {
    const certain = committed.get(index);
    if (certain === undefined || certain.term >= term || certain.entry === entries[index - from - 1])
      continue;
    return `${name} leads in term ${term} without the entry at index ${index}, which ${certain.node} had committed in term ${certain.term}`;
  }
  return undefined;
}

function changed(
  { committed }: Memory,
  name: string,
  { term, from, entries, commitIndex }: RaftState,
): string | undefined {
  for (const [place, entry] of entries.slice(0, Math.max(0, commitIndex - from)).entries()) {
    const index = from + place + 1;
    const before = committed.get(index);
    if (before === undefined) committed.set(index, { entry, node: name, term });
    else if (before.entry !== entry)
      return `${name} has committed another entry at index ${index} than ${before.node} had`;
  }
  return undefined;
}

function wrongSnapshot(
  { committed, snapshots }: Memory,
  name: string,
  { snapshot, commitIndex }: RaftState,
): string | undefined {
  const { index, term, holds } = snapshot;
  if (index === 0) return undefined;
  const which = `${name} has a snapshot up to index ${index}`;
  if (index > commitIndex) return `${which}, of which it has committed ${commitIndex}`;
  const last = committed.get(index);
  if (last !== undefined && termOf(last.entry) !== String(term))
    return `${which} of term ${term}; the entry there is of term ${termOf(last.entry)}`;
  const first = snapshots.get(index) ?? { holds, node: name };
  snapshots.set(index, first);
  return first.holds === holds ? undefined : `${which} that holds something else than that of ${first.node}`;
}

/**
 * Checks that two successive configurations differ by at most one voter, as otherwise their majorities may not overlap.
 */
function leap(name: string, { configuration, previous }: RaftState): string | undefined {
  const [now, before] = [configuration.voters, previous.voters];
  if (before.length === 0) return undefined;
  const changes = [...now, ...before].filter((voter) => !now.includes(voter) || !before.includes(voter));
  return changes.length < 2
    ? undefined
    : `${name} goes from the voters ${before.join(' ')} to ${now.join(' ')} at once`;
}

function disagreement(states: States, name: string, state: RaftState): string | undefined {
  for (const [other, its] of states) {
    if (other === name) continue;
    const problem = logMismatch(state, its);
    if (problem !== undefined) return `the logs of ${name} and ${other} differ at index ${problem}`;
  }
  return undefined;
}

/** Checks that a leader makes no change of the configuration while the last one is uncommitted. */
function haste(name: string, before: RaftState, now: RaftState): string | undefined {
  if (before.role !== 'leader' || now.role !== 'leader' || before.term !== now.term) return undefined;
  return now.configured > before.configured && before.configured > now.commitIndex
    ? `${name} changes the configuration at index ${now.configured}, while that at index ${before.configured} is not committed`
    : undefined;
}

/** Compares the ends of two logs, which nodes show, from the last entry that both have down to the first. */
function logMismatch(one: RaftState, other: RaftState): string | undefined {
  const first = Math.max(one.from, other.from) + 1;
  const last = Math.min(one.from + one.entries.length, other.from + other.entries.length);
  let mustMatch = false;
  for (let index = last; index >= first; index--) {
    const [mine, its] = [one, other].map(({ from, entries }) => entries[index - from - 1]);
    if (mine === undefined || its === undefined) continue;
    const isSame = mine === its;
    if (!isSame && mustMatch) return `${index}, although they agree in the term of a later entry`;
    if (!isSame && index <= Math.min(one.commitIndex, other.commitIndex))
      return `${index}, which is committed in both`;
    if (!isSame && termOf(mine) === termOf(its)) return `${index}, although they agree in its term`;
    mustMatch ||= isSame;
  }
  return undefined;
}

const termOf = (entry: string): string => entry.slice(0, entry.indexOf(' '));

export const sometimes = {
  'a leader is cut off with an uncommitted entry': (states: States, cluster: Cluster): boolean =>
    leadersOf(states).some(
      ([name, state]) => lastIndexOf(state) > state.commitIndex && isCutOff(name, cluster),
    ),
  'two nodes lead, in different terms': (states: States): boolean => leadersOf(states).length > 1,
  'a leader has an uncommitted entry of an earlier term': (states: States): boolean =>
    leadersOf(states).some(([, { term, commitIndex, from, entries }]) =>
      entries.slice(Math.max(0, commitIndex - from, 1 - from)).some((entry) => Number(termOf(entry)) < term),
    ),
};

const leadersOf = (states: States): readonly [string, RaftState][] =>
  [...states].filter(([, { role }]) => role === 'leader');

const lastIndexOf = ({ from, entries }: RaftState): number => from + entries.length;

/** Whether the node and those that it can communicate with are not a majority. */
function isCutOff(name: string, cluster: Cluster): boolean {
  const { nodes } = cluster;
  const together = nodes.filter((other) => !cluster.isCut(name, other) && !cluster.isCut(other, name));
  return together.length * 2 <= nodes.length;
}
