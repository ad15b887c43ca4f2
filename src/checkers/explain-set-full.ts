/** What a result of set-full that is not valid means, in a sentence or two. */
import { byCount } from '../protocol/count-text.ts';
import type { Op } from '../history/op.ts';
import { stringifyJson, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { CheckResult, NodeOf } from './checker.ts';

/** Elements named in a sentence; the results have them all. */
const NAMED = 5;

/** Says what is wrong and which operations show it; undefined when there is nothing to say. */
export function explainSetFull(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const sentences = [
    lostSentence(result, nodeOf),
    phantomSentence(result, nodeOf),
    repeatedSentence(result),
    unknownSentence(result),
    staleSentence(result, nodeOf),
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

// The `as` below name the shapes that SetFullChecker.result makes.

function lostSentence(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const count = Number(result['lost-count']);
  if (count === 0) return undefined;
  const confirmed = count + Number(result['stable-count']);
  const lost = result['lost'] as readonly Json[];
  const [worst] = (result['worst-lost'] ?? []) as readonly {
    readonly element: Json;
    readonly known: Op;
    readonly 'last-absent': Op;
    readonly 'last-present': Op | null;
  }[];
  const summary = `${count} of ${confirmed} confirmed elements ${byCount(count, 'was', 'were')} lost: ${names(lost)}.`;
  if (worst === undefined) return summary;
  const { known, element } = worst;
  const seen = worst['last-present'];
  const last = seen === null ? 'No read ever showed it.' : `The last read to show it began ${when(seen)}.`;
  return (
    `${summary} Element ${brief(element)} ${proof(known, nodeOf)}, yet a later read${readFrom(worst['last-absent'], nodeOf)}, ` +
    `which began ${when(worst['last-absent'])}, lacks it. ${last}`
  );
}

function phantomSentence(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  const phantoms = result['phantoms'] as readonly Json[] | undefined;
  if (phantoms === undefined) return undefined;
  const { element, read } = result['first-phantom'] as { readonly element: Json; readonly read: Op };
  const count = byCount(phantoms.length, 'An element was', `${phantoms.length} elements were`);
  return (
    `${count} read that no operation had added: ${names(phantoms)}. ` +
    `Element ${brief(element)} showed up first in the read${readFrom(read, nodeOf)} that ended ${when(read)}.`
  );
}

function repeatedSentence(result: CheckResult): string | undefined {
  const repeated = result['repeated'] as Record<string, number> | undefined;
  if (repeated === undefined) return undefined;
  const all = Object.entries(repeated);
  const shown = all.slice(0, NAMED).map(([element, times]) => `${shownText(element, 60)} (${times} times)`);
  const rest = all.length > NAMED ? ' and others' : '';
  const advice =
    result['valid?'] === true ? 'That is allowed, but wrong with --strict.' : 'A set has each element once.';
  return `Some reads list an element more than once: ${shown.join(', ')}${rest}. ${advice}`;
}

function unknownSentence(result: CheckResult): string | undefined {
  if (result['valid?'] !== 'unknown') return undefined;
  return Number(result['attempt-count']) === 0
    ? 'Nothing was added, so nothing was proved.'
    : 'No element that was added ever showed up in a read to stay, so nothing was proved.';
}

function staleSentence(result: CheckResult, nodeOf?: NodeOf): string | undefined {
  // Staleness makes a result invalid only where a set has to be linearizable, and is news only when nothing worse is.
  const stale = Number(result['stale-count']);
  const worseThings = Number(result['lost-count']) > 0 || result['phantoms'] !== undefined;
  if (result['valid?'] !== false || stale === 0 || worseThings) return undefined;
  const [worst] = result['worst-stale'] as readonly {
    readonly element: Json;
    readonly known: Op;
    readonly 'stable-latency': number;
  }[];
  if (worst === undefined) return undefined;
  return (
    `${stale} ${byCount(stale, 'element was', 'elements were')} missing from reads for a while after being confirmed; ` +
    `the longest ${brief(worst.element)}, for ${worst['stable-latency']} ms after it ${proof(worst.known, nodeOf)}.`
  );
}

/** How the element was proved to be in the set, such as "was acknowledged by n2 at 3.214 s (operation 17)". */
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

const brief = (element: Json): string => shownText(stringifyJson(element), 60);
