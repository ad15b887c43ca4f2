/** Keys whose operations have no valid order: a stale read, a compare-and-set that cannot have succeeded. */
import type { JudgedKey } from '../../checkers/evidence.ts';
import { formOf, otherFormOf } from '../../checkers/other-form.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import { linearFile } from '../../report/findings/evidence-files.ts';
import { NOTHING_FOLLOWED } from '../../protocol/value-text.ts';
import type { Finding, FindingLink, Missed } from '../finding.ts';
import { phraseOf } from '../steps/operation-phrase.ts';
import { objectStory } from './objects.ts';
import { isRefused, refusedText } from './refused.ts';
import { wrongKeys, type WrongKey } from '../facts/first-evidence.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, isBefore, type StoryOperation } from '../facts/story-operations.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { atNode, brief, duration } from '../text/words.ts';

/** Maximum number of possible values that are listed. */
const FEW = 4;

/** Returns the finding of the first invalid key. */
export function keyFindings(facts: StoryFacts, keys: readonly JudgedKey[]): readonly Finding[] {
  const all = wrongKeys(keys);
  const [first] = all;
  const wrong = first && facts.operations.at(first.impossible.op.index);
  if (first === undefined || wrong === undefined) return [];
  const others = all.length - 1;
  const more =
    others === 0
      ? undefined
      : `${counted(others, 'more key')} ${others === 1 ? 'is' : 'are'} not linearizable.`;
  const object = objectStory({
    about: first,
    wrong,
    begun: begunOn(facts, first, wrong),
    partOf: (value) => keyed(value, first)[1] ?? null,
  });
  if (object !== undefined) {
    return [
      {
        ...object,
        evidence: linearFile(first.key),
        verdict: [object.verdict],
        operations: object.operations.map(({ number }) => number),
        wrong: wrong.number,
        values: [],
        reach: 'state',
        mayBeOld: true,
        more,
      },
    ];
  }
  const story = keyStory(facts, first, wrong);
  const values = [...new Set([story.got, ...story.possible].filter((value) => value !== undefined))];
  const [key] = keyed(wrong.invocation.value, first);
  return [
    {
      title: first.isAll
        ? 'The history is not linearizable'
        : `Key ${shownText(first.key, 60)} is not linearizable`,
      evidence: linearFile(first.key),
      verdict: [verdictOf(story, wrong, first)],
      operations: story.operations.map(({ number }) => number),
      wrong: wrong.number,
      values: values
        .filter((value) => value !== null)
        .map((value) => [...(key === undefined ? [] : [key]), value]),
      reach: 'state',
      mayBeOld: true,
      ...(key === undefined ? {} : { missed: missedBy(story, wrong, { key, about: first }) }),
      links: linksOf(story, wrong),
      more,
    },
  ];
}

/** Returns the key and the value part of an operation. */
const keyed = (
  value: Json,
  { isAll }: WrongKey,
): readonly [key?: Json | undefined, part?: Json | undefined] => {
  if (isAll) return [undefined, value];
  const [key, part] = elementsOf(value) ?? [];
  return [key, part];
};

const ofKey = ({ key, isAll }: WrongKey): string => (isAll ? '' : ` of key ${shownText(key, 60)}`);

interface KeyStory {
  /** The value that the wrong operation read or expected. */
  readonly got: Json | undefined;
  /** The values that the object can have had before whatever was under way or in doubt. */
  readonly possible: readonly Json[];
  /** The same, with the values that operations under way or in doubt can have given it. */
  readonly allowed: readonly Json[];
  /** The last operation that wrote the value read. */
  readonly gotWriter: StoryOperation | undefined;
  /** The completed operation that fixes the possible value: its last write, or a read if no write of it was acknowledged. */
  readonly proof: StoryOperation | undefined;
  /** A read of the value read, before another read that is the proof. */
  readonly shownBefore: StoryOperation | undefined;
  /** A cas from the same value that succeeded at the same time, if nothing else excludes the value. */
  readonly rival: StoryOperation | undefined;
  /** A refused operation that would have written the value read. */
  readonly refused: StoryOperation | undefined;
  readonly operations: readonly StoryOperation[];
  /** All operations on the object that began before the wrong one ended, but failed ones. */
  readonly begun: readonly StoryOperation[];
}

