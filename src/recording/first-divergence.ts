/**
 * Where two runs of one program diverge: the earliest message or operation that differs. Messages have the same numbers
 * in runs of the same course, so they are compared number by number, and operations likewise.
 *
 * For two simulated runs of one seed, times count as well. Otherwise times always differ, and so usually does the order
 * of messages; then operations are compared, and messages only if no operation differs.
 */
import { isJsonObject, parseJson, stringifyJson } from '../protocol/json.ts';
import { withBodies } from './messages/message-bodies.ts';
import type { MessageColumns } from './messages/message-columns.ts';
import { LOST } from './messages/message-flags.ts';
import { nameMatcher } from './messages/name-matcher.ts';
import type { RunOperations } from './operations/operation-columns.ts';
import type { DivergedSide, Divergence } from './views.ts';

/** The parts of a run that are compared. */
export interface ComparedRun {
  readonly journal: MessageColumns;
  readonly history: RunOperations;
}

export interface DivergenceOptions {
  /** Whether times count. */
  readonly exact: boolean;
  /** What both runs have recorded; what one of them lacks is not compared. */
  readonly parts?: { readonly messages: boolean; readonly operations: boolean };
  /** Maximum number of messages and of operations compared. */
  readonly most?: number;
}

export interface FoundDivergence {
  readonly divergence?: Divergence;
  /** Set if only that many messages and operations were compared. */
  readonly bound?: number;
}

const MOST = 200_000;
/** Maximum number of bytes compared of a body or a line, and of characters shown. */
const COMPARED_BYTES = 64 * 1024;
const SHOWN = 300;

export function firstDivergence(
  runs: readonly [ComparedRun, ComparedRun],
  { exact, parts = { messages: true, operations: true }, most = MOST }: DivergenceOptions,
): FoundDivergence {
  const [one, other] = runs;
  const operation = parts.operations ? firstOperation([one.history, other.history], exact, most) : undefined;
  const isDecided = !exact && operation !== undefined;
  const message =
    isDecided || !parts.messages ? undefined : firstMessage([one.journal, other.journal], exact, most);
  const divergence = earlier(message, operation);
  const largest = Math.max(...runs.flatMap(({ journal, history }) => [journal.messageCount, history.count]));
  return {
    ...(divergence === undefined ? {} : { divergence }),
    ...(largest > most && divergence === undefined ? { bound: most } : {}),
  };
}

function earlier(one: Divergence | undefined, other: Divergence | undefined): Divergence | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  // At the same time, a client's operation comes before its consequences.
  return one.timeNanos < other.timeNanos ? one : other;
}

type Pair<Value> = readonly [Value, Value];

function firstMessage(journals: Pair<MessageColumns>, exact: boolean, most: number): Divergence | undefined {
  const [one, other] = journals;
  const isSameName = nameMatcher(one.names, other.names);
  const count = Math.min(most, Math.max(one.messageCount, other.messageCount));
  return withBodies(one, (readOne) =>
    withBodies(other, (readOther) => {
      const body = [readOne, readOther] as const;
      const textOf = (run: 0 | 1, id: number): string => {
        const { names, src, dest } = journals[run];
        const shown = body[run](id, SHOWN).text;
        return `${names[src[id] ?? -1] ?? '?'} → ${names[dest[id] ?? -1] ?? '?'}  ${shown}`;
      };
      const sideOf = (run: 0 | 1, id: number, end: (columns: MessageColumns) => string): DivergedSide =>
        id < journals[run].messageCount
          ? { text: `${textOf(run, id)}${end(journals[run])}`, number: id }
          : { text: 'no message any more' };
      let best: Divergence | undefined;
      for (let id = 0; id < count; id++) {
        const times = [timeAt(one.sent, id, one.messageCount), timeAt(other.sent, id, other.messageCount)];
        const timeNanos = Math.min(...times);
        if (best !== undefined && timeNanos >= best.timeNanos) return best;
        const isInBoth = id < one.messageCount && id < other.messageCount;
        const isSameSending =
          isInBoth &&
          isSameName(one.src[id] ?? -1, other.src[id] ?? -1) &&
          isSameName(one.dest[id] ?? -1, other.dest[id] ?? -1) &&
          (!exact || times[0] === times[1]) &&
          body[0](id, COMPARED_BYTES).text === body[1](id, COMPARED_BYTES).text;
        if (!isSameSending) {
          const end = (columns: MessageColumns): string =>
            exact && isInBoth ? `, sent at ${secondsText(columns.sent[id] ?? 0)}` : '';
          return { kind: 'message', timeNanos, sides: [sideOf(0, id, end), sideOf(1, id, end)] };
        }
        if (isSameEnd(one, other, id, exact)) continue;
        const ended = Math.min(endTime(one, id), endTime(other, id));
        if (best !== undefined && best.timeNanos <= ended) continue;
        const end = (columns: MessageColumns): string => `, ${endText(columns, id)}`;
        best = { kind: 'message', timeNanos: ended, sides: [sideOf(0, id, end), sideOf(1, id, end)] };
      }
      return best;
    }),
  );
}

