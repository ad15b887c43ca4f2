/**
 * States whether the node that gave a wrong answer had received the write that the answer misses: if so, it did not keep it, and
 * if not, its way is to blame. A sentence says only what the journal shows:
 *
 *     c1 ── write 0 1 ──> n1 ── backup {key: 0, value: 1} ──> n2 <── read 0 ── c2      n2 received it
 *                         n1 ── backup {key: 0, value: 1} ──X lost                      it was lost, or came later
 *                         n1                                n2                          nothing shows it to n2
 */
import { byCount } from '../../protocol/count-text.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Missed } from '../finding.ts';
import { lostHow } from '../steps/fault-text.ts';
import type { CiteStep, Saying } from '../text/saying.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { brief, duration } from '../text/words.ts';
import { answeringNode, passedOn, type Answering } from './answering-node.ts';
import { isKilledSince } from './killed-since.ts';
import type { Selected } from './selected.ts';
import { DECISIVE } from './selection.ts';
import { WrittenPlaces } from './values/written-places.ts';

const MOST_NAMED = 3;
const LOST = 'lost';

/** Takes the messages that decide it, and returns complete sentences; undefined if it is not certain. */
export function takeReceipt(selected: Selected): Saying | undefined {
  const { facts, finding, wrong } = selected;
  const { missed } = finding;
  if (wrong === undefined) return undefined;
  const answering = answeringNode(facts, wrong);
  for (const id of answering?.others?.requests ?? []) {
    selected.take(id, DECISIVE);
    selected.take(facts.messages.replyTo(id), DECISIVE);
  }
  const writer = missed === undefined ? undefined : facts.operations.at(missed.writer);
  if (missed === undefined || writer === undefined) return undefined;
  const { skipped, all } = facts.messages;
  // Messages that were not loaded may have brought the value.
  if (skipped > 0 && (all[0]?.sentNanos ?? Infinity) > writer.invocation.time) return undefined;
  if (answering === undefined) return undefined;
  const places = new WrittenPlaces(facts);
  const passed = writer.node === answering.node ? passedOn(facts, writer) : undefined;
  // A node needs no message about what its own client wrote, unless another was to write it.
  if (writer.node === answering.node && passed === undefined)
    return insteadText(selected, { missed, answering, places });
  const sinceNanos = writer.invocation.time;
  const incoming = facts.messages.all.filter(
    (message) =>
      message.dest === answering.node &&
      message.sentNanos >= sinceNanos &&
      !(passed !== undefined && facts.messages.isWithClient(message)),
  );
  const bringing = incoming.filter((message) => places.bring(message, missed, writer));
  const arrived = bringing.find(({ arrivals: [at = Infinity] }) => at <= answering.askedNanos);
  if (arrived !== undefined) return receivedText(selected, { missed, answering, arrived, places });
  const { node, askedNanos, answeredNanos, others } = answering;
  const meanwhile = bringing.find(({ arrivals }) =>
    arrivals.some((at) => at > askedNanos && at <= answeredNanos),
  );
  if (others !== undefined && meanwhile !== undefined)
    return meanwhileText(selected, { missed, answering, places }, meanwhile);
  const mayHaveBrought = facts.messages.all.some(
    (message) =>
      message.dest === node &&
      message.arrivals.some((at) => at >= sinceNanos && at <= answeredNanos) &&
      !(passed !== undefined && facts.messages.isWithClient(message)) &&
      (bringing.includes(message) || places.mayShow(message, missed)),
  );
  return mayHaveBrought ? undefined : lackingText(selected, { missed, answering, bringing, places, passed });
}

interface Known {
  readonly missed: Missed;
  readonly answering: Answering;
  readonly places: WrittenPlaces;
}

function receivedText(
  selected: Selected,
  { missed, answering: { node, askedNanos }, arrived, places }: Known & { readonly arrived: StoryMessage },
): Saying {
  const [atNanos = 0] = arrived.arrivals;
  selected.take(arrived.id, DECISIVE);
  const what: Saying = (cite) =>
    `${node} received ${brief(missed.value)} for key ${brief(missed.key)} from ${arrived.src}${cite(arrived.id)} ${duration(askedNanos - atNanos)} before ${missed.by}`;
  if (isKilledSince(selected, node, atNanos)) return (cite) => `${what(cite)}, but was killed in between.`;
  const later = lastShown(selected, {
    missed,
    answering: { node, askedNanos, answeredNanos: askedNanos },
    places,
  });
  const [laterNanos = -Infinity] = later?.arrivals ?? [];
  if (later === undefined || laterNanos <= atNanos)
    return (cite) => `${what(cite)}, which misses it all the same.`;
  selected.take(later.id, DECISIVE);
  return (cite) =>
    `${what(cite)}, but ${brief(missed.shown ?? null)} from ${later.src} after that${cite(later.id)}.`;
}

