/**
 * A value that is lost in a service: a node stored it, and another one overwrote it with what it had read before.
 *
 *     n2 ── read all ──> lin-kv: [0]
 *     n1 ── write all [0 7] ──> lin-kv      7 is stored
 *     n2 ── write all [0 8] ──> lin-kv      and overwritten
 *
 * A value is stored where a write that followed from its operation put it: at a place that did not have it before, and that is
 * named for its key if it has one. Replacing the value of a register is no loss, unless the operation behind it writes another
 * key. An element of a set or a log may be stored as an item of a list, as a name of a map, or by itself under a key of its own;
 * a name or a number alone counts only if it has been the element for all writes of such keys that followed from adding one.
 */
import { groupedBy } from '../../columns/groups.ts';
import { valueKey } from '../../columns/value-key.ts';
import { elementsOf, jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { microOps } from '../steps/micro-ops-text.ts';
import type { Finding } from '../finding.ts';
import type { CiteStep, Saying } from '../text/saying.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { brief, moment } from '../text/words.ts';
import { eachNameWithin, eachPlaceWithin, isInText } from './values/places.ts';
import type { Selected } from './selected.ts';
import { DECISIVE } from './selection.ts';
import {
  hasReplicas,
  isSameKey,
  lastReadBefore,
  readsOf,
  storingsOf,
  type ServiceRead,
  type Storing,
} from './storings.ts';
import { writesOf } from './values/writes-of.ts';
import { operationBehind } from './values/written-places.ts';

const ADDING: ReadonlySet<string> = new Set(['add', 'broadcast']);

/** What an operation of the story wrote. */
interface Wanted {
  readonly writer: StoryOperation;
  /** Undefined for the element of a set. */
  readonly key: Json | undefined;
  readonly value: Json;
  /** True if another write to the key replaces the value. */
  readonly isRegister: boolean;
  /** The write in words: `T1's append of 5 to key 0`. */
  readonly what: string;
}

export interface Overwriting {
  readonly say: Saying;
  /** Adds the messages that show it to the story, and the operation of the node that overwrote the value. */
  readonly take: () => void;
}

/** Returns undefined if no value of the story was overwritten. */
export function overwritingIn(selected: Selected): Overwriting | undefined {
  const wanted = selected.finding.areSummed === true ? [] : wantedBy(selected);
  if (wanted.length === 0) return undefined;
  const stored = storingsOf(selected.facts, selected.endNanos);
  if (stored.length === 0) return undefined;
  const kept = new KeptElements(selected, stored);
  for (const one of wanted) {
    const lost = overwritingOf(selected, one, { stored, kept });
    const overwriting = lost === undefined ? undefined : described(selected, one, { ...lost, kept });
    if (overwriting !== undefined) return overwriting;
  }
  return undefined;
}

/** Returns what the operations of the finding wrote: the write that the wrong one misses, and then the keys that most of them share. */
function wantedBy({ named, finding }: Selected): readonly Wanted[] {
  const { missed } = finding;
  const all = [...named].flatMap((writer) => writtenBy(writer, finding));
  const isMissed = ({ writer, value }: Wanted): boolean =>
    writer.number === missed?.writer && jsonEquals(value, missed.value);
  const sharing = ({ key = null }: Wanted): number =>
    [...named].filter(({ invocation }) =>
      microOps(invocation.value)?.some(([, own]) => jsonEquals(own ?? null, key)),
    ).length;
  return all.toSorted((a, b) => Number(isMissed(b)) - Number(isMissed(a)) || sharing(b) - sharing(a));
}

function writtenBy(writer: StoryOperation, { names, numbered }: Finding): readonly Wanted[] {
  const { f, value } = writer.invocation;
  if (writer.completion?.type !== 'ok') return [];
  if (ADDING.has(f) && elementsOf(value) === undefined)
    return [{ writer, key: undefined, value, isRegister: false, what: brief(value) }];
  const words = (microOps(value) ?? []).map(([word]) => word);
  const isRegister = !words.includes('append') && !words.includes('send');
  const byNumber = numbered?.has(writer.number) === true ? `operation ${writer.number}` : undefined;
  const whose = names?.get(writer.number) ?? byNumber ?? writer.client;
  return writesOf(writer).map(({ key, value: written }) => ({
    writer,
    key,
    value: written,
    isRegister,
    what: words.includes('send')
      ? `message ${brief(written)} of key ${brief(key)}`
      : `${whose}'s ${isRegister ? 'write' : 'append'} of ${brief(written)} to key ${brief(key)}`,
  }));
}

interface Lost {
  readonly first: Storing;
  readonly by: Storing;
}

function overwritingOf(
  selected: Selected,
  wanted: Wanted,
  { stored, kept }: { readonly stored: readonly Storing[]; readonly kept: KeptElements },
): Lost | undefined {
  const { messages } = selected.facts;
  const { behind } = kept;
  for (const [at, first] of stored.entries()) {
    if (behind(first) !== wanted.writer) continue;
    const same = stored.filter((one) => isSameKey(one, first));
    const before = same[same.indexOf(first) - 1];
    // A value that was not loaded may have had it.
    if (before === undefined && messages.skipped > 0) continue;
    const had = before === undefined ? new Set<string>() : kept.placesOf(wanted, before);
    const places = [...kept.placesOf(wanted, first)].filter((place) => !had.has(place));
    if (places.length === 0) continue;
    const isIn = (one: Storing): boolean => {
      const own = kept.placesOf(wanted, one);
      return isHidden(wanted, first, one) || places.some((place) => own.has(place));
    };
    const later = same.slice(same.indexOf(first) + 1);
    // It may be stored again by a node that had read it, and overwritten again.
    const by = later[later.findLastIndex(isIn) + 1];
    if (by === undefined) continue;
    if (isReplaced(wanted, behind(by)) || isElsewhere(wanted, first, stored.slice(at))) continue;
    return { first, by };
  }
  return undefined;
}

/** True if the value may be within a text that cannot be decoded, where the node has stored something else before. */
const isHidden = ({ value }: Wanted, first: Storing, { value: text }: Storing): boolean =>
  typeof text === 'string' && typeof first.value !== 'string' && isInText(text, value);

/** Returns the places in lists at which the value stands, those of a key under its name. */
function placesOf({ key, value, isRegister }: Wanted, stored: Storing): ReadonlySet<string> {
  const wanted = valueKey(value);
  const found = new Set<string>();
  eachPlaceWithin(stored.value, '', (place, one) => {
    if (valueKey(one) !== wanted || (!isRegister && !place.includes('[]'))) return;
    if (key === undefined || namesIn(stored.key, place).has(textOf(key))) found.add(place);
  });
  return found;
}

/** Returns the places of a value that is the name of an entry, or that stands outside of lists. */
function singlePlacesOf({ key, value }: Added, stored: Storing): ReadonlySet<string> {
  const wanted = valueKey(value);
  const found = new Set<string>();
  const add = (place: string): void => {
    if (key === undefined || namesIn(stored.key, place).has(textOf(key))) found.add(place);
  };
  eachPlaceWithin(stored.value, '', (place, one) => {
    if (valueKey(one) === wanted && !place.includes('[]')) add(place);
  });
  eachNameWithin(stored.value, '', (place, name) => {
    if (textOf(name) === textOf(value)) add(`${place}.*`);
  });
  return found;
}

/** Where elements of sets and logs are kept in a service outside of lists. */
class KeptElements {
  /** For each kind of key the places that always had what was added. */
  private readonly known: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly selected: Selected,
    stored: readonly Storing[],
  ) {
    const alike = groupedBy(stored, kindOfKey);
    this.known = new Map([...alike].map(([kind, storings]) => [kind, this.commonPlaces(storings)] as const));
  }

  /** Returns the places at which the value stands. */
  placesOf(wanted: Wanted, stored: Storing): ReadonlySet<string> {
    const places = placesOf(wanted, stored);
    if (wanted.isRegister || places.size > 0) return places;
    const known = this.known.get(kindOfKey(stored));
    return new Set([...singlePlacesOf(wanted, stored)].filter((place) => known?.has(place) === true));
  }

  /** Returns the operation from which a write followed. */
  readonly behind = ({ request }: Storing): StoryOperation | undefined =>
    operationBehind(this.selected.facts, request);

  private commonPlaces(storings: readonly Storing[]): ReadonlySet<string> {
    const added = storings.flatMap((storing) => {
      const operation = this.behind(storing);
      const values = operation === undefined ? [] : addedBy(operation);
      return values.length === 0
        ? []
        : [{ values, places: new Set(values.flatMap((one) => [...singlePlacesOf(one, storing)])) }];
    });
    const [first, ...others] = added;
    const different = new Set(added.flatMap(({ values }) => values.map(({ value }) => valueKey(value))));
    if (first === undefined || different.size < FEWEST_VALUES) return new Set();
    return new Set([...first.places].filter((place) => others.every(({ places }) => places.has(place))));
  }
}

