/** Counters of which every read is checked: reads below the sum of certain additions, or above that of possible ones. */
import type { CounterResult } from '../../../checkers/counters/counter.ts';
import { jsonEquals, valueText, wholeNumberOf, type Json } from '../../../protocol/json.ts';
import { counted } from '../../../protocol/count-text.ts';
import type { Finding } from '../../finding.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { isBefore, type StoryOperation } from '../../facts/story-operations.ts';
import { atNode, brief } from '../../text/words.ts';
import { isRefused, refusedText } from '../refused.ts';

/** Maximum number of additions in the story, the last ones before the read. */
const MOST_ADDS = 8;

export function boundsFinding(
  facts: StoryFacts,
  { reads = [], errors = [] }: CounterResult,
): Finding | undefined {
  const [first] = errors;
  const at = reads.findIndex((read) => read === first || jsonEquals([...read], [...(first ?? [])]));
  // Reads are listed in order of completion.
  const wrong = facts.operations.all
    .filter(({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok')
    .toSorted((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))[at];
  if (first === undefined || wrong === undefined) return undefined;
  const [low, got, high] = first.map(numberOf);
  if (low === undefined || high === undefined) return undefined;
  const asked = facts.operations.all.filter(
    (one) =>
      one.invocation.f === 'add' &&
      one.invocation.index < (wrong.completion?.index ?? Infinity) &&
      numberOf(one.invocation.value) !== 0n,
  );
  const isLow = got !== undefined && got < low;
  const adds = (
    isLow
      ? missing(
          asked.filter((one) => one.completion?.type === 'ok' && isBefore(one, wrong)),
          low - got,
        )
      : tooMany(asked, got === undefined ? undefined : got - high)
  ).slice(-MOST_ADDS);
  const [refused] = adds.filter(isRefused);
  const off = got === undefined ? '' : isLow ? `, ${low - got} less than` : `, ${got - high} more than`;
  const bound = isLow
    ? `the ${low} that had been added for certain before it began`
    : `the ${high} that can have been added by its end`;
  const more = errors.length - 1;
  return {
    title: `The counter is read as ${brief(wrong.completion?.value ?? null)}, which is not possible`,
    verdict: [
      `${wrong.client} reads ${brief(wrong.completion?.value ?? null)}${atNode(wrong.node)}${off === '' ? ', which is no number that it can have had: it was ' : `${off} ${bound}: it can have been `}${low === high ? `only ${low}` : `${low} to ${high}`}.` +
        (refused === undefined
          ? ''
          : ` ${refusedText(refused, `add of ${brief(refused.invocation.value)}`)}`),
    ],
    operations: [...adds, wrong].map(({ number }) => number),
    wrong: wrong.number,
    values: [],
    reach: 'operations',
    more:
      more === 0 ? undefined : `${counted(more, 'more read')} ${more === 1 ? 'is' : 'are'} out of bounds.`,
  };
}

/** Returns the addition that equals the missing amount, or else all of them. */
function missing(adds: readonly StoryOperation[], off: bigint): readonly StoryOperation[] {
  const exact = adds.findLast(({ invocation }) => numberOf(invocation.value) === off);
  return exact === undefined ? adds : [exact];
}

/** Returns the refused addition that equals the excess, or else all that may have happened. */
function tooMany(adds: readonly StoryOperation[], off: bigint | undefined): readonly StoryOperation[] {
  const exact = adds.findLast((one) => isRefused(one) && numberOf(one.invocation.value) === off);
  return exact === undefined ? adds.filter(({ completion }) => completion?.type !== 'fail') : [exact];
}

function numberOf(value: Json | bigint): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const whole = wholeNumberOf(value);
  return whole === undefined ? undefined : BigInt(valueText(whole));
}