/** Says where a node got what it shows instead of what it had been given itself. */
function insteadText(selected: Selected, known: Known): Saying | undefined {
  const { missed, answering } = known;
  const { node, askedNanos } = answering;
  if (answering.others !== undefined) {
    const text = othersText(answering);
    return answering.others.answered.length < answering.others.asked.length ? () => text : undefined;
  }
  const last = lastShown(selected, known);
  const [atNanos] = last?.arrivals ?? [];
  if (last === undefined || atNanos === undefined) return undefined;
  if (selected.facts.messages.isWithClient(last)) return undefined;
  selected.take(last.id, DECISIVE);
  return (cite) =>
    `${node} itself ran ${missed.what}, and shows ${brief(missed.shown ?? null)} all the same, which ${last.src} had sent it${cite(last.id)} ${duration(askedNanos - atNanos)} before ${missed.by}.`;
}

/** A node that asked others decides by what they answer. */
function meanwhileText(
  selected: Selected,
  { missed, answering: { node, askedNanos, answeredNanos } }: Known,
  message: StoryMessage,
): Saying {
  const atNanos = message.arrivals.find((at) => at > askedNanos) ?? answeredNanos;
  selected.take(message.id, DECISIVE);
  return (cite) =>
    `${node} received ${brief(missed.value)} for key ${brief(missed.key)} from ${message.src}${cite(message.id)} ${duration(answeredNanos - atNanos)} before it answered, and ${missed.by} misses it all the same.`;
}

function lackingText(
  selected: Selected,
  {
    missed,
    answering,
    bringing,
    places,
    passed,
  }: Known & { readonly bringing: readonly StoryMessage[]; readonly passed: StoryMessage | undefined },
): Saying {
  const { node, answeredNanos } = answering;
  const { messages } = selected.facts;
  const fates = new Map<string, Map<string, StoryMessage>>();
  for (const message of bringing.filter(({ sentNanos }) => sentNanos <= answeredNanos)) {
    const [atNanos] = message.arrivals;
    const [loss] = message.losses;
    const fate =
      atNanos !== undefined
        ? `${duration(atNanos - answeredNanos)} later`
        : loss !== undefined
          ? `${LOST} ${lostHow(selected.facts, loss, node)}`.trim()
          : undefined;
    if (fate === undefined) continue;
    const what = `${message.src}'s ${shownText(messages.typeOf(message.id), 40)}`;
    fates.set(fate, (fates.get(fate) ?? new Map<string, StoryMessage>()).set(what, message));
  }
  const why = [...fates].slice(0, MOST_NAMED).map(([fate, those]) => {
    for (const { id } of those.values()) selected.take(id, DECISIVE);
    const which: Saying = (cite) =>
      inSeries([...those].slice(0, MOST_NAMED).map(([what, { id }]) => `${what}${cite(id)}`));
    const verb = fate.startsWith(LOST)
      ? byCount(those.size, 'was', 'were')
      : byCount(those.size, 'arrives', 'arrive');
    return (cite: CiteStep) => `${which(cite)} ${verb} ${fate}`;
  });
  const behind: Saying = (cite) => (why.length === 0 ? '' : `: ${inSeries(why.map((say) => say(cite)))}`);
  const had = hadText(selected, { missed, answering, places });
  selected.take(passed?.id, DECISIVE);
  const others = othersText(answering);
  const reached: Saying = (cite) =>
    passed === undefined
      ? `No message that shows ${missed.what} had reached ${node} when it answered`
      : `${node} had passed ${missed.what} on to ${passed.dest}${cite(passed.id)}, and no message that shows it had come back when ${node} answered`;
  return (cite) => `${reached(cite)}${behind(cite)}.${others === '' ? '' : ` ${others}`}${had(cite)}`;
}

/** Says which of the nodes that it asked had answered. */
function othersText({ node, others }: Answering): string {
  if (others === undefined) return '';
  const { asked, answered } = others;
  if (answered.length === asked.length) return `All that ${node} asked had answered: ${inSeries(asked)}.`;
  return `Of ${inSeries(asked)}, which ${node} asked, ${answered.length === 0 ? 'none' : `only ${inSeries(answered)}`} had answered.`;
}

/** Says where the node got what it showed instead. */
function hadText(selected: Selected, known: Known): Saying {
  const nothing: Saying = () => '';
  const { missed, answering } = known;
  // The steps show what the others answered.
  if (answering.others !== undefined) return nothing;
  const last = lastShown(selected, known);
  const [atNanos] = last?.arrivals ?? [];
  if (last === undefined || atNanos === undefined || missed.shown === undefined) return nothing;
  if (selected.facts.messages.isWithClient(last)) return nothing;
  selected.take(last.id, DECISIVE);
  const { shown } = missed;
  return (cite) =>
    ` Its ${brief(shown)} is what ${last.src} sent it${cite(last.id)} ${duration(answering.askedNanos - atNanos)} before.`;
}

/** Returns the last message with the value of the key that the answer shows instead. */
function lastShown(
  { facts }: Selected,
  { missed: { key, shown }, answering: { node, askedNanos }, places }: Known,
): StoryMessage | undefined {
  if (shown === undefined || shown === null) return undefined;
  return facts.messages.all
    .filter(
      (message) =>
        message.dest === node &&
        (message.arrivals[0] ?? Infinity) <= askedNanos &&
        places.show(message, { key, value: shown }),
    )
    .toSorted((a, b) => (a.arrivals[0] ?? 0) - (b.arrivals[0] ?? 0))
    .at(-1);
}
