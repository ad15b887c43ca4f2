/** The state that a node shows after each turn, for invariants over all nodes (invariants.ts). */
import { type Json, stringify } from 'maelstrom/node';
import type { Configuration } from './configuration.ts';
import type { DurableState } from './durable-state.ts';
import { type Entry, latestConfiguration } from './log.ts';
import type { Snapshot } from './snapshot.ts';

/** The number of log entries shown: logs disagree at their ends first. */
const SHOWN = 10;

export type Role = 'follower' | 'candidate' | 'leader';

export type RaftState = {
  readonly term: number;
  readonly role: Role;
  readonly vote: string | null;
  readonly commitIndex: number;
  /** The entries after index `from`, each with its term and content. */
  readonly from: number;
  readonly entries: readonly string[];
  /** The index and the term of its end, and a digest of its content. */
  readonly snapshot: { readonly index: number; readonly term: number; readonly holds: string };
  /** The index of the last configuration in the log, that configuration, and the previous one. */
  readonly configured: number;
  readonly configuration: Configuration;
  readonly previous: Configuration;
};

/** Caches the texts of entries and snapshots, because a node's state is read after each message. */
const texts = new WeakMap<object, string>();

export function shownLog<Command extends Json>(
  state: DurableState<Command>,
): Omit<RaftState, 'role' | 'commitIndex'> {
  const { log, snapshot, term, vote = null } = state;
  const { index: configured, configuration } = state.configured;
  const previous = latestConfiguration(log.after(0), configured - 1) ?? snapshot.configured;
  const from = Math.max(log.start.index, log.lastIndex - SHOWN);
  return {
    term,
    vote,
    from,
    entries: log.after(from).map((entry) => textOf(entry, shownEntry)),
    snapshot: {
      index: snapshot.lastIncludedIndex,
      term: snapshot.lastIncludedTerm,
      holds: textOf(snapshot, summaryOf),
    },
    configured,
    configuration,
    previous: previous.configuration,
  };
}

function textOf<Thing extends object>(thing: Thing, write: (thing: Thing) => string): string {
  const text = texts.get(thing) ?? write(thing);
  texts.set(thing, text);
  return text;
}

/** Returns `2 c4 7 write 0 3`: the term, and the content without field names, which are always the same. */
const shownEntry = ({ term, command, configuration }: Entry): string =>
  `${term} ${plain(command ?? configuration ?? null)}`;

function plain(value: Json | undefined): string {
  if (Array.isArray(value)) return `(${value.map((part) => plain(part)).join(' ')})`;
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map((part) => plain(part))
      .join(' ');
  return typeof value === 'string' && /^[\w.-]+$/.test(value) ? value : stringify(value ?? null);
}

/** Returns a hash of the snapshot's content. */
function summaryOf({ configured, state }: Snapshot): string {
  const text = stringify([configured, state]);
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash.toString(36);
}