/** A value that an operation added to what was there, and the key to which it did. */
type Added = Pick<Wanted, 'key' | 'value'>;

function addedBy(operation: StoryOperation): readonly Added[] {
  const { f, value } = operation.invocation;
  return ADDING.has(f) ? [{ key: undefined, value }] : writesOf(operation);
}

/** One may be the same by accident. */
const FEWEST_VALUES = 2;

/** `element 7` and `element 8` are keys of one kind. */
const kindOfKey = ({ service, key }: Storing): string => `${service} ${textOf(key).replaceAll(/\d+/g, '#')}`;

/** Returns the names within a place and in the key of the service: `log 6` has the names `log` and `6`. */
const namesIn = (key: Json, place: string): ReadonlySet<string> =>
  new Set([textOf(key), ...place.split(/[.[\]]+/), ...textOf(key).split(/[^A-Za-z0-9]+/)]);

const textOf = (value: Json): string => (typeof value === 'string' ? value : valueText(value));

/** True if the operation may replace the value, as a later write to the register. */
function isReplaced({ key, isRegister }: Wanted, by: StoryOperation | undefined): boolean {
  if (!isRegister) return false;
  return by === undefined || writesOf(by).some((one) => textOf(one.key) === textOf(key ?? null));
}

/** True if it may have been moved to another key. */
function isElsewhere(wanted: Wanted, first: Storing, later: readonly Storing[]): boolean {
  const others = later.filter((one) => !isSameKey(one, first));
  return others.some((one) => placesOf(wanted, one).size > 0);
}

