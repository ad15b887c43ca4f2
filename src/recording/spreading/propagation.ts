/**
 * How the elements of a broadcast or a grow-only set spread: when each node had each element, by which message, and how
 * many messages the nodes needed for that.
 *
 *     c1 ──broadcast 7──▶ n1        n1 has 7 when this arrives,
 *                          n1 ──gossip [6 7]──▶ n2        n2 when this does: n1 had 7 when it sent it;
 *     c4 ◀──read_ok [7]── n3        n3 at the latest when it answers a read with it, however it got it.
 *
 * A node has an element from the first arrival of a message that carries it (carried-elements.ts) and whose sender had
 * it, or from the first read that shows it. One pass over the messages in the order of sending is enough, since
 * everything that had reached a sender was sent before. A node that forgets an element is not noticed here; set-full's
 * verdict does that.
 */
import { Int32Column, Float64Column } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import { parseJson, entriesOf, valueText, type Json } from '../../protocol/json.ts';
import { CarriedElements, messageType, parsedBody } from './carried-elements.ts';
import type { KindOf } from '../lanes.ts';
import { eachTextOfLines } from '../files/line-search.ts';
import { withBodies } from '../messages/message-bodies.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { RECEIVED } from '../messages/message-flags.ts';
import type { RunOperations } from '../operations/operation-columns.ts';
import { OUTCOMES } from '../operations/outcome.ts';
import type {
  Delays,
  ElementLine,
  NodeDelays,
  PathStep,
  PropagationView,
  ServerTraffic,
  SlowElement,
} from './propagation-view.ts';

/** The workloads whose elements spread, with the operation that adds one and the type of the reply to a read. */
const SPREADING = new Map([
  ['broadcast', 'broadcast'],
  ['g-set', 'add'],
]);

export const spreads = (workload: string): boolean => SPREADING.has(workload);

const READ_ANSWER = 'read_ok';

/** Bounds of what is read; messages sent later are left out, as the view then says. */
export interface PropagationBounds {
  readonly bodyBytes: number;
  /** Number of elements times number of endpoints. */
  readonly cells: number;
}

const BOUNDS: PropagationBounds = { bodyBytes: 256 << 20, cells: 3e6 };
const ELEMENT_BYTES = 64 * 1024;
const LONGEST_BODY = 8 << 20;
/** Number of messages from which it is learned which fields carry elements. */
const SAMPLES = 4000;
const SAMPLED_BYTES = 32 * 1024;
const MOST_LINES = 300;
const MOST_SLOW = 50;
const MOST_MISSING = 12;
const MOST_FIELDS_NAMED = 8;
const LONGEST_ELEMENT = 80;
/** Number of parts of the run in which traffic is counted, with several operations each if possible. */
const LEAST_PARTS = 10;
const MOST_PARTS = 120;
const OPERATIONS_A_PART = 10;

export interface PropagationSource {
  readonly workload: string;
  readonly journal: MessageColumns;
  readonly history: RunOperations;
  readonly nodes: readonly string[];
  readonly kindOf: KindOf;
  /** The text of results.json. */
  readonly results: string | undefined;
}

/** Returns undefined for workloads without elements that spread. */
export async function propagationOf(
  source: PropagationSource,
  signal: AbortSignal,
  bounds: PropagationBounds = BOUNDS,
): Promise<PropagationView | undefined> {
  const added = SPREADING.get(source.workload);
  if (added === undefined) return undefined;
  const spread = new Spread(source, bounds);
  spread.readElements(added);
  const ignoredFields = spread.learnFields();
  await spread.followMessages(signal, bounds.bodyBytes);
  return spread.view(ignoredFields);
}

/** When each endpoint had each element, and by which message: a cell for each pair. */
class Spread {
  private readonly carried = new CarriedElements();
  /** Indexed by element. */
  private readonly rows = new Int32Column();
  private readonly invoked = new Float64Column();
  /**
   * Indexed by the number of the name in the journal: its place among the endpoints that can hold elements, -1 for
   * clients.
   */
  private readonly places: Int32Array;
  private readonly holders: readonly string[];
  private times = new Float64Array(0);
  private messages = new Int32Array(0);
  private unreadElements = 0;
  private unreadBodies = 0;
  private untilNanos: number | undefined;

