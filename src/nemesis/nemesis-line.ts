/**
 * Describes what an operation of the nemesis did, as a line of the run's log, in the words of the status line:
 *
 *     Nemesis: partition n1 | n2 n3 begins
 *     Nemesis: partition n1 | n2 n3 ends
 *     Nemesis: n4 added
 */
import { isJsonArray, isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { faultBegunBy, faultOf, MEMBERSHIP } from './fault-operations.ts';

export interface NemesisDeed {
  readonly f: string;
  /** As recorded. */
  readonly value: Json;
  /** The active faults before and after it, in words. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Returns undefined when there is nothing to report: an operation that would have ended faults found none. */
export function nemesisLine({ f, value, before, after }: NemesisDeed): string | undefined {
  if (faultOf(f) === MEMBERSHIP) return membershipLine(f, value);
  const ended = without(before, after);
  const begun = without(after, before);
  if (faultBegunBy(f) === undefined && begun.length > 0) {
    // Of several nodes, some are still hit.
    return lineOf([`${ended.join(', ')} goes on as ${begun.join(', ')}`]);
  }
  const changes = [...ended.map((words) => `${words} ends`), ...begun.map((words) => `${words} begins`)];
  if (changes.length > 0) return lineOf(changes);
  return faultBegunBy(f) === undefined ? undefined : lineOf([`${f} hit no node`]);
}

/** Describes a change of membership: `n4 added`, or the operation and its other outcome. */
export function membershipLine(f: string, value: Json): string {
  const nodes = isJsonObject(value) ? Object.entries(value) : [];
  const changes = nodes.map(([node, outcome]) =>
    typeof outcome === 'string' && DONE.has(outcome)
      ? `${node} ${outcome}`
      : `${f} ${node}: ${outcomeText(outcome)}`,
  );
  return lineOf(changes.length === 0 ? [`${f} changed nothing`] : changes);
}

const DONE: ReadonlySet<string> = new Set(['added', 'removed', 'adding', 'removing']);

function outcomeText(outcome: Json): string {
  if (typeof outcome === 'string') return outcome;
  if (!isJsonArray(outcome)) return stringifyJson(outcome);
  const [, code = null, text = null] = outcome;
  return `error ${stringifyJson(code)}, ${stringifyJson(text)}`;
}

const lineOf = (changes: readonly string[]): string =>
  `Nemesis: ${changes.map((words) => shownText(words, 1000)).join('; ')}`;

/** Returns the words that `others` does not contain, or contains less often. */
function without(words: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return words.filter((one) => {
    const at = left.indexOf(one);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}
