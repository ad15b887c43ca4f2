/**
 * The intervals during which something was broken, from the nemesis's operations: each begins with `start-partition`,
 * `kill`, `pause` or the like, and ends with the operation that undoes it. The affected nodes are in the values.
 */
import { faultBegunBy, MEMBERSHIP, operationsOf } from '../nemesis/fault-operations.ts';
import { describeGrudge } from '../nemesis/grudge-words.ts';
import type { Json } from '../protocol/json.ts';
import { everMembers, membersAfter, type MembershipOp } from './members.ts';
import type { FaultView } from './views.ts';

export interface FaultBand {
  /** `partition`, `kill`, ... */
  readonly kind: string;
  readonly fromNanos: number;
  /** Undefined if nothing ended it. */
  readonly toNanos: number | undefined;
  /**
   * The parts of a partition, the nodes affected, or those that left and joined: `n1 | n2 n3`, `n4`, `without n2, with
   * n4`; may be empty.
   */
  readonly about: string;
}

/** An entry of the nemesis in a history. */
export interface FaultEntry extends MembershipOp {
  readonly time: number;
}

interface OpenBand {
  readonly kind: string;
  readonly fromNanos: number;
  /** True once both entries of the operation have been seen: the request and the result. */
  isDone: boolean;
  about: string;
}

/**
 * Returns the bands. `nemesisOps` are the operations of the process `nemesis` in order, with two entries each. `nodes`
 * are the initial members, empty if unknown; each interval between changes of the membership is a band of its own.
 */
export function faultBands(nemesisOps: readonly FaultEntry[], known: readonly string[]): FaultBand[] {
  const nodes = nodesOf(nemesisOps, known);
  const bands: FaultBand[] = [];
  let members = nodes;
  const open = new Map<string, OpenBand>();
  const close = (ender: string, toNanos: number | undefined): void => {
    const band = open.get(ender);
    if (band === undefined) return;
    open.delete(ender);
    bands.push({ kind: band.kind, fromNanos: band.fromNanos, toNanos, about: band.about });
  };
  for (const { f, time, value } of nemesisOps) {
    const changed = membersAfter(members, { f, value });
    if (changed !== members) {
      members = changed;
      close(MEMBERSHIP, time);
      open.set(MEMBERSHIP, {
        kind: MEMBERSHIP,
        fromNanos: time,
        isDone: true,
        about: describeChange(nodes, members),
      });
      continue;
    }
    const kind = faultBegunBy(f);
    if (kind === undefined) {
      close(f, time);
      continue;
    }
    const ender = operationsOf(kind).stop;
    const about = describeTargets(value, members);
    const begun = open.get(ender);
    if (begun !== undefined && !begun.isDone) {
      if (isNothing(value)) open.delete(ender);
      begun.isDone = true;
      begun.about = about === '' ? begun.about : about;
      continue;
    }
    // A new fault replaces the previous one.
    close(ender, time);
    open.set(ender, { kind, fromNanos: time, isDone: false, about });
  }
  // A Map may be changed while iterating over it.
  for (const ender of open.keys()) close(ender, undefined);
  return bands.toSorted((a, b) => a.fromNanos - b.fromNanos);
}

function describeChange(first: readonly string[], members: readonly string[]): string {
  const left = first.filter((node) => !members.includes(node));
  const joined = members.filter((node) => !first.includes(node));
  return [
    ...(left.length === 0 ? [] : [`without ${left.join(' ')}`]),
    ...(joined.length === 0 ? [] : [`with ${joined.join(' ')}`]),
  ].join(', ');
}

/** Returns the kinds that occur, in order of first occurrence. */
export function bandKinds(bands: readonly FaultBand[]): string[] {
  return [...new Set(bands.map(({ kind }) => kind))];
}

/** True if a fault affected no node: a partition without a cut, or a kill while there was no primary. */
function isNothing(value: Json): boolean {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty || isolatedIn(value)?.size === 0;
}