function keyStory(facts: StoryFacts, about: WrongKey, wrong: StoryOperation): KeyStory {
  const { impossible } = about;
  const begun = begunOn(facts, about, wrong);
  const own = begun.filter(({ completion }) => completion?.type !== 'fail');
  const configs = withoutNote(impossible.configs);
  const possible = uniqueValues(configs.map(({ model }) => model));
  const [, asked = null] = keyed((wrong.completion ?? wrong.invocation).value, about);
  const got = wrong.invocation.f === 'cas' ? elementsOf(asked)?.[0] : asked;
  const lastAmong = (
    among: readonly StoryOperation[],
    value: Json | undefined,
  ): StoryOperation | undefined =>
    value === undefined || value === null
      ? undefined
      : among.findLast(
          (operation) => operation !== wrong && jsonEquals(writtenBy(operation, about) ?? null, value),
        );
  const lastWriter = (value: Json | undefined): StoryOperation | undefined => lastAmong(own, value);
  const gotWriter = lastWriter(got);
  const given = lastAmong(begun.filter(isRefused), got);
  // A cas that began from another value explains the read only if nothing else wrote the value read.
  const isPossible = (operation: StoryOperation): boolean => {
    const from = expectedBy(operation, about);
    return from === undefined || possible.some((value) => jsonEquals(value, from));
  };
  const refused =
    given !== undefined &&
    given.invocation.index > (gotWriter?.invocation.index ?? -1) &&
    (gotWriter === undefined || isPossible(given))
      ? given
      : gotWriter === undefined
        ? lastAmong(begun.filter(isFailedCas), got)
        : undefined;
  const writers = possible.map(lastWriter);
  const isOverBefore = (operation: StoryOperation | undefined): operation is StoryOperation =>
    operation?.completion?.type === 'ok' && isBefore(operation, wrong);
  // What was over before the value read was written does not exclude it.
  const writer = writers.find(
    (one) =>
      isOverBefore(one) && (gotWriter === undefined || gotWriter === wrong || !isBefore(one, gotWriter)),
  );
  // What was read before the value was written again does not exclude it.
  const sinceNanos = gotWriter === undefined || gotWriter === wrong ? -Infinity : endOf(gotWriter);
  const isSince = (one: StoryOperation): boolean => isOverBefore(one) && one.invocation.time > sinceNanos;
  const reader =
    writer === undefined
      ? (own.findLast((one) => isSince(one) && possible.some((value) => isReadOf(one, value, about))) ??
        own.findLast((one) => isSince(one) && leavesAnother(one, got, about)))
      : undefined;
  const turned =
    (writer ?? reader) === undefined && gotWriter !== undefined && gotWriter !== wrong
      ? turnedReads(own, { got, gotWriter, possible, wrong, about })
      : undefined;
  const rival =
    (writer ?? reader ?? turned) === undefined && wrong.invocation.f === 'cas'
      ? own.findLast((one) => one !== wrong && isRivalOf(one, wrong, { got, about }))
      : undefined;
  const pending = configs.flatMap((config) =>
    withoutNote(config.pending).map(({ index }) => facts.operations.at(index)),
  );
  // A pending read changes nothing.
  const changing = pending.filter((operation) => operation?.invocation.f !== 'read');
  const involved = [
    gotWriter,
    refused,
    ...writers,
    ...changing,
    reader,
    ...(turned ?? []),
    rival,
    wrong,
  ].filter((one) => one !== undefined);
  const open = own.filter((one) => one !== wrong && !isOverBefore(one));
  return {
    got,
    possible,
    allowed: withEffects(possible, open, about).filter((value) => !jsonEquals(value, got ?? null)),
    gotWriter,
    proof: writer ?? reader ?? turned?.[1],
    shownBefore: turned?.[0],
    rival,
    refused,
    operations: [...new Set(involved)].toSorted((a, b) => a.invocation.index - b.invocation.index),
    begun: own,
  };
}

interface Turned {
  readonly got: Json | undefined;
  readonly gotWriter: StoryOperation;
  readonly possible: readonly Json[];
  readonly wrong: StoryOperation;
  readonly about: WrongKey;
}

/**
 * The value read is being written, but a read had shown it already, and a later one what came after it:
 *
 *     write 1  |---------------------------------------|
 *     reads         |- 1 -|   |- 2 -|   |- 1 -| wrong
 */
function turnedReads(
  own: readonly StoryOperation[],
  { got, gotWriter, possible, wrong, about }: Turned,
): readonly [first: StoryOperation, then: StoryOperation] | undefined {
  const over = own.filter(
    (one) => one.completion?.type === 'ok' && one.invocation.f === 'read' && isBefore(one, wrong),
  );
  const then = over.findLast((one) => possible.some((value) => isReadOf(one, value, about)));
  const first = over.find(
    (one) =>
      then !== undefined &&
      isBefore(one, then) &&
      endOf(one) >= gotWriter.invocation.time &&
      isReadOf(one, got ?? null, about),
  );
  return first === undefined || then === undefined ? undefined : [first, then];
}

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

/** Adds the values that these operations lead to, in any order. */
function withEffects(
  values: readonly Json[],
  operations: readonly StoryOperation[],
  about: WrongKey,
): readonly Json[] {
  const reached = [...values];
  const isReached = (value: Json): boolean => reached.some((one) => jsonEquals(one, value));
  for (let before = -1; before < reached.length;) {
    before = reached.length;
    for (const operation of operations) {
      const [from, to] = [expectedBy(operation, about), writtenBy(operation, about)];
      if (to !== undefined && !isReached(to) && (from === undefined || isReached(from))) reached.push(to);
    }
  }
  return reached;
}

/** Returns the operations on the object that began before the wrong operation ended. */
function begunOn(
  { operations }: StoryFacts,
  about: WrongKey,
  wrong: StoryOperation,
): readonly StoryOperation[] {
  const [key] = keyed(wrong.invocation.value, about);
  return operations.all.filter(
    ({ invocation }) =>
      jsonEquals(keyed(invocation.value, about)[0] ?? null, key ?? null) && invocation.time <= endOf(wrong),
  );
}