  constructor(
    private readonly source: PropagationSource,
    private readonly bounds: PropagationBounds,
  ) {
    const { journal, nodes, kindOf } = source;
    const services = journal.names.filter(
      (name, number) => !journal.reasonNames.has(number) && kindOf(name) === 'service',
    );
    this.holders = [...new Set([...nodes, ...services])];
    const places = new Map(this.holders.map((name, place) => [name, place]));
    this.places = Int32Array.from(journal.names, (name) => places.get(name) ?? -1);
  }

  readElements(added: string): void {
    const { history } = this.source;
    const { invoked, f, invokeAt } = history.columns;
    const wanted = history.functions.indexOf(added);
    const most = Math.floor(this.bounds.cells / Math.max(1, this.holders.length));
    history.lines((read) => {
      for (let row = 0; row < history.count; row++) {
        if (f.at(row) !== wanted) continue;
        if (this.rows.length >= most) {
          this.untilNanos = invoked.at(row);
          return;
        }
        const element = elementIn(read(invokeAt.at(row), ELEMENT_BYTES));
        if (element === undefined) this.unreadElements++;
        else if (this.carried.numberOf(element) === -1) {
          this.carried.add(element, this.rows.push(row));
          this.invoked.push(invoked.at(row));
        }
      }
    });
    this.times = new Float64Array(this.rows.length * this.holders.length).fill(Infinity);
    this.messages = new Int32Array(this.times.length);
  }

  /** Learns from messages all over the run which fields carry elements; returns those that are not trusted. */
  learnFields(): readonly string[] {
    const { journal } = this.source;
    const step = Math.max(1, Math.ceil(journal.messageCount / SAMPLES));
    if (journal.messageCount > 0)
      withBodies(journal, (read) => {
        for (let id = 0; id < journal.messageCount; id += step) {
          if (this.placeOf(journal.src, id) === -1) continue;
          const { text, bytes } = read(id, SAMPLED_BYTES);
          const body = bytes > SAMPLED_BYTES ? undefined : parsedBody(text);
          const sent = present(journal.sent[id]);
          if (body !== undefined) this.carried.sample(body, (element) => this.invoked.at(element) <= sent);
        }
      });
    return this.carried.decide();
  }

  followMessages(signal: AbortSignal, bodyBytes: number): Promise<void> {
    const { journal } = this.source;
    let length = 0;
    const take = (text: string): 'stop' | void => {
      for (let start = 0; start < text.length;) {
        const stop = text.indexOf('\n', start);
        const end = stop === -1 ? text.length : stop;
        const id = Number.parseInt(text.slice(start + '{"id":'.length, start + 26), 10);
        if (id >= 0 && id < journal.messageCount) {
          const sent = present(journal.sent[id]);
          const isTooMuch = length > bodyBytes;
          if (isTooMuch) this.untilNanos = Math.min(sent, this.untilNanos ?? Infinity);
          if (isTooMuch || sent > (this.untilNanos ?? Infinity)) return 'stop';
          this.takeMessage(id, text, start, end);
        }
        length += end - start;
        start = end + 1;
      }
    };
    return eachTextOfLines(journal.source.bodies, take, signal);
  }

  /** Reads a message whose line is between `start` and `end`. */
  private takeMessage(id: number, text: string, start: number, end: number): void {
    const { journal } = this.source;
    const src = this.placeOf(journal.src, id);
    const dest = this.placeOf(journal.dest, id);
    const isArrival = dest !== -1 && (present(journal.flags[id]) & RECEIVED) !== 0;
    const isAnswer = dest === -1 && src !== -1 && text.slice(start, end).includes(READ_ANSWER);
    if (!isArrival && !isAnswer) return;
    const from = text.indexOf('"body":', start) + '"body":'.length;
    const body = end - from > LONGEST_BODY ? undefined : parsedBody(text.slice(from, end - 1));
    if (body === undefined) {
      this.unreadBodies++;
      return;
    }
    const sent = present(journal.sent[id]);
    if (isAnswer) {
      if (messageType(body) === READ_ANSWER)
        this.carried.eachElement(body, (element) => this.reach(element, src, sent, id));
      return;
    }
    const arrived = present(journal.end[id]);
    this.carried.eachElement(body, (element) => {
      // A client has the elements that it sends.
      const had = src === -1 ? this.invoked.at(element) : this.timeOf(element, src);
      if (had <= sent) this.reach(element, dest, arrived, id);
    });
  }

