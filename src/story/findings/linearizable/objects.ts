/**
 * Objects other than registers in an impossible state: locks held twice, queues that return elements they do not hold, sets
 * that lose elements; for other objects their possible states.
 */
import { withoutNote } from '../../../checkers/bounded-result.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../../../protocol/json.ts';
import { counted } from '../../../protocol/count-text.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { inSeries } from '../../../protocol/in-series.ts';
import type { FindingLink } from '../../finding.ts';
import type { WrongKey } from '../../facts/first-evidence.ts';
import { endOf, isBefore, mayHaveHappened, type StoryOperation } from '../../facts/story-operations.ts';
import { atNode, brief, duration } from '../../text/words.ts';
import { valueInWords } from '../../../protocol/value-text.ts';
import { isRefused, refusedText } from '../refused.ts';

export interface ObjectStory {
  readonly title: string;
  readonly verdict: string;
  readonly operations: readonly StoryOperation[];
  readonly links: readonly FindingLink[];
}

export interface OnObject {
  readonly about: WrongKey;
  readonly wrong: StoryOperation;
  /** Operations on the same object that began before the wrong one ended. */
  readonly begun: readonly StoryOperation[];
  /** Returns the object's part of a value that also holds a key. */
  readonly partOf: (value: Json) => Json;
}

const FEW = 4;
const MOST = 6;

/** Returns undefined for a register. */
export function objectStory(on: OnObject): ObjectStory | undefined {
  const { f } = on.wrong.invocation;
  const states = withoutNote(on.about.impossible.configs).map(({ model }) => model);
  switch (f) {
    case 'acquire':
    case 'release':
      return states.every((state) => typeof state === 'boolean') ? lockStory(on) : otherStory(on, states);
    case 'dequeue':
      return states.every((state) => elementsOf(state) !== undefined)
        ? queueStory(on, states)
        : otherStory(on, states);
    case 'read':
      // The state of a register may also be a list.
      return on.begun.some(({ invocation }) => invocation.f === 'add') &&
        states.every((state) => elementsOf(state) !== undefined)
        ? setStory(on, states)
        : undefined;
    case 'write':
    case 'cas':
      return undefined;
    default:
      return otherStory(on, states);
  }
}

const ofKey = ({ key, isAll }: WrongKey): string => (isAll ? '' : ` of key ${shownText(key, 60)}`);
const before = (wrong: StoryOperation, one: StoryOperation): string =>
  duration(Math.max(0, wrong.invocation.time - endOf(one)));

function lockStory({ about, wrong, begun }: OnObject): ObjectStory {
  const lock = `the lock${ofKey(about)}`;
  const done = begun.filter((one) => one !== wrong && mayHaveHappened(one));
  const acquired = done.findLast((one) => one.invocation.f === 'acquire' && isOk(one));
  const released = done.findLast((one) => one.invocation.f === 'release' && isOk(one));
  const involved = [released, acquired].filter((one) => one !== undefined);
  if (wrong.invocation.f === 'release') {
    const was =
      released === undefined
        ? 'no one had acquired it'
        : `${released.client} had released it ${before(wrong, released)} before`;
    return {
      title: `A lock${ofKey(about)} that is not held is released`,
      verdict: `${wrong.client} releases ${lock}${atNode(wrong.node)}, although no one holds it: ${was}.`,
      operations: inOrder([...involved, wrong]),
      links: released === undefined ? [] : [{ from: released.number, to: wrong.number, text: 'free since' }],
    };
  }
  const holder = acquired === undefined ? 'another client' : acquired.client;
  const since =
    acquired === undefined
      ? ''
      : isBefore(acquired, wrong)
        ? `: it acquired it ${before(wrong, acquired)} before, and no release was begun since`
        : ': both acquired it at the same time';
  return {
    title: `The lock${ofKey(about)} is held twice`,
    verdict: `${wrong.client} acquires ${lock}${atNode(wrong.node)}, although ${holder} holds it${since}.`,
    operations: inOrder([...involved, wrong]),
    links: acquired === undefined ? [] : [{ from: acquired.number, to: wrong.number, text: 'holds it' }],
  };
}

