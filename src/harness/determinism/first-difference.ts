/**
 * Where two runs of the same seed diverge: the first event of the journal, or entry of the history, that differs. All
 * later differences may follow from it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { plainLines, statPlain } from '../../files/plain-file.ts';
import type { JournalReader } from '../../network/journal/journal.ts';
import { isJsonObject, parseJson, stringifyJson } from '../../protocol/json.ts';
import { RUN_FILES } from '../../store/layout.ts';
import type { StoredRun } from '../../store/open-run.ts';

/** The entry of a run at some place, indexed by field name; undefined past the end. */
export type Entry = ReadonlyMap<string, string> | undefined;

export interface Difference {
  readonly kind: 'event' | 'operation' | 'results';
  /** Number of the event, index of the entry, or line of the results. */
  readonly at: number;
  /** The earlier of the two times, on the run's clock; undefined for results, which have none. */
  readonly timeNanos?: number;
  readonly entries: readonly [Entry, Entry];
}

/** Returns undefined if nothing differs. */
export function firstDifference(one: StoredRun, other: StoredRun): Difference | undefined {
  const event = firstEvent(one, other);
  const operation = firstLine([one, other], RUN_FILES.historyJsonl, 'operation', operationEntry);
  if (event !== undefined && operation !== undefined)
    return (operation.timeNanos ?? 0) < (event.timeNanos ?? 0) ? operation : event;
  return event ?? operation ?? firstLine([one, other], RUN_FILES.resultsJson, 'results', resultEntry);
}

/** Returns, indexed by node, the first line that differs in its log. */
export function firstLogDifferences(
  one: StoredRun,
  other: StoredRun,
): ReadonlyMap<string, readonly [string | undefined, string | undefined]> {
  const found = new Map<string, readonly [string | undefined, string | undefined]>();
  for (const file of logFiles(one, other)) {
    const [left, right] = [one, other].map(({ path }) => join(path, RUN_FILES.nodeLogs, file));
    const difference = pairwise(linesOf(left), linesOf(right));
    if (difference !== undefined) found.set(file.replace(/\.log$/, ''), difference.values);
  }
  return found;
}

/** Returns no lines for a missing file, since a node that wrote nothing has no log. */
const linesOf = (path = ''): Iterable<string> => (statPlain(path) === undefined ? [] : plainLines(path));

function logFiles(...runs: readonly StoredRun[]): readonly string[] {
  const names = runs.flatMap(({ path }) => readdirSync(join(path, RUN_FILES.nodeLogs)));
  return [...new Set(names)].filter((name) => name.endsWith('.log')).toSorted();
}

function firstEvent(one: StoredRun, other: StoredRun): Difference | undefined {
  const journals = [one.journal(), other.journal()] as const;
  try {
    const [first, second] = journals;
    const count = Math.max(first.eventCount, second.eventCount);
    for (let at = 0; at < count; at++) {
      const entries = [eventEntry(first, at), eventEntry(second, at)] as const;
      if (!isSame(...entries)) return { kind: 'event', at, entries, ...earliest(entries) };
    }
    return undefined;
  } finally {
    for (const journal of journals) journal.close();
  }
}

function eventEntry(journal: JournalReader, at: number): Entry {
  if (at >= journal.eventCount) return undefined;
  const event = journal.event(at);
  const { src, dest, body } = journal.message(event.messageId);
  const entry = new Map([
    ['time', String(event.timeNanos)],
    ['event', event.kind === 'dropped' ? `lost (${event.reason})` : event.kind],
    ['message', String(event.messageId)],
    ['from', src],
    ['to', dest],
  ]);
  // Compared only when sent, since its receivers get the same bytes.
  if (event.kind === 'sent') entry.set('body', body.toString('utf8'));
  return entry;
}

function operationEntry(line: string): Map<string, string> {
  const op = parseJson(line);
  if (!isJsonObject(op)) return new Map([['line', line]]);
  return new Map(Object.entries(op).map(([field, value]) => [field, textOf(field, value)]));
}

const textOf = (field: string, value: unknown): string =>
  typeof value === 'string' && field !== 'value'
    ? value
    : stringifyJson(value as Parameters<typeof stringifyJson>[0]); // it was parsed just now

const resultEntry = (line: string): Map<string, string> => new Map([['line', line.trim()]]);

function firstLine(
  [one, other]: readonly [StoredRun, StoredRun],
  file: string,
  kind: Difference['kind'],
  read: (line: string) => Map<string, string>,
): Difference | undefined {
  const difference = pairwise(plainLines(join(one.path, file)), plainLines(join(other.path, file)));
  if (difference === undefined) return undefined;
  const [left, right] = difference.values;
  const entries = [
    left === undefined ? undefined : read(left),
    right === undefined ? undefined : read(right),
  ] as const;
  return { kind, at: difference.at, entries, ...earliest(entries) };
}

function earliest(entries: readonly [Entry, Entry]): { timeNanos?: number } {
  const times = entries.flatMap((entry) => entry?.get('time') ?? []).map(Number);
  return times.length === 0 ? {} : { timeNanos: Math.min(...times) };
}

function isSame(one: Entry, other: Entry): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && [...one].every(([field, text]) => other.get(field) === text);
}

interface Unequal<Value> {
  readonly at: number;
  readonly values: readonly [Value | undefined, Value | undefined];
}

/** Returns the first position at which two sequences differ. */
function pairwise<Value>(one: Iterable<Value>, other: Iterable<Value>): Unequal<Value> | undefined {
  const [left, right] = [one[Symbol.iterator](), other[Symbol.iterator]()];
  try {
    for (let at = 0; ; at++) {
      const [first, second] = [left.next(), right.next()];
      if (first.done === true && second.done === true) return undefined;
      const values = [
        first.done === true ? undefined : first.value,
        second.done === true ? undefined : second.value,
      ] as const;
      if (values[0] !== values[1]) return { at, values };
    }
  } finally {
    left.return?.();
    right.return?.();
  }
}
