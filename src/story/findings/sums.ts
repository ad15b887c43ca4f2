/** Counters whose final reads are no possible sum. */
import type { SumRange } from '../../checkers/evidence.ts';
import { isOp } from '../../checkers/checker.ts';
import type { Op } from '../../history/op.ts';
import { counted } from '../../protocol/count-text.ts';
import { isJsonInteger, type Json } from '../../protocol/json.ts';
import { SUMS_FILE } from '../../report/findings/evidence-files.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import type { StoryOperation } from '../story-operations.ts';
import { isRefused, REFUSED_FOR_GOOD, refusedText } from './refused.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { atNode, brief } from '../words.ts';

/** Additions in the story: all of them may matter, but of a long run only the last few before the read. */
const MOST_ADDS = 16;

export function sumFinding(
  facts: StoryFacts,
  wrong: readonly Op[],
  acceptable: readonly SumRange[],
): Finding | undefined {
  const reads = wrong.filter(isOp).flatMap(({ index }) => facts.operations.at(index) ?? []);
  const [read] = reads;
  if (read === undefined) return undefined;
  const got = read.completion?.value ?? null;
  const off = distance(got, acceptable);
  const refused = refusedButCounted(facts, read, off);
  const adds = refused.length > 0 ? refused : suspectsAmong(facts, addsBefore(facts, read), off);
  const others = reads.length - 1;
  return {
    title: `The sum read is ${brief(got)}, which is not possible`,
    evidence: SUMS_FILE,
    verdict: [
      `${read.client} reads ${brief(got)}${atNode(read.node)}, ${offText(off)}the sum of what was added can only be ${acceptableText(acceptable)}.${refusalText(refused)}`,
    ],
    operations: [...adds, read].map(({ number }) => number),
    wrong: read.number,
    values: adds.map(({ invocation }) => [invocation.value]),
    reach: 'merges',
    more:
      others === 0
        ? undefined
        : `${counted(others, 'more final read')} ${others === 1 ? 'is' : 'are'} wrong: ${inSeries(
            reads
              .slice(1, 5)
              .map(({ node, completion }) => `${brief(completion?.value ?? null)}${atNode(node)}`),
          )}.`,
  };
}

const addsBefore = ({ operations }: StoryFacts, read: StoryOperation): readonly StoryOperation[] =>
  operations.all.filter(
    ({ invocation, completion }) =>
      invocation.f !== 'read' && completion?.type !== 'fail' && invocation.time <= read.invocation.time,
  );

/** An add that was refused and is exactly what the sum is wrong by; or several that are so together. */
function refusedButCounted(
  { operations }: StoryFacts,
  read: StoryOperation,
  off: bigint | undefined,
): readonly StoryOperation[] {
  const found = operations.all.filter(
    (operation) =>
      operation.invocation.f !== 'read' &&
      operation.invocation.time <= read.invocation.time &&
      isRefused(operation) &&
      isJsonInteger(operation.invocation.value),
  );
  const deltaOf = ({ invocation: { value } }: StoryOperation): bigint =>
    isJsonInteger(value) ? BigInt(value) : 0n;
  const one = found.find((operation) => deltaOf(operation) === off);
  if (one !== undefined) return [one];
  return found.reduce((sum, operation) => sum + deltaOf(operation), 0n) === off ? found : [];
}

function refusalText([first, ...others]: readonly StoryOperation[]): string {
  if (first === undefined) return '';
  const what = `add of ${brief(first.invocation.value)}`;
  return others.length === 0
    ? ` ${refusedText(first, what)}`
    : ` The ${others.length + 1} adds that were refused, such as ${first.client}'s ${what}${atNode(first.node)}, would explain it: ${REFUSED_FOR_GOOD}.`;
}

/** How far it is beyond what is possible: above 0 too much. Undefined where that cannot be said. */
function distance(got: Json, acceptable: readonly SumRange[]): bigint | undefined {
  if (!isJsonInteger(got)) return undefined;
  const ends = acceptable.flat().flatMap((end) => (isJsonInteger(end) ? [BigInt(end)] : []));
  const offs = ends.map((end) => BigInt(got) - end);
  return offs.toSorted((a, b) => Number(size(a) - size(b)))[0];
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** Those whose requests led to messages that were lost or doubled, and those that were as large as the sum is wrong; else all. */
function suspectsAmong(
  { messages, operations }: StoryFacts,
  adds: readonly StoryOperation[],
  off: bigint | undefined,
): readonly StoryOperation[] {
  const troubled = adds.filter((add) =>
    operations
      .requestsOf(add)
      .flatMap((request) => messages.childrenOf(request))
      .flatMap((child) => [child, ...messages.repliesTo(child)])
      .some((id) => {
        const message = messages.at(id);
        return message !== undefined && (message.losses.length > 0 || message.copies > 0);
      }),
  );
  const exact = troubled.filter(({ invocation: { value } }) => isJsonInteger(value) && BigInt(value) === off);
  if (exact.length > 0) return exact.slice(0, 1);
  return (troubled.length > 0 ? troubled : adds.filter(({ invocation }) => invocation.value !== 0)).slice(
    -MOST_ADDS,
  );
}

const offText = (off: bigint | undefined): string =>
  off === undefined ? 'although ' : `${size(off)} too ${off > 0n ? 'much' : 'little'}: `;

const acceptableText = (acceptable: readonly SumRange[]): string =>
  inSeries(
    acceptable
      .slice(0, 4)
      .map(([low, high]) => (brief(low) === brief(high) ? brief(low) : `${brief(low)} to ${brief(high)}`)),
    'or',
  );