const isOk = ({ completion }: StoryOperation): boolean => completion?.type === 'ok';

const inOrder = (operations: readonly StoryOperation[]): readonly StoryOperation[] =>
  [...new Set(operations)].toSorted((a, b) => a.invocation.index - b.invocation.index);

function queueStory(on: OnObject, states: readonly Json[]): ObjectStory {
  const { about, wrong, begun, partOf } = on;
  const got = partOf(wrong.completion?.value ?? null);
  const name = brief(got);
  const of = (f: string, value: Json): readonly StoryOperation[] =>
    begun.filter(
      (one) =>
        one.invocation.f === f &&
        one !== wrong &&
        jsonEquals(
          partOf((f === 'dequeue' ? one.completion : undefined)?.value ?? one.invocation.value),
          value,
        ),
    );
  const put = of('enqueue', got);
  const enqueued = put.filter(mayHaveHappened);
  const taken = of('dequeue', got).filter(isOk);
  const takes = `${wrong.client} dequeues ${name}${atNode(wrong.node)}`;
  const queue = ofKey(about);
  if (enqueued.length === 0) {
    const refused = put.findLast(isRefused);
    const why = refused === undefined ? '' : ` ${refusedText(refused, `enqueue of ${name}`)}`;
    return {
      title: `${name} is dequeued${queue}, which no one had enqueued`,
      verdict: `${takes}, which no one had enqueued by then.${why}`,
      operations: inOrder([...(refused === undefined ? [] : [refused]), wrong]),
      links: [],
    };
  }
  const first = taken.find((one) => isBefore(one, wrong)) ?? taken[0];
  if (first !== undefined && taken.length >= enqueued.length) {
    const times = enqueued.length === 1 ? 'once' : counted(enqueued.length, 'time');
    const when = isBefore(first, wrong) ? `${before(wrong, first)} before` : 'at the same time';
    return {
      title: `${name} is dequeued more often${queue} than it was enqueued`,
      verdict: `${takes}, although ${first.client} dequeued it ${when}: it was enqueued ${times}.`,
      operations: inOrder([...enqueued.slice(-MOST), first, wrong]),
      links: [
        { from: first.number, to: wrong.number, text: `took ${name}` },
        ...enqueued.slice(-1).map(({ number }) => ({ from: number, to: first.number, text: name })),
      ],
    };
  }
  const put0 = enqueued.find((one) => isBefore(one, wrong)) ?? enqueued[0];
  // For a fifo queue: the elements before it in each possible state.
  const ahead = states
    .map((state) => elementsOf(state) ?? [])
    .flatMap(([head]) => (head === undefined || jsonEquals(head, got) ? [] : [head]));
  for (const head of ahead) {
    const earlier = of('enqueue', head).findLast((one) => put0 !== undefined && isBefore(one, put0));
    if (earlier === undefined || put0 === undefined) continue;
    const there = brief(head);
    return {
      title: `${name} is dequeued${queue} before ${there}, which was enqueued first`,
      verdict: `${takes}, although ${there} stands before it: ${earlier.client}'s enqueue of ${there} was over ${duration(put0.invocation.time - endOf(earlier))} before ${put0.client}'s of ${name} began, and no one had dequeued it.`,
      operations: inOrder([earlier, put0, wrong]),
      links: [
        { from: earlier.number, to: put0.number, text: 'over before' },
        { from: put0.number, to: wrong.number, text: name },
      ],
    };
  }
  return otherStory(on, states);
}