/** A node that did not read what it overwrites may have chosen the key by what it had read elsewhere. */
function takeReadBefore(selected: Selected, { request }: Storing, reads: readonly ServiceRead[]): void {
  const behind = selected.requestBehind(request);
  if (behind === undefined) return;
  const before = reads.findLast(
    (read) =>
      selected.requestBehind(read.request) === behind &&
      (read.reply.arrivals[0] ?? Infinity) <= request.sentNanos,
  );
  selected.take(before?.request.id, DECISIVE);
  selected.take(before?.reply.id, DECISIVE);
}

function described(
  selected: Selected,
  wanted: Wanted,
  { first, by, kept }: Lost & { readonly kept: KeptElements },
): Overwriting | undefined {
  const { request, service, key } = by;
  const behind = request.isGuessed ? undefined : selected.requestBehind(request);
  const reads = readsOf(selected.facts);
  const own =
    behind === undefined ? reads : reads.filter((one) => selected.requestBehind(one.request) === behind);
  const read = lastReadBefore(own, by);
  // A node may replace what it has stored itself, and used elsewhere.
  if (read === undefined && request.src === first.request.src) return undefined;
  const ids = [first.request.id, first.reply.id, request.id, by.reply.id, read?.request.id, read?.reply.id];
  const take = (): void => {
    for (const id of ids) selected.take(id, DECISIVE);
    if (read === undefined) for (const storing of [first, by]) takeReadBefore(selected, storing, reads);
    if (!request.isGuessed) selected.takeOperation(operationBehind(selected.facts, request), DECISIVE);
  };
  const where = `key ${brief(key)} of ${service}`;
  const when = (cite: CiteStep): string => `at ${moment(request.sentNanos)}${cite(request.id)}`;
  const what: Saying = hasReplicas(by)
    ? (cite) =>
        `${request.src} wrote ${where} without ${wanted.what} ${when(cite)}, and ${service} keeps one of two writes`
    : (cite) => `${request.src} overwrote ${wanted.what} when it wrote ${where} ${when(cite)}`;
  if (read === undefined) return { say: (cite) => `${what(cite)}.`, take };
  const { value = null } = selected.facts.messages.bodyOf(read.reply.id);
  const seen: Saying = (cite) =>
    `what it had read there at ${moment(read.request.sentNanos)}${cite(read.request.id)}`;
  if (kept.placesOf(wanted, { ...by, value }).size > 0)
    return { say: (cite) => `${what(cite)}, although ${seen(cite)} had it.`, take };
  const yet = read.reply.id < first.reply.id ? ' yet' : '';
  return { say: (cite) => `${what(cite)}: ${seen(cite)} did not have it${yet}.`, take };
}
