/** Explains an invalid set-full result in a sentence or two, and names the elements that show it. */
import { byCount, counted } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { isJsonArray, isJsonObject, jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { NodeOf } from '../checker.ts';
import { MISSING_AT_END, type Evidence, type SuspectElement } from '../evidence.ts';
import { formOf, otherFormOf } from '../other-form.ts';
import type { ElementOutcome, StaleOutcome } from './set-full-outcome.ts';
import type { SetFullResult } from './set-full.ts';

/** Maximum number of elements named in a sentence. The results have all of them. */
const NAMED = 5;

/** Explains what is wrong and which operations show it; undefined if there is nothing to say. */
export function explainSetFull(result: SetFullResult, nodeOf?: NodeOf): string | undefined {
  if (result.error !== undefined) return undefined;
  const sentences = [
    lostSentence(result, nodeOf),
    phantomSentence(result, nodeOf),
    repeatedSentence(result),
    unknownSentence(result),
    staleSentence(result, nodeOf),
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** Returns undefined if there is no verdict. */
export function setFullFigure(result: SetFullResult): string | undefined {
  if (result.error !== undefined) return undefined;
  const {
    'attempt-count': all,
    'lost-count': lost,
    'stale-count': stale,
    'phantom-count': phantoms = 0,
  } = result;
  const elements = counted(all, 'element');
  if (result['valid?'] === true) return `${elements}, none lost`;
  if (result['valid?'] === 'unknown') return `nothing proved about ${elements}`;
  if (lost > 0) return `${lost} of ${elements} lost`;
  if (phantoms > 0) return `${counted(phantoms, 'element')} that nothing added`;
  const repeated = result['repeated-count'] ?? result['duplicated-count'];
  return repeated > 0 ? `${repeated} of ${elements} listed twice` : `${stale} of ${elements} late`;
}

/** Maximum number of elements per kind. */
const ELEMENTS_SHOWN = 3;

interface Witnesses {
  readonly element: Json;
  readonly operations: readonly number[];
}

/**
 * Returns the first elements of each kind. Stale and never-read elements are included only if none are lost, phantoms
 * or repeated.
 */
export function setFullEvidence(result: SetFullResult): Evidence | undefined {
  if (result.error !== undefined) return undefined;
  const { 'first-phantom': phantom, 'worst-lost': worstLost = [], 'worst-stale': worstStale } = result;
  const known = (records: readonly (ElementOutcome | StaleOutcome)[]): readonly Witnesses[] =>
    records.map((record) => {
      const seen = 'last-present' in record ? record['last-present'] : null;
      const ops = [record.known, seen, record['last-absent']];
      return { element: record.element, operations: ops.flatMap((op) => (op === null ? [] : [op.index])) };
    });
  const first = (
    fate: SuspectElement['fate'],
    elements: readonly Json[] = [],
    shown: readonly Witnesses[] = [],
  ): SuspectElement[] =>
    elements.slice(0, ELEMENTS_SHOWN).map((element) => {
      const { operations } = shown.find((one) => jsonEquals(one.element, element)) ?? {};
      return { fate, element, ...(operations === undefined ? {} : { operations }) };
    });
  const worse = [
    ...first('lost', result.lost, known(worstLost)),
    ...first(
      'phantom',
      result.phantoms,
      phantom === undefined ? [] : [{ element: phantom.element, operations: [phantom.read.index] }],
    ),
    ...first('repeated', Object.keys(result.repeated ?? {}).map(elementOfKey)),
  ];
  const atEnd = result['valid?'] === true ? missingAtEnd(worstStale) : [];
  const stale = worstStale.filter((record) => !atEnd.includes(record));
  const late = [
    ...first(MISSING_AT_END, atEnd.map(elementOf), known(atEnd)),
    ...first('never-read', result['never-read']),
    ...first('stale', stale.map(elementOf), known(stale)),
  ];
  const repeatedKeys = Object.keys(result.repeated ?? {});
  return worse.length > 0
    ? {
        kind: 'elements',
        elements: worse,
        total: result.lost.length + (result.phantoms?.length ?? 0) + repeatedKeys.length,
      }
    : {
        kind: 'elements',
        elements: late,
        // In a valid run only elements that are missing at the end count, of which only the worst are known.
        ...(result['valid?'] === true ? {} : { total: result['never-read'].length + result['stale-count'] }),
      };
}

const elementOf = ({ element }: StaleOutcome): Json => element;

/** Returns the elements that a read at the very end lacks and a later one shows. */
const missingAtEnd = (stale: readonly StaleOutcome[]): readonly StaleOutcome[] =>
  stale.filter(({ 'last-absent': absent }) => absent?.final === true);

/** Converts a result key back to an element: keys are texts, that of an integer its digits. */
const elementOfKey = (key: string): Json => (/^-?\d{1,15}$/.test(key) ? Number(key) : key);

type Verdict = Extract<SetFullResult, { readonly lost: unknown }>;

function lostSentence(result: Verdict, nodeOf?: NodeOf): string | undefined {
  const { lost, 'lost-count': count, 'worst-lost': [worst] = [] } = result;
  if (count === 0) return undefined;
  const confirmed = count + result['stable-count'];
  const all = byCount(
    confirmed,
    'The only confirmed element was',
    `All ${confirmed} confirmed elements were`,
  );
  const some = `${count} of ${confirmed} confirmed elements ${byCount(count, 'was', 'were')}`;
  const summary = `${count === confirmed ? all : some} lost: ${names(lost)}.`;
  const {
    known = null,
    element = null,
    'last-present': seen = null,
    'last-absent': absent = null,
  } = worst ?? {};
  if (known === null || absent === null) return summary;
  const last = seen === null ? 'No read ever showed it.' : `The last read to show it began ${when(seen)}.`;
  return (
    `${summary} Element ${brief(element)} ${proof(known, nodeOf)}, yet a later read${readFrom(absent, nodeOf)}, ` +
    `which began ${when(absent)}, lacks it. ${last}`
  );
}

function phantomSentence(result: Verdict, nodeOf?: NodeOf): string | undefined {
  const { phantoms, 'first-phantom': first } = result;
  if (phantoms === undefined || first === undefined) return undefined;
  const { element, read } = first;
  const count = byCount(phantoms.length, 'An element was', `${phantoms.length} elements were`);
  return (
    `${count} read that no operation had added: ${names(phantoms)}. ` +
    `Element ${brief(element)} first appeared in the read${readFrom(read, nodeOf)} that ended ${when(read)}.${otherForm(result, phantoms)}`
  );
}

function otherForm(result: Verdict, phantoms: readonly Json[]): string {
  const missing = [...result.lost, ...result['never-read']];
  for (const phantom of phantoms.slice(0, NAMED)) {
    const meant = otherFormOf(phantom, missing);
    if (meant !== undefined)
      return ` ${brief(phantom)} is ${brief(meant)} as ${formOf(phantom, meant)}, which is a different value: elements must come back exactly as they were sent.`;
    const held = partsOf(phantom).find((part) => missing.some((element) => jsonEquals(element, part)));
    if (held !== undefined)
      return ` ${brief(phantom)} holds ${brief(held)}, but is not ${brief(held)}: elements must come back exactly as they were sent.`;
  }
  return '';
}

const partsOf = (value: Json): readonly Json[] =>
  isJsonArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];

function repeatedSentence(result: Verdict): string | undefined {
  const { repeated } = result;
  if (repeated === undefined) return undefined;
  const all = Object.entries(repeated);
  const shown = all.slice(0, NAMED).map(([element, times]) => `${shownText(element, 60)} (${times} times)`);
  const rest = all.length > NAMED ? ' and others' : '';
  const advice =
    result['valid?'] === true
      ? 'That is allowed, but an error with --strict.'
      : 'A set has each element once.';
  const listed = byCount(all.length, 'An element was', `${all.length} elements were`);
  return `${listed} listed more than once in a read: ${shown.join(', ')}${rest}. ${advice}`;
}

function unknownSentence(result: Verdict): string | undefined {
  if (result['valid?'] !== 'unknown') return undefined;
  return result['attempt-count'] === 0
    ? 'Nothing was added, so nothing was proved.'
    : 'No added element appeared in a read and stayed, so nothing was proved.';
}

function staleSentence(result: Verdict, nodeOf?: NodeOf): string | undefined {
  // Staleness makes a result invalid only if the set must be linearizable, and is worth reporting only if nothing worse
  // is found.
  const {
    'stale-count': stale,
    'worst-stale': [worst],
  } = result;
  const worseThings = result['lost-count'] > 0 || result.phantoms !== undefined;
  if (result['valid?'] !== false || stale === 0 || worseThings) return undefined;
  if (worst === undefined || worst.known === null) return undefined;
  const summary = `${stale} ${byCount(stale, 'element was', 'elements were')} missing from reads for a while after being confirmed`;
  const absent = worst['last-absent'];
  // A history without times: only the order is known.
  if (worst['stable-latency'] === 0 && absent !== null) {
    return (
      `${summary}, such as ${brief(worst.element)}: it ${proof(worst.known, nodeOf)}, and the read${readFrom(absent, nodeOf)} ` +
      `that began afterwards (operation ${absent.index}) lacks it.`
    );
  }
  return `${summary}; the longest was ${brief(worst.element)}, for ${worst['stable-latency']} ms after it ${proof(worst.known, nodeOf)}.`;
}

/**
 * Explains what a valid result leaves open; undefined if there is nothing to say. As in upstream, the latest of several
 * concurrent final reads decides, so an element that another of them lacks counts as stable.
 */
export function remarkOnSetFull(result: SetFullResult): string | undefined {
  if (result.error !== undefined || result['valid?'] !== true) return undefined;
  const missing = missingAtEnd(result['worst-stale']);
  const [first] = missing;
  if (first === undefined || first['last-absent'] === null) return undefined;
  const isAll = missing.length < result['worst-stale'].length || missing.length === result['stale-count'];
  const count = `${isAll ? '' : 'At least '}${counted(missing.length, 'element')} ${byCount(missing.length, 'was', 'were')}`;
  const read = first['last-absent'];
  return (
    `${count} missing from a read at the very end, after the quiet period: ${names(missing.map(({ element }) => element))}. ` +
    `The read that began ${when(read)} lacks ${brief(first.element)}; a later one shows it, so it counts as stable, but the node ` +
    'that answered without it may never get it.'
  );
}

/** Describes how the element was known to be in the set, such as "was acknowledged by n2 at 3.214 s (operation 17)". */
function proof(known: Op, nodeOf?: NodeOf): string {
  if (known.f === 'read') return `was read${readFrom(known, nodeOf)} ${when(known)}`;
  const node = nodeOf?.(known);
  const by = node === undefined ? '' : ` by ${node}`;
  return `was acknowledged${by} ${when(known)}`;
}

function readFrom(read: Op, nodeOf?: NodeOf): string {
  if (read.process === 'nemesis') return '';
  const node = nodeOf?.(read);
  return node === undefined ? ` by process ${read.process}` : ` from ${node}`;
}

const when = (op: Op): string => `at ${(op.time / 1e9).toFixed(3)} s (operation ${op.index})`;

function names(elements: readonly Json[]): string {
  const shown = elements.slice(0, NAMED).map(brief);
  const rest = elements.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

const brief = (element: Json): string => shownText(valueText(element), 60);