function linksOf({ gotWriter, got, proof }: KeyStory, wrong: StoryOperation): readonly FindingLink[] {
  return [
    ...(gotWriter === undefined
      ? []
      : [{ from: gotWriter.number, to: wrong.number, text: valueOrNothing(got) }]),
    ...(proof === undefined ? [] : [{ from: proof.number, to: wrong.number, text: 'over before' }]),
  ];
}

/**
 * A failed cas usually changed nothing. If no other operation wrote its value, it took effect nevertheless: its request was
 * executed twice, and the reply is that of the second execution.
 */
const isFailedCas = ({ invocation: { f }, completion }: StoryOperation): boolean =>
  f === 'cas' && completion?.type === 'fail';

const isReadOf = ({ invocation: { f }, completion }: StoryOperation, value: Json, about: WrongKey): boolean =>
  f === 'read' && jsonEquals(keyed(completion?.value ?? null, about)[1] ?? null, value);

/** True for a cas that began from the same value, and succeeded while the wrong operation ran. */
function isRivalOf(
  operation: StoryOperation,
  wrong: StoryOperation,
  { got, about }: { readonly got: Json | undefined; readonly about: WrongKey },
): boolean {
  const from = expectedBy(operation, about);
  return (
    from !== undefined &&
    operation.completion?.type === 'ok' &&
    endOf(operation) >= wrong.invocation.time &&
    jsonEquals(from, got ?? null) &&
    !jsonEquals(writtenBy(operation, about) ?? null, from)
  );
}

/** True if the operation leaves the register with a value other than this one. */
function leavesAnother(operation: StoryOperation, value: Json | undefined, about: WrongKey): boolean {
  const written = writtenBy(operation, about);
  return written !== undefined && !jsonEquals(written, value ?? null);
}

/** Returns the value of a register after the operation. */
function writtenBy({ invocation: { f, value } }: StoryOperation, about: WrongKey): Json | undefined {
  const [, written] = keyed(value, about);
  if (f === 'write') return written;
  return f === 'cas' ? elementsOf(written)?.[1] : undefined;
}

/** Returns the value that a cas expects. */
function expectedBy({ invocation: { f, value } }: StoryOperation, about: WrongKey): Json | undefined {
  return f === 'cas' ? elementsOf(keyed(value, about)[1] ?? null)?.[0] : undefined;
}

function uniqueValues(values: readonly Json[]): readonly Json[] {
  const seen = new Map(values.map((value) => [valueText(value), value]));
  return [...seen.values()];
}

function verdictOf(
  { got, allowed, proof, shownBefore, rival, refused, gotWriter }: KeyStory,
  wrong: StoryOperation,
  about: WrongKey,
): string {
  const what =
    wrong.invocation.f === 'read'
      ? `${wrong.client} reads ${valueOrNothing(got)}${about.isAll ? '' : ` from key ${shownText(about.key, 60)}`}${atNode(wrong.node)}`
      : `${wrong.client}'s ${shownText(wrong.invocation.f, 40)}${ofKey(about)}${atNode(wrong.node)} succeeds as if the value were ${valueOrNothing(got)}`;
  const named = allowed.slice(0, FEW).map(valueOrNothing);
  const others = allowed.length - named.length;
  const can = inSeries(others === 0 ? named : [...named, counted(others, 'other')], 'or');
  const since =
    proof === undefined
      ? rival === undefined
        ? ''
        : `: ${rival.client}'s ${givenText(rival, about)}${atNode(rival.node)} ran at the same time and succeeded as well`
      : `: ${shownBefore === undefined ? '' : `${shownBefore.client}'s ${proofText(shownBefore, about)}${atNode(shownBefore.node)} came before `}${proof.client}'s ${proofText(proof, about)}${atNode(proof.node)}${shownBefore === undefined ? ' was' : ', which was'} over ${agoText(wrong.invocation.time - endOf(proof))} before`;
  const but = refused === undefined ? '' : ` ${refusedText(refused, givenText(refused, about))}`;
  // If it could take effect now, the value read would be possible.
  const isUnderWay =
    proof === undefined &&
    rival === undefined &&
    gotWriter?.completion?.type === 'ok' &&
    gotWriter.invocation.f === 'write' &&
    gotWriter !== wrong &&
    endOf(gotWriter) >= wrong.invocation.time;
  const earlier =
    isUnderWay && wrong.invocation.f === 'read'
      ? ` ${gotWriter.client}'s ${givenText(gotWriter, about)}${atNode(gotWriter.node)} is under way, but had to take effect earlier for what the others saw.`
      : '';
  const meant = got === undefined || got === null ? undefined : otherFormOf(got, allowed);
  const form =
    meant === undefined
      ? ''
      : ` ${brief(got ?? null)} is ${brief(meant)} as ${formOf(got ?? null, meant)}, a different value.`;
  return `${what}, although it can only have been ${can === '' ? 'another' : can}${since}.${but}${earlier}${form}`;
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