/** Returns the words for the value with which the last of these operations of the nemesis ended, if it is a partition. */
export function partitionText(
  nemesisOps: readonly FaultEntry[],
  nodes: readonly string[],
): string | undefined {
  const last = nemesisOps.at(-1);
  const grudge = last === undefined ? undefined : isolatedIn(last.value);
  if (grudge === undefined) return undefined;
  let members = nodes;
  for (const op of nemesisOps) members = membersAfter(members, op);
  return grudge.size === 0 ? 'nothing is cut' : describeGrudge(grudge, members);
}

function describeTargets(value: Json, nodes: readonly string[]): string {
  const grudge = isolatedIn(value);
  if (grudge === undefined) {
    const named = namesIn(value, new Set(nodes), new Set());
    return nodes.filter((node) => named.has(node)).join(' ');
  }
  return describeGrudge(grudge, nodes);
}

/** Returns for each node the nodes it cannot hear, from `["isolated", {n1: ["n2"]}]`. */
function isolatedIn(value: Json): ReadonlyMap<string, ReadonlySet<Json>> | undefined {
  if (!Array.isArray(value)) return undefined;
  const [word, grudge] = value as readonly Json[];
  if (word !== 'isolated' || typeof grudge !== 'object' || grudge === null) return undefined;
  return new Map(
    Object.entries(grudge).map(([node, strangers]) => [
      node,
      // A value other than a list of names hides no node.
      new Set<Json>(Array.isArray(strangers) ? (strangers as readonly Json[]) : []),
    ]),
  );
}

/** Returns the known nodes; if there are none, as of a history without the options of its test, those that partitions name. */
function nodesOf(nemesisOps: readonly FaultEntry[], known: readonly string[]): readonly string[] {
  if (known.length > 0) return known;
  const names = nemesisOps.flatMap(({ value }) =>
    [...(isolatedIn(value) ?? [])].flatMap(([node, strangers]) => [
      node,
      ...[...strangers].filter((name) => typeof name === 'string'),
    ]),
  );
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function namesIn(value: Json, nodes: ReadonlySet<string>, found: Set<string>): ReadonlySet<string> {
  if (typeof value === 'string') {
    if (nodes.has(value)) found.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) namesIn(item, nodes, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) namesIn(key, nodes, found);
  }
  return found;
}

/** Maximum number of names listed one by one in a part of a partition. */
const FEW = 8;

/** Returns the bands for a viewer: in few words, and with the affected nodes. */
export function faultViews(nemesisOps: readonly FaultEntry[], known: readonly string[]): FaultView[] {
  const nodes = nodesOf(nemesisOps, known);
  const ever = everMembers(nodes, nemesisOps);
  return faultBands(nemesisOps, nodes).map(({ kind, fromNanos, toNanos, about }) => {
    const named = new Set(about.split(/[ |;,]+/));
    return {
      name: kind,
      from: fromNanos,
      to: toNanos ?? null,
      about: kind === MEMBERSHIP ? about : shortAbout(about),
      // For changes of the membership only nodes that have left are affected, and those are among the initial members.
      nodes: (kind === MEMBERSHIP ? nodes : ever).filter((node) => named.has(node)),
    };
  });
}

/** Maximum number of sentences about which node hears which. */
const FEW_SENTENCES = 3;

/** Returns the nodes of a fault in few words: `70 nodes (n1 n2 n3 …)`. */
export function shortAbout(about: string): string {
  if (!/ hears? /.test(about)) return about.split(' | ').map(shortList).join(' | ');
  const sentences = about.split('; ');
  const left = sentences.length - FEW_SENTENCES;
  return left > 1 ? `${sentences.slice(0, FEW_SENTENCES).join('; ')}; and ${left} more` : about;
}

/** Returns a few names unchanged; of many, their number. */
function shortList(names: string): string {
  const list = names.split(' ');
  return list.length > FEW ? `${list.length} nodes (${list.slice(0, 3).join(' ')} …)` : names;
}
