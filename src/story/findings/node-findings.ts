/** What nodes did by themselves: they ended, did not start, or broke the protocol; and what is wrong in no other way. */
import { withoutNote } from '../../checkers/bounded-result.ts';
import { neverSucceeded } from '../../checkers/stats.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import { isViolationKind, VIOLATION_WORDS } from '../../network/violation-kinds.ts';
import { BESIDE_THE_REASON } from '../../run/words/beside-the-reason.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import type { StoryMessage } from '../story-messages.ts';
import type { StoryOperation } from '../story-operations.ts';
import type { StoryRun } from '../story-run.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { crashLines, firstLines, LONGEST_LINE } from './first-lines.ts';
import { strayAnswers } from './stray-answers.ts';
import { assertionFinding } from './what-must-hold.ts';

const MOST_OPERATIONS = 6;
/** Of errors. */
const MOST_KINDS = 3;

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
    verdict: kind === 'crashed' ? crashLines(message) : firstLines(message),
    operations: [],
    wrong: undefined,
    values: [],
    reach: 'place',
    place: { node, timeNanos: time },
    more,
  };
}

/** The first violation of the protocol, with the message that it is about if one can be found. */
export function protocolFinding(facts: StoryFacts): Finding | undefined {
  const { run, messages } = facts;
  const [first, ...others] = withoutNote(run.results.protocol?.violations ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, sample } = first;
  const words = isViolationKind(kind) ? plainWords(VIOLATION_WORDS[kind]) : shownText(kind, 60);
  const start = sample.slice(0, 80);
  const offending = messages.all.find(
    ({ id, src }) => src === node && start !== '' && messages.textOf(id).includes(start),
  );
  const request = offending === undefined ? undefined : messages.requestOf(offending.id);
  return {
    title: `${shownText(node, 60)} broke the protocol: ${words}`,
    verdict: [
      ...firstLines(message),
      ...(request === undefined ? [] : [`The request: ${shownText(messages.textOf(request), LONGEST_LINE)}`]),
      ...(sample === ''
        ? []
        : [`${request === undefined ? 'Seen' : 'The answer'}: ${shownText(sample, LONGEST_LINE)}`]),
    ],
    values: [],
    ...endOfBreach(facts, { node, offending, request }),
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more violation')} ${others.length === 1 ? 'is' : 'are'} in the results.`,
  };
}

/**
 * Where it is a client's answer, the story is that of what the client had asked; and where it was not sent upon the request itself,
 * also of what the node had come to know by then.
 */
function endOfBreach(
  { operations }: StoryFacts,
  { node, offending, request }: Breach,
): Pick<Finding, 'operations' | 'wrong' | 'reach' | 'place' | 'isOfOneNode'> {
  const none = { operations: [], wrong: undefined, reach: 'place' } as const;
  if (offending === undefined) return { ...none, place: { node, timeNanos: -Infinity } };
  const asked =
    request === undefined
      ? undefined
      : operations.all.find((operation) => operations.requestsOf(operation).includes(request));
  return asked === undefined
    ? { ...none, place: { node, timeNanos: offending.sentNanos } }
    : {
        operations: [asked.number],
        wrong: asked.number,
        isOfOneNode: true,
        reach: offending.origin === undefined || offending.origin === request ? 'operations' : 'state',
      };
}

interface Breach {
  readonly node: string;
  readonly offending: StoryMessage | undefined;
  /** The message that it answers. */
  readonly request: number | undefined;
}

/** The words of the reference, without its links. */
const plainWords = (markdown: string): string =>
  markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');

/** The verdict's own sentences, where nothing names what to tell. */
export function otherFinding(facts: StoryFacts): Finding {
  const { run, operations } = facts;
  const said = verdictSentence(run.spec, run.results, {
    nodeOf: run.clients.nodeOf,
    numberOf: operations.numberOf,
  });
  const [sentence = said] = said.split(`\n${BESIDE_THE_REASON}`);
  const named = (run.evidence?.also ?? []).flatMap((one) =>
    one.operations.flatMap((index) => operations.at(index) ?? []),
  );
  const failed = named.length > 0 ? named.slice(0, MOST_OPERATIONS) : failedOperations(facts);
  const stray = strayAnswers(facts, failed);
  return {
    title: titleOf(run),
    // An answer that went astray explains the timeout, and the warnings of the protocol are about the same.
    verdict: stray.length > 0 ? [...stray, ...firstLines(sentence).slice(0, 1)] : firstLines(sentence),
    operations: failed.map(({ number }) => number),
    wrong: failed.at(-1)?.number,
    values: [],
    reach: 'operations',
  };
}

function titleOf({ spec, results }: StoryRun): string {
  const never = results.stats === undefined ? [] : neverSucceeded(results.stats);
  if (never.length > 0)
    return `Not one ${inSeries(
      never.map(({ f }) => shownText(f, 40)),
      'or',
    )} succeeded`;
  if (results.availability?.['valid?'] === false) return 'Too few requests succeeded';
  return `The run of ${shownText(spec.workload, 60)} is not valid`;
}

/** The first of each kind of error; of a run that has none counted, the first that did not succeed. */
function failedOperations({ run, operations }: StoryFacts): readonly StoryOperation[] {
  const first = (run.results.errors?.errors ?? [])
    .slice(0, MOST_KINDS)
    .flatMap(({ index }) => operations.at(index) ?? []);
  return first.length > 0
    ? first.toSorted((a, b) => a.number - b.number)
    : operations.all.filter(({ completion }) => completion?.type !== 'ok').slice(0, MOST_OPERATIONS);
}
