/** Counters whose final reads are not a possible sum. */
import type { SumRange } from '../../checkers/evidence.ts';
import { isOp } from '../../checkers/checker.ts';
import type { Op } from '../../history/op.ts';
import { counted } from '../../protocol/count-text.ts';
import { canonicalJson, isJsonInteger, type Json } from '../../protocol/json.ts';
import { SUMS_FILE } from '../../report/findings/evidence-files.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { operationBehind } from '../selection/values/written-places.ts';
import { overwrittenAdds } from './overwritten-adds.ts';
import { firstOvercounted } from './overcounted.ts';
import { misstoredSum, newerSum, repeatedAdds } from './sums-in-service.ts';
import { isRefused, REFUSED_FOR_GOOD, refusedText } from './refused.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { sayingFields } from '../../protocol/value-text.ts';
import { atNode, brief, moment } from '../text/words.ts';

/** Maximum number of additions in the story: all may matter, but of a long run only the last ones before the read. */
const MOST_ADDS = 16;
/** Maximum number of additions named that explain the error exactly, and of those whose messages are shown. */
const FEW_ADDS = 4;
const SHOWN_ADDS = 2;
const FIRST_ADDS = 8;
/** Maximum number of turns in which nodes exchanged their sums. */
const TURNS = 8;

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
  const suspects: Suspects =
    refused.length > 0
      ? { adds: refused }
      : suspectsAmong(facts, { read, adds: addsBefore(facts, read), off, acceptable });
  const { adds, text = '', window, isExact = false } = suspects;
  const others = reads.length - 1;
  return {
    title: `The sum read is ${brief(got)}, which is not possible`,
    evidence: SUMS_FILE,
    verdict: [
      `${read.client} reads ${brief(got)}${atNode(read.node)}, ${offText(off)}the sum of what was added can only be ${acceptableText(acceptable)}.${refusalText(refused)}${text}`,
    ],
    operations: [...adds, read].map(({ number }) => number),
    wrong: read.number,
    values: adds.map(({ invocation }) => [invocation.value]),
    areSummed: true,
    reach: isExact ? 'operations' : 'merges',
    ...(window === undefined ? {} : { window }),
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

/** Returns the refused adds, one or several together, that equal the error of the sum. */
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

/** Returns the distance from the possible sums, positive if the sum is too large; undefined if it cannot be computed. */
function distance(got: Json, acceptable: readonly SumRange[]): bigint | undefined {
  if (!isJsonInteger(got)) return undefined;
  const ends = acceptable.flat().flatMap((end) => (isJsonInteger(end) ? [BigInt(end)] : []));
  const offs = ends.map((end) => BigInt(got) - end);
  return offs.toSorted((a, b) => Number(size(a) - size(b)))[0];
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

interface Suspects {
  readonly adds: readonly StoryOperation[];
  /** How these adds explain the wrong sum. */
  readonly text?: string;
  readonly window?: Finding['window'];
  /** True if they explain the error exactly, so that other messages do not matter. */
  readonly isExact?: boolean;
}

interface WrongSum {
  readonly read: StoryOperation;
  readonly adds: readonly StoryOperation[];
  readonly off: bigint | undefined;
  readonly acceptable: readonly SumRange[];
}

function suspectsAmong(facts: StoryFacts, { read, adds, off, acceptable }: WrongSum): Suspects {
  const exact = countedWrongly(facts, read, adds, off);
  if (exact !== undefined) return exact;
  const overwritten = overwrittenInService(facts, read, off);
  if (overwritten !== undefined) return overwritten;
  const inService =
    oldInService(facts, read, acceptable) ??
    repeatedInService(facts, read, off) ??
    misstoredInService(facts, read);
  if (inService !== undefined) return inService;
  const unsent = neverSent(facts, read, adds, off);
  if (unsent !== undefined) return unsent;
  const troubled = adds.filter((add) => hasTrouble(facts, add));
  const one = troubled.filter((add) => deltaOf(add) === off);
  if (one.length > 0) return { adds: one.slice(0, 1) };
  if (troubled.length > 0) return { adds: troubled.slice(-MOST_ADDS) };
  const few = firstFew(facts, adds);
  return off !== undefined && off > 0n ? { ...few, text: `${few.text ?? ''}${overcountedText(facts)}` } : few;
}

function overcountedText(facts: StoryFacts): string {
  const found = firstOvercounted(facts);
  if (found === undefined) return '';
  const { message, node, said, added } = found;
  return ` The first message that says too much: at ${moment(message.sentNanos)} ${message.src} sends ${said} for ${node}, where only ${added} had been added.`;
}

const deltaOf = ({ invocation: { value } }: StoryOperation): bigint =>
  isJsonInteger(value) ? BigInt(value) : 0n;

/** True if the add's request caused messages that were lost or duplicated. */
const hasTrouble = ({ messages, operations }: StoryFacts, add: StoryOperation): boolean =>
  operations
    .requestsOf(add)
    .flatMap((request) => messages.childrenOf(request))
    .flatMap((child) => [child, ...messages.repliesTo(child)])
    .some((id) => {
      const message = messages.at(id);
      return message !== undefined && (message.losses.length > 0 || message.copies > 0);
    });

/**
 * Returns the adds whose messages reached the read node more than once or never, if that accounts exactly for the error of the
 * sum.
 */
function countedWrongly(
  facts: StoryFacts,
  read: StoryOperation,
  adds: readonly StoryOperation[],
  off: bigint | undefined,
): Suspects | undefined {
  const { node } = read;
  if (off === undefined || node === undefined) return undefined;
  const wrong = adds.flatMap((add) => {
    const count = add.node === node ? undefined : arrivalsAt(facts, node, add);
    const extra = count === undefined ? 0n : BigInt(count - 1) * deltaOf(add);
    return extra === 0n ? [] : [{ add, extra }];
  });
  if (wrong.length === 0 || wrong.reduce((sum, { extra }) => sum + extra, 0n) !== off) return undefined;
  const shown = wrong.slice(-FEW_ADDS);
  const named = shown.map(({ add }) => `${add.client}'s add of ${brief(add.invocation.value)}`);
  const others = wrong.length - shown.length;
  const all = inSeries(others === 0 ? named : [...named, `${others} more`]);
  const isTwice = wrong.every(({ add, extra }) => extra > 0n === deltaOf(add) > 0n);
  const isNever = wrong.every(({ add, extra }) => extra > 0n !== deltaOf(add) > 0n);
  const how = isTwice ? 'came more than once' : isNever ? 'never came' : 'came more than once, or never';
  return {
    adds: shown.slice(-SHOWN_ADDS).map(({ add }) => add),
    isExact: true,
    text: ` That is exactly what ${how} to ${node}: ${all}.`,
  };
}

/**
 * Returns the adds after which their nodes sent nothing, if that accounts exactly for the error of the sum and nodes send
 * something after others; before them such another one, for comparison.
 */
function neverSent(
  { messages, operations }: StoryFacts,
  read: StoryOperation,
  adds: readonly StoryOperation[],
  off: bigint | undefined,
): Suspects | undefined {
  if (off === undefined || messages.skipped > 0) return undefined;
  const isSent = (add: StoryOperation): boolean =>
    operations
      .requestsOf(add)
      .flatMap((request) => messages.childrenOf(request))
      .flatMap((child) => messages.at(child) ?? [])
      .some((message) => !messages.isWithClient(message));
  const some = adds.filter((add) => deltaOf(add) !== 0n && add.completion?.type === 'ok');
  const sent = some.filter(isSent);
  const haveSent = new Set(sent);
  const all = some.filter((add) => !haveSent.has(add));
  const explains = (unsent: readonly StoryOperation[]): boolean =>
    unsent.length > 0 && unsent.reduce((sum, add) => sum + deltaOf(add), 0n) === -off;
  const elsewhere = all.filter(({ node }) => node !== read.node);
  const unsent = explains(all) ? all : explains(elsewhere) ? elsewhere : undefined;
  const [first] = unsent ?? [];
  const other = sent.find(({ node }) => node === first?.node) ?? sent[0];
  if (unsent === undefined || other === undefined) return undefined;
  const named = unsent
    .slice(0, FEW_ADDS)
    .map(({ client, node, invocation }) => `${client}'s add of ${brief(invocation.value)}${atNode(node)}`);
  const rest = unsent.length - named.length;
  return {
    adds: [other, ...unsent.slice(0, SHOWN_ADDS)],
    isExact: true,
    text: ` That is exactly the sum of the adds after which their nodes sent nothing to others: ${inSeries(rest === 0 ? named : [...named, `${rest} more`])}.`,
  };
}

/** Returns the first addition that another one overwrote in a service, and this one, if all such account exactly for the error. */
function overwrittenInService(
  facts: StoryFacts,
  read: StoryOperation,
  off: bigint | undefined,
): Suspects | undefined {
  const all = off === undefined || off >= 0n ? [] : (overwrittenAdds(facts, read) ?? []);
  const lost = all.filter(({ add }) => deltaOf(add) !== 0n);
  const [first] = lost;
  if (first === undefined || lost.reduce((sum, { add }) => sum + deltaOf(add), 0n) !== -(off ?? 0n))
    return undefined;
  const { add, by, storing } = first;
  const node = storing.request.src;
  const which = lost.length === 1 ? 'an add' : `${lost.length} adds`;
  return {
    adds: [add, by].toSorted((a, b) => a.invocation.index - b.invocation.index),
    isExact: true,
    text:
      ` That is exactly the sum of ${which} overwritten in key ${brief(storing.key)} of ${storing.service}, the first of them ${add.client}'s add of ${brief(add.invocation.value)}${atNode(add.node)}:` +
      ` ${node} overwrote it at ${moment(storing.request.sentNanos)} with a sum computed from what it had read before.`,
  };
}

/** The service still answers with an earlier sum. */
function oldInService(
  facts: StoryFacts,
  read: StoryOperation,
  acceptable: readonly SumRange[],
): Suspects | undefined {
  const newer = newerSum(facts, read, acceptable);
  if (newer === undefined) return undefined;
  const { storing, add } = newer;
  const { service, request, value } = storing;
  return {
    adds: [add],
    isExact: true,
    text: ` It is what ${service} answered, whose reads may be stale: ${request.src} had stored ${brief(value)} there at ${moment(request.sentNanos)}.`,
  };
}

/** Returns the additions that a service did several times, if that accounts exactly for the error. */
function repeatedInService(
  facts: StoryFacts,
  read: StoryOperation,
  off: bigint | undefined,
): Suspects | undefined {
  const repeated = repeatedAdds(facts, read).filter(({ add }) => deltaOf(add) !== 0n);
  const extra = repeated.reduce((sum, { add, times }) => sum + BigInt(times - 1) * deltaOf(add), 0n);
  const [first] = repeated;
  if (first === undefined || extra !== off) return undefined;
  const { key, service } = first.storing;
  const named = repeated
    .slice(0, FEW_ADDS)
    .map(
      ({ add, times }) =>
        `${add.client}'s add of ${brief(add.invocation.value)}${atNode(add.node)} ${counted(times, 'time')}`,
    );
  const rest = repeated.length - named.length;
  return {
    adds: repeated.slice(0, SHOWN_ADDS).map(({ add }) => add),
    isExact: true,
    text: ` That is exactly what was added to key ${brief(key)} of ${service} more than once: ${inSeries(rest === 0 ? named : [...named, `${rest} more`])}.`,
  };
}

function misstoredInService(facts: StoryFacts, read: StoryOperation): Suspects | undefined {
  const found = misstoredSum(facts, read);
  if (found === undefined) return undefined;
  const { storing, add, before } = found;
  const { request, key, service, value } = storing;
  const earlier = operationBehind(facts, before.request);
  return {
    adds: [...(earlier === undefined ? [] : [earlier]), add],
    isExact: true,
    text: ` The first wrong sum that was stored: ${request.src} wrote ${brief(value)} to key ${brief(key)} of ${service} at ${moment(request.sentNanos)}, where ${before.request.src} had stored ${brief(before.value)}; with ${add.client}'s add of ${brief(add.invocation.value)} that makes ${sumText(before.value, add)}.`,
  };
}

const sumText = (before: Json, add: StoryOperation): string =>
  isJsonInteger(before) ? String(BigInt(before) + deltaOf(add)) : brief(before);

/** Returns how often the same message about the add arrived at the node; undefined if none was sent to it. */
function arrivalsAt(
  { messages, operations }: StoryFacts,
  node: string,
  add: StoryOperation,
): number | undefined {
  const byBody = new Map<string, number>();
  for (const request of operations.requestsOf(add))
    for (const child of messages.childrenOf(request)) {
      const message = messages.at(child);
      if (message === undefined || message.dest !== node || messages.requestOf(child) !== undefined) continue;
      const body = canonicalJson(sayingFields(messages.bodyOf(child)));
      byBody.set(body, (byBody.get(body) ?? 0) + message.arrivals.length);
    }
  return byBody.size === 0 ? undefined : Math.max(...byBody.values());
}

/**
 * If all adds may matter: the first ones, until two nodes have some, and the next messages between nodes, which show how sums
 * are merged.
 */
function firstFew({ messages, kindOf }: StoryFacts, adds: readonly StoryOperation[]): Suspects {
  const some = adds.filter((add) => deltaOf(add) !== 0n);
  const other = some.find(({ node }) => node !== some[0]?.node);
  const [first] = some;
  if (first === undefined || other === undefined || messages.skipped > 0)
    return { adds: some.slice(-MOST_ADDS) };
  const turns = new Map<string, number>();
  for (const { src, dest, sentNanos } of messages.all)
    if (sentNanos >= endOf(other) && kindOf(src) === 'node' && kindOf(dest) === 'node' && turns.size < TURNS)
      turns.set(`${src} ${sentNanos}`, sentNanos);
  const toNanos = Math.max(...turns.values(), endOf(other)) + 1;
  const shown = some.filter(({ invocation }) => invocation.time < toNanos).slice(0, FIRST_ADDS);
  return {
    adds: shown,
    window: { fromNanos: first.invocation.time, toNanos },
    text:
      some.length === shown.length
        ? ''
        : ` Of ${some.length} additions the first ${shown.length} are shown, with what nodes then sent each other.`,
  };
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
