/** Keys whose operations have no valid order: a stale read, a compare-and-set that cannot have succeeded. */
import type { JudgedKey } from '../../../checkers/evidence.ts';
import { formOf, otherFormOf } from '../../../checkers/other-form.ts';
import { elementsOf, jsonEquals, type Json } from '../../../protocol/json.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { counted } from '../../../protocol/count-text.ts';
import { linearFile } from '../../../report/findings/evidence-files.ts';
import { NOTHING_FOLLOWED } from '../../../protocol/value-text.ts';
import type { Finding, FindingLink, Missed } from '../../finding.ts';
import { phraseOf } from '../../steps/operation-phrase.ts';
import { objectStory } from './objects.ts';
import { refusedText } from '../refused.ts';
import { wrongKeys, type WrongKey } from '../../facts/first-evidence.ts';
import { begunOn, keyed, writtenBy } from './register-operations.ts';
import { keyStory, type KeyStory } from './key-story.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../../facts/story-operations.ts';
import { inSeries } from '../../../protocol/in-series.ts';
import { atNode, brief, duration } from '../../text/words.ts';

/** Maximum number of possible values that are listed. */
const FEW = 4;

/** Returns the finding of the first invalid key. */
export function keyFindings(facts: StoryFacts, keys: readonly JudgedKey[]): readonly Finding[] {
  const all = wrongKeys(keys);
  const [first] = all;
  const wrong = first && facts.operations.at(first.impossible.op.index);
  if (first === undefined || wrong === undefined) return [];
  const others = all.length - 1;
  const common = {
    evidence: linearFile(first.key),
    wrong: wrong.number,
    reach: 'state',
    mayBeOld: true,
    more:
      others === 0
        ? undefined
        : `${counted(others, 'more key')} ${others === 1 ? 'is' : 'are'} not linearizable.`,
  } as const;
  const numbers = (operations: readonly StoryOperation[]): readonly number[] =>
    operations.map(({ number }) => number);
  const object = objectStory({
    about: first,
    wrong,
    begun: begunOn(facts, first, wrong),
    partOf: (value) => keyed(value, first)[1] ?? null,
  });
  if (object !== undefined) {
    const { verdict, operations } = object;
    return [{ ...object, ...common, verdict: [verdict], operations: numbers(operations), values: [] }];
  }
  const story = keyStory(facts, first, wrong);
  const values = [...new Set([story.got, ...story.possible])].filter((value) => value !== undefined);
  const [key] = keyed(wrong.invocation.value, first);
  return [
    {
      ...common,
      title: first.isAll
        ? 'The history is not linearizable'
        : `Key ${shownText(first.key, 60)} is not linearizable`,
      verdict: [verdictOf(story, wrong, first)],
      operations: numbers(story.operations),
      values: values
        .filter((value) => value !== null)
        .map((value) => [...(key === undefined ? [] : [key]), value]),
      ...(key === undefined ? {} : { missed: missedBy(story, wrong, { key, about: first }) }),
      links: linksOf(story, wrong),
    },
  ];
}

const ofKey = ({ key, isAll }: WrongKey): string => (isAll ? '' : ` of key ${shownText(key, 60)}`);

/** Returns the write that proves the value read to be too old; undefined if the value is wrong in another way. */
function missedBy(
  { got, gotWriter, proof, begun }: KeyStory,
  wrong: StoryOperation,
  { key, about }: { readonly key: Json; readonly about: WrongKey },
): Missed | undefined {
  if (proof === undefined || gotWriter === undefined) return undefined;
  const value =
    proof.invocation.f === 'read'
      ? keyed(proof.completion?.value ?? null, about)[1]
      : writtenBy(proof, about);
  if (value === undefined || value === null) return undefined;
  const since = gotWriter.invocation.index;
  const writers = begun.filter(
    (one) =>
      one !== wrong && one.invocation.index > since && jsonEquals(writtenBy(one, about) ?? null, value),
  );
  // A read of the value does not say which of several writes it saw.
  const [only, ...others] = writers;
  const writer = writers.includes(proof) ? proof : others.length === 0 ? only : undefined;
  if (writer === undefined) return undefined;
  return {
    key,
    value,
    writer: writer.number,
    what: `${writer.client}'s ${phraseOf(writer, NOTHING_FOLLOWED).noun}`,
    shown: got,
    by: `the ${shownText(wrong.invocation.f, 40)}`,
  };
}