  private reach(element: number, place: number, time: number, message: number): void {
    const cell = element * this.holders.length + place;
    // Before the element was added, the value means something else.
    if (time >= present(this.times[cell]) || time < this.invoked.at(element)) return;
    this.times[cell] = time;
    this.messages[cell] = message;
  }

  private placeOf(column: Uint32Array, id: number): number {
    return this.places[present(column[id])] ?? -1;
  }

  private timeOf(element: number, place: number): number {
    return present(this.times[element * this.holders.length + place]);
  }

  view(ignoredFields: readonly string[]): PropagationView {
    const { nodes, results } = this.source;
    const until = this.untilNanos ?? Infinity;
    const shown: ReachedElement[] = [];
    let neverSent = 0;
    for (let element = 0; element < this.rows.length; element++) {
      const invoked = this.invoked.at(element);
      if (invoked > until) break;
      const outcome = OUTCOMES[this.source.history.columns.outcome.at(this.rows.at(element))];
      const delays = nodes.map((_, place) => this.timeOf(element, place) - invoked);
      const ranked = Float64Array.from(delays).sort();
      const isThere = ranked.length > 0 && present(ranked[0]) < Infinity;
      if (isThere || outcome === 'ok') shown.push({ element, invoked, delays, ranked });
      else if (outcome !== 'fail') neverSent++;
    }
    const rankOf = (nodesReached: number): Float64Array =>
      Float64Array.from(shown, ({ ranked }) => present(ranked[nodesReached - 1])).sort();
    const half = Math.max(1, Math.ceil(nodes.length / 2));
    const toAll = rankOf(nodes.length);
    const slowest = shown.toSorted((a, b) => bySlowness(a, b)).slice(0, MOST_SLOW);
    return {
      nodes,
      elements: shown.length,
      neverSent,
      reachedAll: toAll.filter((delay) => delay < Infinity).length,
      toHalf: quantiles(rankOf(half)),
      toAll: quantiles(toAll),
      curve: nodes.map((_, at) => {
        const { p50, p95, max } = quantiles(rankOf(at + 1));
        return { nodes: at + 1, p50, p95, max };
      }),
      byNode: nodes.map((node, place) => nodeDelays(node, place, shown)),
      slowest: slowest.map((one) => this.slowElement(one, half)),
      lines: slowestOfEachPart(shown).map((one) => this.lineOf(one, half)),
      traffic: this.traffic(),
      limits: {
        ...(this.untilNanos === undefined ? {} : { untilNanos: this.untilNanos }),
        unreadElements: this.unreadElements,
        unreadBodies: this.unreadBodies,
        ignoredFields: ignoredFields.slice(0, MOST_FIELDS_NAMED),
      },
      ...stableLatencies(results),
    };
  }

  private lineOf({ element, invoked, ranked }: ReachedElement, half: number): ElementLine {
    return {
      index: this.source.history.columns.index.at(this.rows.at(element)),
      invoked,
      half: orNull(present(ranked[half - 1])),
      all: orNull(present(ranked[ranked.length - 1])),
    };
  }

  private slowElement(one: ReachedElement, half: number): SlowElement {
    const { history, nodes } = this.source;
    const missing = nodes.filter((_, place) => one.delays[place] === Infinity);
    const line = history.line(history.columns.invokeAt.at(this.rows.at(one.element)), ELEMENT_BYTES);
    const text = valueText(elementIn(line) ?? null);
    return {
      ...this.lineOf(one, half),
      element: text.length > LONGEST_ELEMENT ? `${text.slice(0, LONGEST_ELEMENT - 1)}…` : text,
      missing: missing.slice(0, MOST_MISSING),
      missingCount: missing.length,
      path: this.pathTo(one),
    };
  }

  /** Traces the path back from the node that it reached last, from message to sender. */
  private pathTo({ element, delays }: ReachedElement): readonly PathStep[] {
    const { journal } = this.source;
    let last = -1;
    for (const [place, delay] of delays.entries())
      if (delay < Infinity && (last === -1 || delay > present(delays[last]))) last = place;
    const steps: PathStep[] = [];
    for (let place = last; place !== -1 && steps.length < this.holders.length;) {
      const message = present(this.messages[element * this.holders.length + place]);
      const src = this.placeOf(journal.src, message);
      // The reply to a read is sent by the node itself.
      const byRead = src === place;
      steps.push({
        from: journal.names[present((byRead ? journal.dest : journal.src)[message])] ?? '?',
        to: this.holders[place] ?? '?',
        message,
        at: this.timeOf(element, place),
        byRead,
      });
      place = byRead ? -1 : src;
    }
    return steps.toReversed();
  }