const timeAt = (times: Float64Array, at: number, count: number): number =>
  at < count ? (times[at] ?? Infinity) : Infinity;

function isSameEnd(one: MessageColumns, other: MessageColumns, id: number, exact: boolean): boolean {
  const [flags, otherFlags] = [one.flags[id] ?? 0, other.flags[id] ?? 0];
  if (exact) return flags === otherFlags && Object.is(one.end[id], other.end[id]);
  // A message in flight when its run ended was not lost.
  return (flags & LOST) === (otherFlags & LOST);
}

function endTime({ end }: MessageColumns, id: number): number {
  const time = end[id] ?? NaN;
  return Number.isNaN(time) ? Infinity : time;
}

function endText(columns: MessageColumns, id: number): string {
  const time = endTime(columns, id);
  if (time === Infinity) return 'under way to the end';
  return `${((columns.flags[id] ?? 0) & LOST) === 0 ? 'arrived' : 'lost'} at ${secondsText(time)}`;
}

const secondsText = (nanos: number): string => `${(nanos / 1e9).toFixed(6)} s`;

function firstOperation(
  histories: Pair<RunOperations>,
  exact: boolean,
  most: number,
): Divergence | undefined {
  const [one, other] = histories;
  const count = Math.min(most, Math.max(one.count, other.count));
  return one.lines((readOne) =>
    other.lines((readOther) => {
      const read = [readOne, readOther] as const;
      const lineAt = (run: 0 | 1, row: number, column: 'invokeAt' | 'completeAt'): string | undefined => {
        if (row >= histories[run].count) return undefined;
        const at = histories[run].columns[column].at(row);
        return at === -1 ? undefined : read[run](at, COMPARED_BYTES);
      };
      const timeOf = (run: 0 | 1, row: number, column: 'invoked' | 'completed'): number => {
        if (row >= histories[run].count) return Infinity;
        const time = histories[run].columns[column].at(row);
        return Number.isNaN(time) ? Infinity : time;
      };
      const sideOf = (run: 0 | 1, row: number, line: string | undefined, none: string): DivergedSide =>
        row >= histories[run].count
          ? { text: 'no operation any more' }
          : {
              text: line === undefined ? none : entryText(line),
              number: histories[run].columns.index.at(row),
            };
      let best: Divergence | undefined;
      for (let row = 0; row < count; row++) {
        for (const [lineColumn, timeColumn, none] of ENTRIES) {
          const timeNanos = Math.min(timeOf(0, row, timeColumn), timeOf(1, row, timeColumn));
          if (lineColumn === 'invokeAt' && best !== undefined && timeNanos >= best.timeNanos) return best;
          const lines = [lineAt(0, row, lineColumn), lineAt(1, row, lineColumn)] as const;
          if (isSameEntry(...lines, exact) || (best !== undefined && best.timeNanos <= timeNanos)) continue;
          best = {
            kind: 'operation',
            timeNanos,
            sides: [sideOf(0, row, lines[0], none), sideOf(1, row, lines[1], none)],
          };
          // From here on, rows would compare different operations.
          if (lineColumn === 'invokeAt') return best;
        }
      }
      return best;
    }),
  );
}

const ENTRIES = [
  ['invokeAt', 'invoked', 'no invocation'],
  ['completeAt', 'completed', 'did not complete'],
] as const;

function isSameEntry(one: string | undefined, other: string | undefined, exact: boolean): boolean {
  if (exact || one === undefined || other === undefined) return one === other;
  return entryText(one, Infinity) === entryText(other, Infinity);
}

/** Returns an entry of a history without its number and time: `process 1 ok read [1 2]`. */
function entryText(line: string, most = SHOWN): string {
  try {
    const op = parseJson(line);
    if (isJsonObject(op)) {
      const parts = [op['process'], op['type'], op['f'], op['value'], op['error']];
      const words = parts.flatMap((part) =>
        part === undefined ? [] : [typeof part === 'string' ? part : stringifyJson(part)],
      );
      return `process ${words.join(' ')}`.slice(0, most);
    }
  } catch {
    // Longer than what was read.
  }
  return line.replace(/"(?:index|time)":\d+,?/g, '').slice(0, most);
}
