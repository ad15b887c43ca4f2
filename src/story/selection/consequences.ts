/** Selects what followed from the operations of a story: the messages sent while handling theirs, or repeated by timers. */
import { canonicalJson } from '../../protocol/json.ts';
import { sayingFields } from '../../protocol/value-text.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { FollowedValues } from './values/followed-values.ts';
import type { Selected } from './selected.ts';
import { DECISIVE, HELPFUL, isTroubled } from './selection.ts';
import { timerTypes } from './timer-types.ts';

/** Maximum number of messages followed from one operation. */
const MOST_FOLLOWED = 3000;
/** Maximum number of messages by which the nodes of a finding exchanged what its operations wrote. */
const MOST_SPREADING = 8;

export function takeConsequences(selected: Selected): void {
  const { facts, finding, endNanos } = selected;
  const { messages, operations } = facts;
  const each = new FollowedValues(finding.values.flat().map((value) => [value]));
  const beside = new FollowedValues((finding.beside ?? []).map((value) => [value]));
  const byThemselves = timerTypes(selected);
  for (const operation of selected.operations) {
    const seen = new Set<number>(operations.requestsOf(operation));
    const contents = new Set<string>();
    for (const id of seen) {
      if (seen.size > MOST_FOLLOWED) break;
      for (const child of messages.childrenOf(id)) {
        const message = messages.at(child);
        if (message === undefined || message.sentNanos > endNanos) continue;
        const content = contentOf(message);
        if (!isFollowing(message) && !(message.byTimer && contents.has(content))) continue;
        seen.add(child);
        contents.add(content);
        selected.take(child, isTroubled(message) || selected.carries(message) ? DECISIVE : HELPFUL);
      }
    }
  }

  /** Timers run for the whole run, so their messages follow from an operation only if the content shows it. */
  function isFollowing(message: StoryMessage): boolean {
    if (selected.isOfTheRun(message) || isBeside(message)) return false;
    const byTimer = message.byTimer || (message.isGuessed && byThemselves.has(messages.typeOf(message.id)));
    return !byTimer || selected.carries(message);
  }

  function isBeside({ id }: StoryMessage): boolean {
    const isIn = (values: FollowedValues): boolean =>
      values.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id));
    return isIn(beside) && !isIn(each);
  }

  /** Returns the content without the message id, which differs between repetitions. */
  function contentOf({ id, src, dest }: StoryMessage): string {
    return `${src} ${dest} ${messages.typeOf(id)} ${canonicalJson(sayingFields(messages.bodyOf(id)))}`;
  }
}

/**
 * If nothing follows from the operations, their nodes exchange what they wrote by timers: takes the messages between them that
 * carry it, those that arrive in time and those that arrive too late.
 */
export function takeSpreading(selected: Selected): void {
  const { finding, named, weights } = selected;
  const { messages } = selected.facts;
  const isClientsOnly = [...weights.keys()].every((id) => {
    const message = messages.at(id);
    return message === undefined || messages.isWithClient(message);
  });
  const nodes = new Set([...named].flatMap(({ node }) => node ?? []));
  if (!isClientsOnly || nodes.size < 2 || finding.isOfOneNode === true) return;
  const between = messages.all.filter(
    (message) =>
      selected.isInTime(message) &&
      selected.isBetweenNodes(message) &&
      nodes.has(message.src) &&
      nodes.has(message.dest) &&
      messages.requestOf(message.id) === undefined &&
      selected.carries(message),
  );
  for (const { id } of between.slice(0, MOST_SPREADING)) selected.take(id, DECISIVE);
}
