/** Elements of a set that are lost, late, unexpected or listed twice. */
import { formOf, otherFormOf } from '../../checkers/other-form.ts';
import { MISSING_AT_END, type SuspectElement } from '../../checkers/evidence.ts';
import { elementsOf, jsonEquals, type Json, type JsonObject } from '../../protocol/json.ts';
import { counted, byCount } from '../../protocol/count-text.ts';
import { elementFile } from '../../report/findings/evidence-files.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { ElementPlaces } from '../selection/values/element-places.ts';
import { atNode, brief, duration } from '../text/words.ts';

const TITLES: Readonly<Record<SuspectElement['fate'], string>> = {
  lost: 'is lost',
  phantom: 'was read, but never added',
  repeated: 'is listed more than once in a read',
  'never-read': 'was acknowledged, but no read ever shows it',
  stale: 'was missing from a read after it was known',
  [MISSING_AT_END]: 'is missing from a read at the end',
};

/** Findings of a valid run. */
export const missingAtEndFindings = (
  facts: StoryFacts,
  suspects: readonly SuspectElement[],
): Iterable<Finding> =>
  elementFindings(
    facts,
    suspects.filter(({ fate }) => fate === MISSING_AT_END),
  );

/** One finding per fate. */
export function* elementFindings(
  facts: StoryFacts,
  suspects: readonly SuspectElement[],
  total?: number,
): Generator<Finding> {
  const fates = new Set<SuspectElement['fate']>();
  for (const suspect of suspects) {
    if (fates.has(suspect.fate)) continue;
    // The first story also mentions the other fates.
    yield elementFinding(
      facts,
      suspect,
      fates.size === 0
        ? { suspects, total }
        : { suspects: suspects.filter(({ fate }) => fate === suspect.fate), total: undefined },
    );
    fates.add(suspect.fate);
  }
}

interface AllSuspects {
  /** The first ones. */
  readonly suspects: readonly SuspectElement[];
  /** How many exist; undefined if that is not known. */
  readonly total: number | undefined;
}

function elementFinding(facts: StoryFacts, suspect: SuspectElement, all: AllSuspects): Finding {
  const { element, fate } = suspect;
  const meant = fate === 'phantom' ? otherFormOf(element, addedIn(facts)) : undefined;
  const add = addOf(facts, meant ?? element);
  const reads = readsOf(facts);
  const wrong = wrongRead(facts, suspect, { add, reads });
  const shown = shownBefore(reads, element, wrong);
  return {
    title: `Element ${brief(element)} ${TITLES[fate]}`,
    // The report of a valid run has no such picture.
    ...(fate === MISSING_AT_END ? {} : { evidence: elementFile(suspect) }),
    verdict: [
      verdictOf(suspect, {
        add,
        wrong,
        shown,
        meant,
        hasCome: fate === MISSING_AT_END && hasCome(facts, element, { add, wrong }),
      }),
    ],
    operations: [add, fate in ENDS ? shown : undefined, wrong].flatMap((one) =>
      one === undefined ? [] : [one.number],
    ),
    wrong: wrong?.number,
    values: [[element]],
    ...(fate === 'phantom' || fate === 'repeated' ? {} : { lacks: element }),
    reach: 'value',
    more: othersText(suspect, all),
  };
}

function othersText(suspect: SuspectElement, { suspects, total }: AllSuspects): string | undefined {
  const named = suspects
    .filter((one) => one !== suspect)
    .map(({ element, fate }) => `${brief(element)} (${fate.replace('-', ' ')})`);
  const unnamed = (total ?? suspects.length) - 1 - named.length;
  if (total === undefined)
    return named.length === 0 ? undefined : `Wrong as well: ${named.join(', ')}, and perhaps others.`;
  const others = named.length + unnamed;
  if (others === 0) return undefined;
  const list = inSeries(unnamed === 0 ? named : [...named, `${unnamed} more`]);
  return `${counted(others, 'more element')} ${byCount(others, 'is', 'are')} wrong${named.length === 0 ? '' : `: ${list}`}.`;
}

const addedIn = ({ operations }: StoryFacts): readonly Json[] =>
  operations.all.flatMap(({ invocation: { f, value } }) => (f === 'read' ? [] : [value]));

