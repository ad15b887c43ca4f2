/** Writes that reads observe in an impossible order: Jepsen's long fork, comments and sequential. */
import type { CommentsResult } from '../../../checkers/isolation/comments.ts';
import type { LongForkResult } from '../../../checkers/isolation/long-fork.ts';
import type { SequentialResult } from '../../../checkers/isolation/sequential.ts';
import { counted } from '../../../protocol/count-text.ts';
import { elementsOf, jsonEquals, wordOf, type Json } from '../../../protocol/json.ts';
import type { Finding } from '../../finding.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { isBefore, mayHaveHappened, type StoryOperation } from '../../facts/story-operations.ts';
import { atNode, brief, duration } from '../../text/words.ts';
import { endOf } from '../../facts/story-operations.ts';

const numbersOf = (operations: readonly (StoryOperation | undefined)[]): readonly number[] =>
  operations.flatMap((one) => (one === undefined ? [] : [one.number]));

/**
 *     write x            write y
 *     read x, not y      read y, not x
 */
export function longForkFinding({ operations }: StoryFacts, result: LongForkResult): Finding | undefined {
  const { forks = [] } = result;
  const [first, second] = (forks[0] ?? []).map(({ index }) => operations.at(index));
  if (first === undefined || second === undefined) return undefined;
  const [x, y] = [keyShownOnlyIn(first, second), keyShownOnlyIn(second, first)];
  if (x === undefined || y === undefined) return undefined;
  const writeOf = (key: Json): StoryOperation | undefined =>
    operations.all.find((one) => {
      const [[f = null, own = null] = []] = microOps(one.invocation.value);
      return wordOf(f)?.replace(/^:/, '') === 'w' && jsonEquals(own, key);
    });
  const sees = (read: StoryOperation, key: Json, other: Json): string =>
    `${read.client} finds key ${brief(key)} written and key ${brief(other)} not`;
  const [ofX, ofY] = [writeOf(x), writeOf(y)];
  const more = forks.length - 1;
  return {
    title: `Two reads show the writes of keys ${brief(x)} and ${brief(y)} in opposite orders`,
    verdict: [
      `${sees(first, x, y)}: the write of ${brief(x)} came first.`,
      `Yet ${sees(second, y, x)}: the write of ${brief(y)} came first. That is a contradiction.`,
    ],
    operations: numbersOf([ofX, ofY, first, second]),
    wrong: second.number,
    values: [],
    reach: 'operations',
    links: [
      ...(ofX === undefined ? [] : [{ from: ofX.number, to: first.number, text: 'seen' }]),
      ...(ofY === undefined ? [] : [{ from: ofY.number, to: second.number, text: 'seen' }]),
    ],
    more:
      more === 0
        ? undefined
        : `${counted(more, 'more pair')} of reads ${more === 1 ? 'contradicts itself' : 'contradict each other'}.`,
  };
}

function keyShownOnlyIn(read: StoryOperation, other: StoryOperation): Json | undefined {
  const [shown, missed] = [read, other].map((one) => microOps(one.completion?.value ?? null));
  return shown?.find(
    ([, key = null, value = null]) =>
      value !== null &&
      missed?.some(([, own = null, found = null]) => jsonEquals(own, key) && found === null),
  )?.[1];
}

const microOps = (value: Json): readonly (readonly Json[])[] =>
  (elementsOf(value) ?? []).map((mop) => elementsOf(mop) ?? []);

/** A read contains a write that began only after another one, which the read lacks, had completed. */
export function commentsFinding({ operations }: StoryFacts, result: CommentsResult): Finding | undefined {
  const [error] = result.errors ?? [];
  const read = error === undefined ? undefined : operations.at(error.op.index);
  if (error === undefined || read === undefined) return undefined;
  const { key } = error;
  /** The part of a value without its key; undefined if it is of another one. */
  const partOf = (value: Json): Json | undefined => {
    if (key === undefined) return value;
    const [own = null, part] = elementsOf(value) ?? [];
    return jsonEquals(own, key) ? part : undefined;
  };
  const shown = elementsOf(partOf(read.completion?.value ?? null)) ?? [];
  const writes = operations.all.flatMap((one) => {
    const value = one.invocation.f === 'write' ? partOf(one.invocation.value) : undefined;
    return value === undefined ? [] : [{ ...one, value }];
  });
  for (const lacked of error.missing) {
    const write = writes.find(
      ({ value, completion }) => completion?.type === 'ok' && jsonEquals(value, lacked),
    );
    const later =
      write &&
      writes.find(
        (one) =>
          isBefore(write, one) &&
          mayHaveHappened(one) &&
          shown.some((element) => jsonEquals(element, one.value)),
      );
    if (write === undefined || later === undefined) continue;
    const [one, other] = [brief(lacked), brief(later.value)];
    const ofKey = key === undefined ? '' : ` of key ${brief(key)}`;
    const more = (result['error-count'] ?? (result.errors ?? []).length) - 1;
    return {
      title: `A read${ofKey} shows ${other} and lacks ${one}, which was written before it`,
      verdict: [
        `${read.client} reads ${other}${atNode(read.node)} and lacks ${one}, although ${write.client}'s write of ${one} was over ${duration(later.invocation.time - endOf(write))} before ${later.client}'s write of ${other} began.`,
      ],
      operations: numbersOf([write, later, read]),
      wrong: read.number,
      values: [],
      reach: 'operations',
      links: [
        { from: write.number, to: later.number, text: 'over before' },
        { from: later.number, to: read.number, text: `shows ${other}` },
      ],
      more: more === 0 ? undefined : `${counted(more, 'more read')} ${more === 1 ? 'does' : 'do'} so.`,
    };
  }
  return undefined;
}

/** A read finds a later part of a key, but not one that was written before it. */
export function sequentialFinding({ operations }: StoryFacts, result: SequentialResult): Finding | undefined {
  const { 'first-bad': op } = result;
  const read = op === undefined ? undefined : operations.at(op.index);
  const [key, list] = elementsOf(read?.completion?.value) ?? [];
  const parts = elementsOf(list) ?? [];
  // Parts are listed latest first.
  const found = parts.findIndex((part) => part !== null);
  const lacked = parts.indexOf(null, found);
  if (read === undefined || key === undefined || found < 0 || lacked < 0) return undefined;
  const writes = operations.all.filter(
    (one) =>
      one.invocation.f === 'write' &&
      jsonEquals(one.invocation.value, key) &&
      mayHaveHappened(one) &&
      one.invocation.index < (read.completion?.index ?? Infinity),
  );
  const place = (at: number): string => `part ${parts.length - at} of ${parts.length}`;
  const more = (result['bad-count'] ?? 1) - 1;
  return {
    title: `A read of key ${brief(key)} finds a later part and lacks an earlier one`,
    verdict: [
      `${read.client} reads key ${brief(key)}${atNode(read.node)} and finds ${brief(parts[found] ?? null)}, ${place(found)}, but not ${place(lacked)}, although the parts are written one after the other by one process.`,
    ],
    operations: numbersOf([...writes.slice(-4), read]),
    wrong: read.number,
    values: [],
    reach: 'operations',
    links: writes.slice(-1).map(({ number }) => ({ from: number, to: read.number, text: 'shows a part' })),
    more: more === 0 ? undefined : `${counted(more, 'more read')} ${more === 1 ? 'does' : 'do'} so.`,
  };
}