function linksOf({ gotWriter, got, proof }: KeyStory, wrong: StoryOperation): readonly FindingLink[] {
  return [
    ...(gotWriter === undefined
      ? []
      : [{ from: gotWriter.number, to: wrong.number, text: valueOrNothing(got) }]),
    ...(proof === undefined ? [] : [{ from: proof.number, to: wrong.number, text: 'over before' }]),
  ];
}

function verdictOf(story: KeyStory, wrong: StoryOperation, about: WrongKey): string {
  const { got, allowed, refused } = story;
  const what =
    wrong.invocation.f === 'read'
      ? `${wrong.client} reads ${valueOrNothing(got)}${about.isAll ? '' : ` from key ${shownText(about.key, 60)}`}${atNode(wrong.node)}`
      : `${wrong.client}'s ${shownText(wrong.invocation.f, 40)}${ofKey(about)}${atNode(wrong.node)} succeeds as if the value were ${valueOrNothing(got)}`;
  const named = allowed.slice(0, FEW).map(valueOrNothing);
  const others = allowed.length - named.length;
  const can = inSeries(others === 0 ? named : [...named, counted(others, 'other')], 'or');
  const but = refused === undefined ? '' : ` ${refusedText(refused, givenText(refused, about))}`;
  const meant = got === undefined || got === null ? undefined : otherFormOf(got, allowed);
  const form =
    meant === undefined
      ? ''
      : ` ${brief(got ?? null)} is ${brief(meant)} as ${formOf(got ?? null, meant)}, a different value.`;
  return `${what}, although it can only have been ${can === '' ? 'another' : can}${exclusionText(story, wrong, about)}.${but}${tooLateText(story, wrong, about)}${form}`;
}

/** Says what excludes the value read. */
function exclusionText(
  { proof, shownBefore, rival }: KeyStory,
  wrong: StoryOperation,
  about: WrongKey,
): string {
  if (proof === undefined)
    return rival === undefined
      ? ''
      : `: ${rival.client}'s ${givenText(rival, about)}${atNode(rival.node)} ran at the same time and succeeded as well`;
  const shown = (one: StoryOperation): string =>
    `${one.client}'s ${proofText(one, about)}${atNode(one.node)}`;
  const proven =
    shownBefore === undefined ? shown(proof) : `${shown(shownBefore)} came before ${shown(proof)}, which`;
  return `: ${proven} was over ${agoText(wrong.invocation.time - endOf(proof))} before`;
}

/** Says that the write of the value read is under way: if it could take effect now, the value would be possible. */
function tooLateText({ proof, rival, gotWriter }: KeyStory, wrong: StoryOperation, about: WrongKey): string {
  return proof === undefined &&
    rival === undefined &&
    wrong.invocation.f === 'read' &&
    gotWriter?.completion?.type === 'ok' &&
    gotWriter.invocation.f === 'write' &&
    endOf(gotWriter) >= wrong.invocation.time
    ? ` ${gotWriter.client}'s ${givenText(gotWriter, about)}${atNode(gotWriter.node)} is under way, but had to take effect earlier for what the others saw.`
    : '';
}

/** The next operation may begin at the moment at which the last one ended. */
const agoText = (nanos: number): string => (nanos === 0 ? 'just' : duration(nanos));

function givenText({ invocation: { f, value } }: StoryOperation, about: WrongKey): string {
  const [, part = null] = keyed(value, about);
  const [from, to] = f === 'cas' ? (elementsOf(part) ?? []) : [];
  return to === undefined
    ? `${shownText(f, 40)} of ${valueOrNothing(part)}`
    : `cas from ${valueOrNothing(from)} to ${valueOrNothing(to)}`;
}

const proofText = (proof: StoryOperation, about: WrongKey): string =>
  proof.invocation.f === 'read'
    ? `read of ${valueOrNothing(keyed(proof.completion?.value ?? null, about)[1])}`
    : givenText(proof, about);

const valueOrNothing = (value: Json | undefined): string =>
  value === undefined || value === null ? 'nothing' : brief(value);
