/** What was wrong about an operation on a register: the values that were possible, and what excludes the one that it read or expected. */
import { withoutNote } from '../../../checkers/bounded-result.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../../../protocol/json.ts';
import type { WrongKey } from '../../facts/first-evidence.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { endOf, isBefore, type StoryOperation } from '../../facts/story-operations.ts';
import { isRefused } from '../refused.ts';
import { begunOn, expectedBy, isReadOf, keyed, writtenBy } from './register-operations.ts';

export interface KeyStory {
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

/** The wrong operation, and what is known of it before anything is excluded. */
interface Wrong extends Pick<KeyStory, 'got' | 'possible' | 'gotWriter'> {
  readonly wrong: StoryOperation;
  readonly about: WrongKey;
}

type Exclusion = Partial<Pick<KeyStory, 'proof' | 'shownBefore' | 'rival'>>;

export function keyStory(facts: StoryFacts, about: WrongKey, wrong: StoryOperation): KeyStory {
  const begun = begunOn(facts, about, wrong);
  const own = begun.filter(({ completion }) => completion?.type !== 'fail');
  const configs = withoutNote(about.impossible.configs);
  const possible = uniqueValues(configs.map(({ model }) => model));
  const [, asked = null] = keyed((wrong.completion ?? wrong.invocation).value, about);
  const got = wrong.invocation.f === 'cas' ? elementsOf(asked)?.[0] : asked;
  const lastWriter = (value: Json | undefined): StoryOperation | undefined =>
    lastWriting(value, own, { wrong, about });
  const gotWriter = lastWriter(got);
  const writers = possible.map(lastWriter);
  const known = { got, possible, gotWriter, wrong, about };
  const refused = refusedWriter(begun, known);
  const { proof, shownBefore, rival } = exclusion(own, writers, known);
  const pending = configs.flatMap((config) =>
    withoutNote(config.pending).map(({ index }) => facts.operations.at(index)),
  );
  // A pending read changes nothing.
  const changing = pending.filter((operation) => operation?.invocation.f !== 'read');
  const involved = [gotWriter, refused, ...writers, ...changing, shownBefore, proof, rival, wrong];
  const open = own.filter((one) => one !== wrong && !isOverBefore(one, wrong));
  return {
    got,
    possible,
    allowed: withEffects(possible, open, about).filter((value) => !jsonEquals(value, got ?? null)),
    gotWriter,
    proof,
    shownBefore,
    rival,
    refused,
    operations: [...new Set(involved.filter((one) => one !== undefined))].toSorted(
      (a, b) => a.invocation.index - b.invocation.index,
    ),
    begun: own,
  };
}

/** Returns the last of these operations, other than the wrong one, that wrote the value. */
function lastWriting(
  value: Json | undefined,
  among: readonly StoryOperation[],
  { wrong, about }: Pick<Wrong, 'wrong' | 'about'>,
): StoryOperation | undefined {
  if (value === undefined || value === null) return undefined;
  return among.findLast(
    (operation) => operation !== wrong && jsonEquals(writtenBy(operation, about) ?? null, value),
  );
}

/** Returns the refused operation that explains the value read better than what is known to have written it. */
function refusedWriter(begun: readonly StoryOperation[], known: Wrong): StoryOperation | undefined {
  const { got, gotWriter, possible, about } = known;
  const given = lastWriting(got, begun.filter(isRefused), known);
  if (gotWriter === undefined) return given ?? lastWriting(got, begun.filter(isFailedCas), known);
  if (given === undefined || given.invocation.index < gotWriter.invocation.index) return undefined;
  // A cas that began from another value explains the read only if nothing else wrote the value read.
  const from = expectedBy(given, about);
  return from === undefined || possible.some((value) => jsonEquals(value, from)) ? given : undefined;
}

/** Returns what excludes the value read: an operation that was over before, two reads, or a cas that succeeded as well. */
function exclusion(
  own: readonly StoryOperation[],
  writers: readonly (StoryOperation | undefined)[],
  known: Wrong,
): Exclusion {
  const { got, gotWriter, possible, wrong, about } = known;
  // What was over before the value read was written does not exclude it.
  const writer = writers.find(
    (one) => isOverBefore(one, wrong) && (gotWriter === undefined || !isBefore(one, gotWriter)),
  );
  if (writer !== undefined) return { proof: writer };
  // What was read before the value was written again does not exclude it.
  const sinceNanos = gotWriter === undefined ? -Infinity : endOf(gotWriter);
  const later = own.filter((one) => isOverBefore(one, wrong) && one.invocation.time > sinceNanos);
  const reader =
    later.findLast((one) => possible.some((value) => isReadOf(one, value, about))) ??
    later.findLast((one) => leavesAnother(one, got, about));
  if (reader !== undefined) return { proof: reader };
  const turned = turnedReads(own, known);
  if (turned !== undefined) return { shownBefore: turned[0], proof: turned[1] };
  if (wrong.invocation.f !== 'cas') return {};
  return { rival: own.findLast((one) => one !== wrong && isRivalOf(one, known)) };
}

const isOverBefore = (
  operation: StoryOperation | undefined,
  wrong: StoryOperation,
): operation is StoryOperation => operation?.completion?.type === 'ok' && isBefore(operation, wrong);

/**
 * The value read is being written, but a read had shown it already, and a later one what came after it:
 *
 *     write 1  |---------------------------------------|
 *     reads         |- 1 -|   |- 2 -|   |- 1 -| wrong
 */
function turnedReads(
  own: readonly StoryOperation[],
  { got, gotWriter, possible, wrong, about }: Wrong,
): readonly [first: StoryOperation, then: StoryOperation] | undefined {
  if (gotWriter === undefined) return undefined;
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

/**
 * A failed cas usually changed nothing. If no other operation wrote its value, it took effect nevertheless: its request was
 * executed twice, and the reply is that of the second execution.
 */
const isFailedCas = ({ invocation: { f }, completion }: StoryOperation): boolean =>
  f === 'cas' && completion?.type === 'fail';

/** True for a cas that began from the same value, and succeeded while the wrong operation ran. */
function isRivalOf(operation: StoryOperation, { got, wrong, about }: Wrong): boolean {
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

function uniqueValues(values: readonly Json[]): readonly Json[] {
  const seen = new Map(values.map((value) => [valueText(value), value]));
  return [...seen.values()];
}
