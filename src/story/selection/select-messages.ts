/**
 * Selects the messages of a run that belong to the story of a finding, with their importance. Start reading at `selectMessages`.
 *
 *     add 7 ── n1 ─┬─ tell 7 ──> n2 ── tell 7 ──> n3        selected: consequences of the operations with their values, above
 *                  └─ tell 7 ──X lost                       all messages lost on the way to the node that lacks the value
 *     read ─── n4, which answers without 7
 */
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { takeConsequences, takeSpreading } from './consequences.ts';
import { takeBehindAnswers } from './past/answers-from-memory.ts';
import { takeBehindStates, takeElections, takeLastMessages } from './past/last-received.ts';
import { overwritingIn } from './overwriting.ts';
import { takePast } from './past/past-of-state.ts';
import { takeReceipt } from './receipt-of-write.ts';
import { Selected } from './selected.ts';
import { DECISIVE, HELPFUL, isLost, isTroubled, OWN, STATE, type Selection } from './selection.ts';
import { takeValuePaths, type Way } from './value-paths.ts';
import { operationBehind } from './values/written-places.ts';

const MOST_IN_WINDOW = 60;
/** A shrunk run with at most this many operations shows all of them. */
const MOST_OF_FEW = 6;
/** If at most this many messages of a run were lost or duplicated, each of them matters. */
const MOST_RARE = 3;

export function selectMessages(facts: StoryFacts, finding: Finding): Selection {
  const selected = new Selected(facts, finding);
  const isShrunk = facts.run.spec.course !== undefined;
  const isOfClients = isOfWhatClientsSaw(facts, finding);
  const isOfAll = isShrunk && (isOfClients || finding.reach === 'value') && takeAllOfFew(selected);
  for (const operation of selected.operations) selected.takeExchanges(operation, OWN);
  const overwriting = overwritingIn(selected);
  const way = takeWithinReach(selected, overwriting !== undefined);
  overwriting?.take();
  const { absence, receipt = overwriting?.say ?? takeReceipt(selected) } = way;
  if (isShrunk && (isOfClients || finding.reach === 'value')) takeRare(selected);
  const { weights, values, startNanos, endNanos } = selected;
  const operations = [...selected.operations].toSorted((a, b) => a.invocation.index - b.invocation.index);
  return { weights, operations, values, absence, receipt, startNanos, endNanos, isOfAll };
}

/** Returns how the value came to the node that lacks it, unless its loss `isExplained`. */
function takeWithinReach(selected: Selected, isExplained: boolean): Way {
  const { reach, window } = selected.finding;
  switch (reach) {
    case 'value':
      return takeValuePaths(selected, isExplained);
    case 'operations':
      takeConsequences(selected);
      takeSpreading(selected);
      if (selected.values.isEmpty) takeBehindAnswers(selected);
      break;
    case 'state':
    case 'merges':
      takeConsequences(selected);
      takeWindow(selected);
      takeElections(selected);
      // Repetitions at the end add nothing to the read.
      if (window === undefined) takePast(selected, reach === 'state' ? STATE : HELPFUL);
      break;
    case 'states':
      takeConsequences(selected);
      takePast(selected, STATE);
      takeBehindStates(selected);
      break;
    case 'node':
      takeLastMessages(selected);
      break;
  }
  return {};
}

/** True unless the finding is about a single node, such as a protocol violation, or about the path of a value. */
function isOfWhatClientsSaw({ run }: StoryFacts, { reach, moment, isOfOneNode = false }: Finding): boolean {
  if (moment !== undefined || isOfOneNode || reach === 'value') return false;
  return reach !== 'operations' || run.results.workload?.['valid?'] === false;
}

/** Shrinking could remove no operation, so all matter, even if they share no value with the finding. Returns false if they are many. */
function takeAllOfFew({ facts, operations, wrong, endNanos }: Selected): boolean {
  const begun = facts.operations.all.filter(({ invocation }) => invocation.time <= endNanos);
  if (begun.length > MOST_OF_FEW) return false;
  const wrongNanos = wrong?.invocation.time ?? Infinity;
  for (const operation of begun) {
    const { f, time } = operation.invocation;
    // A look at another node at the same time changes nothing of what this one sees.
    if (time < wrongNanos || (f !== 'read' && f !== 'poll')) operations.add(operation);
  }
  return true;
}

/**
 * In a shrunk run the few lost or duplicated messages decide the outcome, even if they belong to an operation that the finding
 * does not name.
 */
function takeRare(selected: Selected): void {
  const { messages, operations } = selected.facts;
  if (messages.skipped > 0) return;
  const troubled = messages.all.filter(
    (message) =>
      message.sentNanos <= selected.endNanos &&
      !messages.isWithClient(message) &&
      !selected.isOfTheRun(message) &&
      isTroubled(message),
  );
  takeLostToFaults(selected, troubled);
  const rare = troubled.filter(
    ({ copies, losses }) => copies > 0 || losses.some(({ reason }) => reason === 'loss'),
  );
  if (rare.length > MOST_RARE) return;
  for (const message of rare) {
    if (selected.weights.has(message.id)) continue;
    selected.take(message.id, DECISIVE);
    const request = selected.requestBehind(message);
    selected.takeOperation(request && operations.sentFor(request.id), HELPFUL);
  }
}

/** What a fault has lost of what the operations of the story set off, such as a decision, matters as well. */
function takeLostToFaults(selected: Selected, troubled: readonly StoryMessage[]): void {
  const lost = troubled.filter((message) => {
    const behind = isLost(message) ? operationBehind(selected.facts, message, { byTimer: true }) : undefined;
    return behind !== undefined && selected.operations.has(behind);
  });
  if (lost.length <= MOST_RARE) for (const { id } of lost) selected.take(id, DECISIVE);
}

/** Takes the last messages between nodes within the finding's period. */
function takeWindow(selected: Selected): void {
  const { messages } = selected.facts;
  const { window } = selected.finding;
  if (window === undefined) return;
  const between = messages.all.filter(
    (message) =>
      selected.isBetweenNodes(message) &&
      message.sentNanos >= window.fromNanos &&
      message.sentNanos < window.toNanos &&
      selected.isInTime(message) &&
      messages.requestOf(message.id) === undefined,
  );
  for (const { id } of between.slice(-MOST_IN_WINDOW)) selected.take(id, DECISIVE);
}