/** Returns the last acknowledged add of the element, or else the last add. */
function addOf({ operations }: StoryFacts, element: Json): StoryOperation | undefined {
  const adds = operations.all.filter(
    ({ invocation }) => invocation.f !== 'read' && jsonEquals(invocation.value, element),
  );
  return adds.findLast(({ completion }) => completion?.type === 'ok') ?? adds.at(-1);
}

const readsOf = ({ operations }: StoryFacts): readonly StoryOperation[] =>
  operations.all.filter(({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok');

const countIn = ({ completion }: StoryOperation, element: Json): number =>
  (elementsOf(completion?.value) ?? []).filter((item) => jsonEquals(item, element)).length;

interface Around {
  readonly add: StoryOperation | undefined;
  readonly reads: readonly StoryOperation[];
}

function wrongRead(
  facts: StoryFacts,
  { element, fate, operations = [] }: SuspectElement,
  { add, reads }: Around,
): StoryOperation | undefined {
  switch (fate) {
    case 'phantom':
      return reads.find((read) => countIn(read, element) > 0);
    case 'repeated':
      return reads.find((read) => countIn(read, element) > 1);
    case 'lost':
    case 'never-read':
    case MISSING_AT_END:
    case 'stale': {
      const knownNanos = add === undefined ? -Infinity : endOf(add);
      const lacking = reads.filter(
        (read) => read.invocation.time >= knownNanos && countIn(read, element) === 0,
      );
      const forgotten = add === undefined ? undefined : readAfterForgetting(reads, element, add);
      if (forgotten !== undefined && fate === 'lost') return forgotten;
      // The most telling read is one at a node to which the element was sent in vain, or the first final one.
      const final = lacking.filter(({ invocation, completion }) => (completion ?? invocation).final === true);
      const candidates = fate === 'stale' || final.length === 0 ? lacking : final;
      const named = candidates.find((read) => operations.includes(read.invocation.index));
      return (
        candidates.find((read) => wasLostOnItsWay(facts, element, read.node)) ??
        candidates.find((read) => cameInVain(facts, element, read, { reads, from: add?.node })) ??
        candidates.find((read) => cameInVain(facts, element, read, { reads })) ??
        named ??
        candidates[0]
      );
    }
  }
}

/**
 * Returns the first read at the node that acknowledged the element from which on no read there shows it: the node itself lost
 * it, so that how it was passed on explains nothing.
 */
function readAfterForgetting(
  reads: readonly StoryOperation[],
  element: Json,
  { node, completion, ...add }: StoryOperation,
): StoryOperation | undefined {
  if (node === undefined || completion?.type !== 'ok') return undefined;
  const known = endOf({ ...add, node, completion });
  const own = reads.filter((read) => read.node === node && read.invocation.time >= known);
  return own[own.findLastIndex((read) => countIn(read, element) > 0) + 1];
}

function wasLostOnItsWay({ messages }: StoryFacts, element: Json, node: string | undefined): boolean {
  return messages.all.some(
    ({ id, dest, losses, arrivals }) =>
      dest === node && losses.length > 0 && arrivals.length === 0 && shows(messages.bodyOf(id), element),
  );
}

/**
 * True if another node sent the element to the one that answered the read, which never showed it all the same. `from` is the node
 * that sent it; by default any.
 */
function cameInVain(
  { messages, kindOf }: StoryFacts,
  element: Json,
  { node, invocation }: StoryOperation,
  { reads, from }: { readonly reads: readonly StoryOperation[]; readonly from?: string | undefined },
): boolean {
  const isSent = messages.all.some(
    ({ id, src, dest, arrivals: [arrived = Infinity] }) =>
      dest === node &&
      arrived <= invocation.time &&
      (from === undefined ? kindOf(src) === 'node' : src === from) &&
      shows(messages.bodyOf(id), element),
  );
  return isSent && !reads.some((read) => read.node === node && countIn(read, element) > 0);
}

/** True if a field of the body, other than the numbers of messages, is the element or a list of it. */
const shows = ({ msg_id: _number, in_reply_to: _answered, ...body }: JsonObject, element: Json): boolean =>
  Object.values(body).some(
    (value) =>
      jsonEquals(value, element) || elementsOf(value)?.some((item) => jsonEquals(item, element)) === true,
  );

/** Returns the last read before the wrong one that contains the element. */
const shownBefore = (
  reads: readonly StoryOperation[],
  element: Json,
  wrong: StoryOperation | undefined,
): StoryOperation | undefined =>
  wrong === undefined
    ? undefined
    : reads.findLast((read) => endOf(read) <= wrong.invocation.time && countIn(read, element) > 0);

interface Involved {
  readonly add: StoryOperation | undefined;
  readonly wrong: StoryOperation | undefined;
  readonly shown: StoryOperation | undefined;
  /** What was added, if an element that was not is another form of it. */
  readonly meant: Json | undefined;
  /** Whether the node that answered the wrong read had got the element; known only for one missing at the end. */
  readonly hasCome: boolean;
}

function verdictOf(
  { element, fate }: SuspectElement,
  { add, wrong, shown, meant, hasCome: came }: Involved,
): string {
  const name = brief(element);
  const read = wrong === undefined ? 'a read' : `${wrong.client}'s read${atNode(wrong.node)}`;
  switch (fate) {
    case 'phantom':
      return `${read} shows ${name}, which no client added${meantText(element, meant)}.`;
    case 'repeated':
      return `${read} lists ${name} ${wrong === undefined ? 'more than once' : counted(countIn(wrong, element), 'time')}.`;
    case 'never-read':
      return `${name} was acknowledged${by(add)}, but no read shows it, up to the last${wrong === undefined ? ' at any node' : atNode(wrong.node)}${insteadText(element, wrong)}.`;
    case 'lost':
    case MISSING_AT_END:
    case 'stale':
      return `${read} lacks ${name}${knownText(add, shown, wrong)}: ${name} ${came ? CAME : ENDS[fate]}${insteadText(element, wrong)}.`;
  }
}

/** If the read shows the element as another type, which is another value. */
function insteadText(element: Json, wrong: StoryOperation | undefined): string {
  const shown = otherFormOf(element, elementsOf(wrong?.completion?.value) ?? []);
  if (shown === undefined) return '';
  return `. The read shows ${brief(shown)}, which is ${brief(element)} as ${formOf(shown, element)}: a different value`;
}

const meantText = (element: Json, meant: Json | undefined): string =>
  meant === undefined ? '' : `: it is ${brief(meant)} as ${formOf(element, meant)}, a different value`;

const ENDS = {
  lost: 'is lost',
  stale: 'shows up only later',
  [MISSING_AT_END]: 'has not come to this node by the end',
} as const satisfies Partial<Record<SuspectElement['fate'], string>>;

const CAME = 'came to this node, which does not show it at the end';

/** True if the node of the wrong read had acknowledged the element, or had received it. */
function hasCome(facts: StoryFacts, element: Json, { add, wrong }: Pick<Involved, 'add' | 'wrong'>): boolean {
  const node = wrong?.node;
  if (wrong === undefined || node === undefined) return false;
  if (add?.node === node && add.completion?.type === 'ok') return true;
  const { messages } = facts;
  const places = new ElementPlaces(facts);
  return messages.all.some(
    (message) =>
      message.dest === node &&
      !messages.isWithClient(message) &&
      (message.arrivals[0] ?? Infinity) <= wrong.invocation.time &&
      places.bring(message, element),
  );
}

function knownText(
  add: StoryOperation | undefined,
  shown: StoryOperation | undefined,
  wrong: StoryOperation | undefined,
): string {
  if (wrong === undefined) return '';
  if (add?.completion?.type === 'ok')
    return `, although ${add.node === undefined ? 'it was acknowledged' : `${add.node} acknowledged it`} ${duration(wrong.invocation.time - endOf(add))} before`;
  return shown === undefined
    ? ''
    : `, although ${shown.client} read it${atNode(shown.node)} ${duration(wrong.invocation.time - endOf(shown))} before`;
}

const by = (add: StoryOperation | undefined): string => (add?.node === undefined ? '' : ` by ${add.node}`);
