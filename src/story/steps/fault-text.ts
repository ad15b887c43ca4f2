/** Faults within a story: selects those that affected its steps, and describes their effects. */
import type { Op } from '../../history/op.ts';
import { MEMBERSHIP, operationsOf } from '../../nemesis/fault-operations.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { shortAbout, type FaultBand } from '../../recording/fault-bands.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { Loss, StoryMessage, StoryMessages } from '../facts/story-messages.ts';
import { moment } from '../text/words.ts';

export interface StoryFault {
  readonly band: FaultBand;
  readonly nodes: readonly string[];
}

/** Faults on the processes of nodes and on their clocks: other nodes do not notice them. */
const ON_NODES: ReadonlySet<string> = new Set(['kill', 'pause', 'skew']);

/** Faults whose only effect is to lose messages. */
const LOSING: ReadonlySet<string> = new Set(['partition', 'one-way', 'loss', 'flap']);

/** A shrunk run with at most this many faults shows all of them. */
const MOST_OF_FEW = 4;

export interface Touched {
  readonly messages: readonly StoryMessage[];
  /** Nodes that take part in the story. */
  readonly nodes: ReadonlySet<string>;
  readonly startNanos: number;
  readonly endNanos: number;
  /** True if the run was shrunk, so that its few faults are all shown. */
  readonly isOfAll: boolean;
  /** Show only the first kill of each node: what it had stored by its restart survives later kills. */
  readonly onlyFirstKill: boolean;
  /** Also show the last kill before the story, whose losses the node may never have recovered. */
  readonly asksForgotten: boolean;
}

/** Returns the faults that lost or duplicated messages of the story, or stopped one of its nodes during it. */
export function faultsOfStory({ bands, nodes }: StoryFacts, touched: Touched): readonly StoryFault[] {
  const killed = new Set<string>();
  const few = touched.isOfAll && bands.length <= MOST_OF_FEW;
  const forgetting = touched.asksForgotten ? lastKillBefore(bands, touched) : undefined;
  return bands.flatMap((band): StoryFault[] => {
    const named = new Set(band.about.split(/[ |;,]+/));
    const hit = nodes.filter((node) => named.has(node));
    const isOfFew = few && band.fromNanos <= touched.endNanos;
    if (!isOfFew && band !== forgetting && !belongs(band, hit, touched)) return [];
    if (band.kind === 'kill') {
      if (touched.onlyFirstKill && hit.every((node) => killed.has(node) || !touched.nodes.has(node)))
        return [];
      for (const node of hit) killed.add(node);
    }
    return [{ band, nodes: hit }];
  });
}

const lastKillBefore = (bands: readonly FaultBand[], { nodes, startNanos }: Touched): FaultBand | undefined =>
  bands.findLast(
    ({ kind, about, toNanos }) =>
      kind === 'kill' &&
      toNanos !== undefined &&
      toNanos < startNanos &&
      about.split(/[ |;,]+/).some((node) => nodes.has(node)),
  );

function belongs(band: FaultBand, hit: readonly string[], touched: Touched): boolean {
  const { fromNanos, toNanos = Infinity, kind } = band;
  const { messages, nodes, startNanos, endNanos } = touched;
  if (fromNanos > endNanos || toNanos < startNanos) return false;
  const isDuring = (nanos: number): boolean => nanos >= fromNanos && nanos <= toNanos;
  if (ON_NODES.has(kind)) return hit.some((node) => nodes.has(node));
  if (kind === MEMBERSHIP) return true;
  if (kind === 'duplicate')
    return messages.some(({ copies, sentNanos }) => copies > 0 && isDuring(sentNanos));
  if (kind === 'slow' || kind === 'reorder')
    return messages.some(
      ({ src, dest, sentNanos }) => isDuring(sentNanos) && (hit.includes(src) || hit.includes(dest)),
    );
  const loses = messages.some(({ losses }) =>
    losses.some((loss) => loss.reason === kind && isDuring(loss.timeNanos)),
  );
  // A user-defined fault may do anything to the nodes that it hits.
  return loses || (!LOSING.has(kind) && hit.some((node) => nodes.has(node)));
}

const LONGEST_ABOUT = 120;

const aboutText = (about: string): string =>
  shownText(about.length > LONGEST_ABOUT ? shortAbout(about) : about, LONGEST_ABOUT);

/** Returns the nodes that a fault hits, in words: `n1, n2 and n3`, or their number if they are many. */
const struck = ({ about }: FaultBand): string =>
  about.length > LONGEST_ABOUT ? aboutText(about) : shownText(inSeries(about.split(' ')), LONGEST_ABOUT);

const isOne = ({ about }: FaultBand): boolean => !about.includes(' ');

export function beginText({ band, nodes }: StoryFault, { run }: StoryFacts): string {
  const { kind, about } = band;
  const where = aboutText(about);
  switch (kind) {
    case 'kill':
      return `${struck(band)} ${isOne(band) ? 'is' : 'are'} killed`;
    case 'pause':
      return `${struck(band)} ${isOne(band) ? 'is' : 'are'} paused`;
    case 'partition':
      return `A partition begins: ${where}`;
    case 'one-way':
      return `A one-way cut begins: ${where}`;
    case MEMBERSHIP:
      return `The cluster changes: ${where === '' ? 'its first members again' : where}`;
    case 'skew':
      return nodes.length === 1
        ? `The clock of ${skewedNodes(run.history, band, nodes)} is set wrong`
        : `The clocks of ${skewedNodes(run.history, band, nodes)} are set wrong`;
    default:
      return `The fault ${shownText(kind, 40)} begins${where === '' ? '' : ` at ${where}`}`;
  }
}

