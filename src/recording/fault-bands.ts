/**
 * The stretches of time in which something was broken, read off the nemesis's operations: from `start-partition`, `kill`,
 * `pause` and the like to what ends them. Which nodes it hit stands in the values.
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
  /** Undefined when nothing ended it. */
  readonly toNanos: number | undefined;
  /** Which nodes are cut from which, or which it hit, or which left and joined: `n1 | n2 n3`, `n4`, `without n2, with n4`; may be empty. */
  readonly about: string;
}

/** An entry of the nemesis in a history. */
export interface FaultEntry extends MembershipOp {
  readonly time: number;
}

interface OpenBand {
  readonly kind: string;
  readonly fromNanos: number;
  /** Whether both of the operation's entries have been seen: what was asked for, and what was done. */
  isDone: boolean;
  about: string;
}

/**
 * `nemesisOps` are the operations of the process `nemesis`, in order; each stands there twice. `nodes` are the first members; a
 * cluster whose members have changed is in a band of its own from each change to the next.
 */
export function faultBands(nemesisOps: readonly FaultEntry[], nodes: readonly string[]): FaultBand[] {
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
    const known = open.get(ender);
    if (known !== undefined && !known.isDone) {
      if (isNothing(value)) open.delete(ender);
      known.isDone = true;
      known.about = about === '' ? known.about : about;
      continue;
    }
    // Another one takes the place of the one before.
    close(ender, time);
    open.set(ender, { kind, fromNanos: time, isDone: false, about });
  }
  // Closing one while going through them is what maps allow.
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

/** The kinds that occur, in order of first occurrence. */
export function bandKinds(bands: readonly FaultBand[]): string[] {
  return [...new Set(bands.map(({ kind }) => kind))];
}

/** Whether a fault has hit no node: a partition that cuts none off, or a kill among no primaries. */
function isNothing(value: Json): boolean {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty || isolatedIn(value)?.size === 0;
}

function describeTargets(value: Json, nodes: readonly string[]): string {
  const grudge = isolatedIn(value);
  if (grudge === undefined) {
    const named = namesIn(value, new Set(nodes), new Set());
    return nodes.filter((node) => named.has(node)).join(' ');
  }
  return describeGrudge(grudge, nodes);
}

/** Which nodes do not hear which, from `["isolated", {n1: ["n2"]}]`. */
function isolatedIn(value: Json): ReadonlyMap<string, ReadonlySet<Json>> | undefined {
  if (!Array.isArray(value)) return undefined;
  const [word, grudge] = value as readonly Json[];
  if (word !== 'isolated' || typeof grudge !== 'object' || grudge === null) return undefined;
  return new Map(
    Object.entries(grudge).map(([node, strangers]) => [
      node,
      // What is not a list of names hides no node.
      new Set<Json>(Array.isArray(strangers) ? (strangers as readonly Json[]) : []),
    ]),
  );
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

/** Names that are listed one by one in a part of a partition. */
const FEW = 8;

/** The same as a viewer shows them: in few words, and with the nodes that are touched. */
export function faultViews(nemesisOps: readonly FaultEntry[], nodes: readonly string[]): FaultView[] {
  const ever = everMembers(nodes, nemesisOps);
  return faultBands(nemesisOps, nodes).map(({ kind, fromNanos, toNanos, about }) => {
    const named = new Set(about.split(/[ |;,]+/));
    return {
      name: kind,
      from: fromNanos,
      to: toNanos ?? null,
      about: kind === MEMBERSHIP ? about : shortAbout(about),
      // Of changed members those are touched that have left, and they are among the first ones.
      nodes: (kind === MEMBERSHIP ? nodes : ever).filter((node) => named.has(node)),
    };
  });
}

/** Sentences of which node hears which that are shown. */
const FEW_SENTENCES = 3;

function shortAbout(about: string): string {
  if (!/ hears? /.test(about)) return about.split(' | ').map(shortList).join(' | ');
  const sentences = about.split('; ');
  const left = sentences.length - FEW_SENTENCES;
  return left > 1 ? `${sentences.slice(0, FEW_SENTENCES).join('; ')}; and ${left} more` : about;
}

/** Few names as they are; of many how many there are. */
function shortList(names: string): string {
  const list = names.split(' ');
  return list.length > FEW ? `${list.length} nodes (${list.slice(0, 3).join(' ')} …)` : names;
}
