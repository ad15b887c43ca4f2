/** What nodes did by themselves: they ended, did not start, or broke the protocol; and what is wrong in no other way. */
import { withoutNote } from '../../checkers/bounded-result.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import { verdictSentence } from '../../run/verdict-sentence.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { firstLines, LONGEST_LINE } from './first-lines.ts';
import { assertionFinding } from './what-must-hold.ts';

const MOST_OPERATIONS = 6;

const TITLES: Readonly<Record<string, string>> = {
  crashed: 'ended by itself',
  'not-initialised': 'did not answer init',
  'not-restarted': 'did not start again',
  'set-up-failed': 'did not take part in the set-up',
};

/** The first node that ended, did not start, or says that what must hold does not. */
export function problemFinding(facts: StoryFacts): Finding | undefined {
  const [first, ...others] = withoutNote(facts.run.results.nodes?.problems ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, time } = first;
  const more =
    others.length === 0
      ? undefined
      : `${counted(others.length, 'more problem')} of nodes ${others.length === 1 ? 'is' : 'are'} in the results.`;
  if (kind === 'assertion') return { ...assertionFinding(facts, first), more };
  return {
    title: `${shownText(node, 60)} ${TITLES[kind] ?? shownText(kind, 60)}`,
    verdict: firstLines(message),
    operations: [],
    wrong: undefined,
    values: [],
    reach: 'place',
    place: { node, timeNanos: time },
    more,
  };
}

/** The first violation of the protocol, with the message that it is about if one can be found. */
export function protocolFinding({ run, messages }: StoryFacts): Finding | undefined {
  const [first, ...others] = withoutNote(run.results.protocol?.violations ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, sample } = first;
  const start = sample.slice(0, 80);
  const offending = messages.all.find(
    ({ id, src }) => src === node && start !== '' && messages.textOf(id).includes(start),
  );
  return {
    title: `${shownText(node, 60)} broke the protocol (${shownText(kind, 60)})`,
    verdict: [...firstLines(message), ...(sample === '' ? [] : [`Seen: ${shownText(sample, LONGEST_LINE)}`])],
    operations: [],
    wrong: undefined,
    values: [],
    reach: 'place',
    place:
      offending === undefined ? { node, timeNanos: -Infinity } : { node, timeNanos: offending.sentNanos },
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more violation')} ${others.length === 1 ? 'is' : 'are'} in the results.`,
  };
}

/** The verdict's own sentences, where nothing names what to tell. */
export function otherFinding({ run, operations }: StoryFacts): Finding {
  const sentence = verdictSentence(run.spec, run.results, {
    nodeOf: run.clients.nodeOf,
    numberOf: operations.numberOf,
  });
  const named = (run.evidence?.also ?? []).flatMap((one) =>
    one.operations.flatMap((index) => operations.at(index) ?? []),
  );
  const failed = (
    named.length > 0 ? named : operations.all.filter(({ completion }) => completion?.type !== 'ok')
  ).slice(0, MOST_OPERATIONS);
  return {
    title: `The run of ${shownText(run.spec.workload, 60)} is not valid`,
    verdict: firstLines(sentence),
    operations: failed.map(({ number }) => number),
    wrong: failed.at(-1)?.number,
    values: [],
    reach: 'operations',
  };
}