/** Maximum number of nodes whose clocks are described. */
const MOST_CLOCKS = 6;

/** Returns `n1 (+1234ms) and n2 (-20ms +1.5%)`. */
function skewedNodes(history: readonly Op[], { fromNanos }: FaultBand, nodes: readonly string[]): string {
  const { start } = operationsOf('skew');
  const skews = history.find(
    ({ process, f, time, value }) =>
      process === 'nemesis' && f === start && time >= fromNanos && isJsonObject(value),
  )?.value;
  const named = nodes.slice(0, MOST_CLOCKS).map((node) => {
    const skew = isJsonObject(skews) ? skews[node] : undefined;
    return typeof skew === 'string' ? `${node} (${shownText(skew, 40)})` : node;
  });
  const others = nodes.length - named.length;
  return inSeries(others === 0 ? named : [...named, `${others} more`]);
}

/** Returns undefined if the fault's end is not an event. `messages` are used to say what is not sent again after a restart. */
export function endText(
  { band, nodes }: StoryFault,
  messages: StoryMessages | undefined,
): string | undefined {
  const { kind, fromNanos } = band;
  switch (kind) {
    case 'kill':
      return (
        `${struck(band)} ${isOne(band) ? 'restarts with only what it' : 'restart with only what they'} had stored` +
        (messages !== undefined && hadTopology(messages, nodes, fromNanos)
          ? '; the topology is not sent again'
          : '')
      );
    case 'pause':
      return `${struck(band)} ${isOne(band) ? 'resumes' : 'resume'}`;
    case MEMBERSHIP:
      return undefined;
    case 'partition':
      return `The partition${whichPartition(band)} heals`;
    case 'skew':
      return 'All clocks are correct again';
    default:
      return `The fault ${shownText(kind, 40)} ends`;
  }
}

/** True if a node had received `topology`, which is sent once: a restarted node is sent only `init`. */
const hadTopology = (messages: StoryMessages, nodes: readonly string[], untilNanos: number): boolean =>
  messages.all.some(
    ({ id, dest, arrivals: [arrived = Infinity] }) =>
      arrived <= untilNanos && nodes.includes(dest) && messages.typeOf(id) === 'topology',
  );

/** Maximum length of a partition's text at its end; a longer one is named by the time at which it began. */
const MOST_NAMES = 40;

const whichPartition = ({ about, fromNanos }: FaultBand): string =>
  about.length > MOST_NAMES
    ? ` of ${moment(fromNanos)}`
    : about === ''
      ? ''
      : about.includes(' hear')
        ? ` (${shownText(about, MOST_NAMES)})`
        : ` ${shownText(about, MOST_NAMES)}`;

/** Returns the fault that caused a loss, if one did. */
const faultBehind = ({ bands }: StoryFacts, { reason, timeNanos }: Loss): FaultBand | undefined =>
  bands.find(
    ({ kind, fromNanos, toNanos = Infinity }) =>
      kind === reason && fromNanos <= timeNanos && timeNanos <= toNanos,
  );

/** Returns the reason for a loss as words after `was lost`: `in the partition that began at 3.200 s`. */
export function lostHow(facts: StoryFacts, loss: Loss, dest: string): string {
  const band = faultBehind(facts, loss);
  const since = band === undefined ? '' : ` that began at ${moment(band.fromNanos)}`;
  switch (loss.reason) {
    case 'partition':
      return `in the partition${since}`;
    case 'one-way':
      return `in the one-way cut${since}`;
    case 'loss':
      return band === undefined ? '' : `by the fault loss${since}`;
    case 'flap':
      return 'on a link that was down';
    case 'gone':
      return `since ${dest} was not running`;
    case 'not read':
      return `since ${dest} did not read it`;
    case 'too much in flight':
      return 'since too much was in flight';
    default:
      return '';
  }
}

/** Returns the reason for a loss as a clause: `the partition n1 | n2 drops it`. */
export function lossText(facts: StoryFacts, loss: Loss, dest: string): string {
  const { reason } = loss;
  const band = faultBehind(facts, loss);
  const about = band === undefined || band.about === '' ? '' : ` ${aboutText(band.about)}`;
  switch (reason) {
    case 'partition':
      return `the partition${band === undefined ? '' : whichPartition(band)} drops it`;
    case 'one-way':
      return `the one-way cut (${about.trim()}) drops it`;
    case 'loss':
      return 'it is lost';
    case 'flap':
      return 'the link is down and loses it';
    case 'gone':
      return `${dest} is not running`;
    case 'not read':
      return `${dest} does not read it`;
    case 'too much in flight':
      return 'too much is in flight, and it is dropped';
    default:
      return `it is lost (${shownText(reason, 60)})`;
  }
}
