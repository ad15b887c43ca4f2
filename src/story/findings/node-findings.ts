/** Findings about nodes: exits, failed starts and protocol violations; and the fallback for any other invalid run. */
import { withoutNote } from '../../checkers/bounded-result.ts';
import { neverSucceeded } from '../../checkers/outcomes/stats.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import { isViolationKind, violationWords } from '../../network/violation-kinds.ts';
import { BESIDE_THE_REASON } from '../../run/words/beside-the-reason.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import type { StoryRun } from '../story-run.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { crashLines, firstLines, LONGEST_LINE } from './first-lines.ts';
import { strayAnswers } from './stray-answers.ts';
import { assertionFinding } from './what-must-hold.ts';

const MOST_OPERATIONS = 6;
/** Maximum number of kinds of errors. */
const MOST_KINDS = 3;

const TITLES: Readonly<Record<string, string>> = {
  crashed: 'ended by itself',
  'not-initialised': 'did not answer init',
  'not-restarted': 'did not start again',
  'set-up-failed': 'did not take part in the set-up',
};

/** Returns the finding of the first node that exited, did not start, or reported a failed assertion. */
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
    reach: 'node',
    moment: { node, timeNanos: time },
    more,
  };
}

/** Returns the first violation of the protocol, with its message if it can be found. */
export function protocolFinding(facts: StoryFacts): Finding | undefined {
  const { run, messages } = facts;
  const [first, ...others] = withoutNote(run.results.protocol?.violations ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, sample, count } = first;
  const words = isViolationKind(kind) ? violationWords(kind).replaceAll('`', '') : shownText(kind, 60);
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
      count + others.length === 1
        ? undefined
        : `In all, the protocol was broken ${others.reduce((sum, other) => sum + other.count, count)} times.`,
  };
}

/**
 * For a reply to a client the story is that of the client's request, and also of what the node had learned by then if the
 * reply was not sent while handling the request itself.
 */
function endOfBreach(
  { operations }: StoryFacts,
  { node, offending, request }: Breach,
): Pick<Finding, 'operations' | 'wrong' | 'reach' | 'moment' | 'isOfOneNode'> {
  const none = { operations: [], wrong: undefined, reach: 'node' } as const;
  if (offending === undefined) return { ...none, moment: { node, timeNanos: -Infinity } };
  const answered = request === undefined ? undefined : operations.sentFor(request);
  return answered === undefined
    ? { ...none, moment: { node, timeNanos: offending.sentNanos } }
    : {
        operations: [answered.number],
        wrong: answered.number,
        isOfOneNode: true,
        reach: offending.origin === undefined || offending.origin === request ? 'operations' : 'state',
      };
}

interface Breach {
  readonly node: string;
  readonly offending: StoryMessage | undefined;
  /** The id of the message that it replies to. */
  readonly request: number | undefined;
}

/** Returns a finding with the verdict's own sentences, for invalid runs without any other finding. */
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
    // A misdirected reply explains the timeout, and the protocol warnings are about the same.
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

/** Returns the first operation of each kind of error; if no errors were counted, the first that did not succeed. */
function failedOperations({ run, operations }: StoryFacts): readonly StoryOperation[] {
  const first = (run.results.errors?.errors ?? [])
    .slice(0, MOST_KINDS)
    .flatMap(({ index }) => operations.at(index) ?? []);
  return first.length > 0
    ? first.toSorted((a, b) => a.number - b.number)
    : operations.all.filter(({ completion }) => completion?.type !== 'ok').slice(0, MOST_OPERATIONS);
}