  private traffic(): ServerTraffic {
    const { journal, history } = this.source;
    const from = Math.min(0, journal.startNanos);
    const to = Math.max(journal.endNanos, history.endNanos, from + 1);
    const size = Math.min(MOST_PARTS, Math.max(LEAST_PARTS, Math.floor(history.count / OPERATIONS_A_PART)));
    const messages = Array.from({ length: size }, () => 0);
    const operations = Array.from({ length: size }, () => 0);
    const count = (parts: number[], time: number): void => {
      const part = Math.min(size - 1, Math.max(0, Math.floor(((time - from) / (to - from)) * size)));
      parts[part] = present(parts[part]) + 1;
    };
    for (let id = 0; id < journal.messageCount; id++)
      if (this.placeOf(journal.src, id) !== -1 && this.placeOf(journal.dest, id) !== -1)
        count(messages, present(journal.sent[id]));
    for (let row = 0; row < history.count; row++) count(operations, history.columns.invoked.at(row));
    return { from, to, messages, operations };
  }
}

interface ReachedElement {
  readonly element: number;
  readonly invoked: number;
  /** Indexed by node; Infinity for nodes that it never reached. */
  readonly delays: readonly number[];
  /** The same delays, sorted ascending. */
  readonly ranked: Float64Array;
}

function elementIn(line: string): Json | undefined {
  try {
    return entriesOf(parseJson(line))?.find(([name]) => name === 'value')?.[1];
  } catch {
    // The line is cut off.
    return undefined;
  }
}

/**
 * Orders by decreasing delay to the last node, then to the one before, and so on; a node that was never reached counts
 * as infinity.
 */
function bySlowness({ ranked: a }: ReachedElement, { ranked: b }: ReachedElement): number {
  for (let at = a.length - 1; at >= 0; at--) {
    const [ours, theirs] = [present(a[at]), present(b[at])];
    if (ours !== theirs) return theirs > ours ? 1 : -1;
  }
  return 0;
}

function slowestOfEachPart(shown: readonly ReachedElement[]): readonly ReachedElement[] {
  if (shown.length <= MOST_LINES) return shown;
  return Array.from({ length: MOST_LINES }, (_, part) => {
    const from = Math.floor((part * shown.length) / MOST_LINES);
    const to = Math.floor(((part + 1) * shown.length) / MOST_LINES);
    let slowest = present(shown[from]);
    for (let at = from + 1; at < to; at++) {
      const next = present(shown[at]);
      if (bySlowness(next, slowest) < 0) slowest = next;
    }
    return slowest;
  });
}

function nodeDelays(node: string, place: number, shown: readonly ReachedElement[]): NodeDelays {
  const delays = Float64Array.from(shown, (one) => present(one.delays[place])).sort();
  const reached = delays.filter((delay) => delay < Infinity);
  return {
    node,
    p50: quantiles(delays).p50,
    max: reached[reached.length - 1] ?? null,
    missing: delays.length - reached.length,
  };
}

/** Expects numbers sorted ascending. */
function quantiles(sorted: Float64Array): Delays {
  const at = (share: number): number | null =>
    sorted.length === 0 ? null : orNull(present(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

const orNull = (time: number): number | null => (time < Infinity ? time : null);

/** Reads them from results of any kind; missing or non-numeric values are left out. */
function stableLatencies(text: string | undefined): Pick<PropagationView, 'stableLatenciesMs'> {
  try {
    const results = parseJson(text ?? 'null');
    const field = (value: Json | undefined, name: string): Json | undefined =>
      entriesOf(value)?.find(([key]) => key === name)?.[1];
    const points = entriesOf(field(field(results, 'workload'), 'stable-latencies')) ?? [];
    const numbers = points.flatMap(([quantile, ms]) => {
      const number = Number(ms);
      return typeof quantile === 'string' && Number.isFinite(number) ? [[quantile, number] as const] : [];
    });
    return numbers.length === 0 ? {} : { stableLatenciesMs: Object.fromEntries(numbers) };
  } catch {
    return {};
  }
}