/** A read of a set that lacks an element, or contains one that was never added. */
function setStory(on: OnObject, states: readonly Json[]): ObjectStory {
  const { about, wrong, begun, partOf } = on;
  const shown = elementsOf(partOf(wrong.completion?.value ?? null)) ?? [];
  const isShown = (element: Json): boolean => shown.some((one) => jsonEquals(one, element));
  const adds = begun.filter(({ invocation }) => invocation.f === 'add');
  const elementOf = ({ invocation }: StoryOperation): Json => partOf(invocation.value);
  const addsOf = (element: Json): readonly StoryOperation[] =>
    adds.filter((add) => jsonEquals(elementOf(add), element));
  const reads = `${wrong.client} reads the set${ofKey(about)}${atNode(wrong.node)}`;
  for (const element of shown) {
    const added = addsOf(element);
    if (added.some(mayHaveHappened)) continue;
    const refused = added.findLast(isRefused);
    const why =
      refused === undefined ? '' : ` ${refusedText(refused, `add of ${brief(elementOf(refused))}`)}`;
    return {
      title: `Element ${brief(element)} was read, but never added`,
      verdict: `${reads} and finds ${brief(element)}, which no client had added by then.${why}`,
      operations: inOrder([...(refused === undefined ? [] : [refused]), wrong]),
      links: [],
    };
  }
  const lacked = adds.findLast((add) => isOk(add) && isBefore(add, wrong) && !isShown(elementOf(add)));
  if (lacked !== undefined) {
    const name = brief(elementOf(lacked));
    return {
      title: `Element ${name} was missing from a read after it was added`,
      verdict: `${reads} and lacks ${name}, although ${lacked.client}'s add of it was over ${before(wrong, lacked)} before.`,
      operations: inOrder([lacked, wrong]),
      links: [{ from: lacked.number, to: wrong.number, text: 'over before' }],
    };
  }
  const earlier = begun.findLast(
    (one) =>
      one.invocation.f === 'read' &&
      isOk(one) &&
      isBefore(one, wrong) &&
      (elementsOf(partOf(one.completion?.value ?? null)) ?? []).some((element) => !isShown(element)),
  );
  const gone = (elementsOf(partOf(earlier?.completion?.value ?? null)) ?? []).find(
    (element) => !isShown(element),
  );
  if (earlier !== undefined && gone !== undefined) {
    return {
      title: `Element ${brief(gone)} was missing from a read after another had shown it`,
      verdict: `${reads} and lacks ${brief(gone)}, although ${earlier.client} had read it ${before(wrong, earlier)} before.`,
      operations: inOrder([...addsOf(gone).slice(-1), earlier, wrong]),
      links: [{ from: earlier.number, to: wrong.number, text: 'over before' }],
    };
  }
  return otherStory(on, states);
}

/** Describes the possible states, with the last completed operations and the pending ones. */
function otherStory({ about, wrong, begun, partOf }: OnObject, states: readonly Json[]): ObjectStory {
  const { invocation, completion } = wrong;
  const done = begun.filter((one) => one !== wrong && isOk(one) && isBefore(one, wrong));
  const during = begun.filter((one) => one !== wrong && mayHaveHappened(one) && !isBefore(one, wrong));
  const unique = [...new Map(states.map((state) => [valueText(state), state])).values()];
  const can = inSeries(
    unique.slice(0, FEW).map((state) => (state === null ? 'nothing' : valueInWords(state))),
    'or',
  );
  const value = partOf(completion?.value ?? invocation.value);
  const what = `${shownText(invocation.f, 40)}${value === null ? '' : ` ${valueInWords(value)}`}`;
  return {
    title: about.isAll
      ? 'The history is not linearizable'
      : `Key ${shownText(about.key, 60)} is not linearizable`,
    verdict: `${wrong.client}'s ${what}${atNode(wrong.node)} cannot have happened: by then the state can only have been ${can === '' ? 'another' : can}, and nothing that was under way changes it to one in which this is possible.`,
    operations: inOrder([...done.slice(-FEW), ...during.slice(-FEW), wrong]),
    links: [],
  };
}
