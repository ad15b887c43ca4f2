/**
 * How long a cluster takes to get over the loss of its primary, measured in the first run of a hunt: the primary is lost
 * in its middle, and a client of another node asks until it succeeds.
 */
import { ClientBook, type OpenedClient } from '../../history/client-book.ts';
import type { Op, Process } from '../../history/op.ts';
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';

/** Late enough for programs that get ready slowly, and early enough for a slow failover. */
const LOST_AT_SECONDS = 4;
const LOST_FOR_SECONDS = 5.5;

/** Taken for the time of a failover that was not over within the loss. */
const UNKNOWN_SECONDS = 1;
/** A reply takes a few round trips of 10 ms. */
const AT_ONCE_NANOS = 50 * NANOS_PER_MS;

/** The faults that depose a primary. */
export const DEPOSING: readonly string[] = ['partition', 'one-way', 'pause', 'kill'];

/** Fewer nodes cannot tell a lost primary from a lost link. */
export const LEAST_NODES = 3;

/** Returns the settings with which the first run loses its primary; none if it must not. */
export function losingPrimary({ nemesis, nodes, faultScript }: TestSpec): Partial<TestSpec> {
  const [allowed] = DEPOSING.filter((fault) => nemesis.includes(fault));
  if (allowed === undefined || faultScript !== undefined || nodes.length < LEAST_NODES) return {};
  const isCut = allowed === 'one-way' || allowed === 'partition';
  const [fault, target] = isCut ? (['partition', 'primaries'] as const) : ([allowed, 'primary'] as const);
  return { faultScript: [{ at: LOST_AT_SECONDS, fault, target, for: LOST_FOR_SECONDS }] };
}

/**
 * Returns the seconds from the loss until a request that began after it succeeded at another node; undefined if
 * all did at once: then the primary was not needed. If all fail, it is not known how long a failover takes.
 */
export function failoverIn(history: readonly Op[], clients: readonly OpenedClient[]): number | undefined {
  const [, loss] = history.filter(({ process }) => process === 'nemesis');
  if (loss === undefined) return undefined;
  const lost = lostNodes(loss.value);
  const book = new ClientBook();
  for (const client of clients) book.add(client);
  const waiting = new Map<Process, number>();
  let hasFailed = false;
  for (const { process, type, time } of history) {
    if (process === 'nemesis' || time < loss.time) continue;
    if (time >= loss.time + LOST_FOR_SECONDS * NANOS_PER_SECOND) break;
    if (type === 'invoke') {
      const node = book.nodeOf({ process, time });
      if (node !== undefined && !lost.includes(node)) waiting.set(process, time);
    }
    const begin = waiting.get(process);
    if (begin === undefined || type === 'invoke') continue;
    if (type !== 'ok') {
      hasFailed = true;
      waiting.delete(process);
      continue;
    }
    const [first = begin] = waiting.values();
    return hasFailed || time - first > AT_ONCE_NANOS ? (time - loss.time) / NANOS_PER_SECOND : undefined;
  }
  return hasFailed ? UNKNOWN_SECONDS : undefined;
}

/** Returns the nodes that were paused or killed, or that hear fewer others than the rest does. */
function lostNodes(value: Json): readonly string[] {
  const [, isolated] = Array.isArray(value) ? value : [];
  if (!isJsonObject(isolated)) return isJsonObject(value) ? Object.keys(value) : [];
  const unheard = Object.entries(isolated).map(([node, others]) => ({
    node,
    count: Array.isArray(others) ? others.length : 0,
  }));
  const most = Math.max(...unheard.map(({ count }) => count));
  return unheard.filter(({ count }) => count === most).map(({ node }) => node);
}
