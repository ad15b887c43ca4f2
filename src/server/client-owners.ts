/**
 * Which process each client of a run belongs to. The history names processes, the journal names clients (`c7`). Clients
 * are numbered in the order in which they are opened: by the cluster, to start a node or to change the membership; once
 * before the first operation, to set up; and else by a process with its first operation. So, with the others left out,
 * the k-th client is that of the k-th process to begin, also when it never sent anything:
 *
 *     c0 init   c1 init   c2 topology   c3   c4   (c5 sent nothing)   c6 init   c7
 *                                       p0   p1    p2                           p12, after p2 crashed
 *
 * A client that spoke before that process began is a further one of a process whose node has left. Whether it all fits
 * (each request of a client lies within an operation of its process) is for the caller to see.
 */

/** Who opens a client to send these is the cluster. */
const CLUSTER_TYPES: ReadonlySet<string> = new Set(['init', 'add_member', 'remove_member']);

export interface SeenClient {
  /** 7 for `c7`. */
  readonly number: number;
  readonly firstSentNanos: number;
  /** The type of its first message. */
  readonly firstType: string;
}

export interface BegunProcess {
  readonly process: number;
  readonly firstInvokedNanos: number;
}

export interface ClientOwners {
  /** By the client's number. */
  readonly processOf: ReadonlyMap<number, number>;
  /** Clients that belong to none of the processes in this way, and not to the cluster: of whose node has left. */
  readonly others: readonly SeenClient[];
}

/** Clients in the order of their numbers, processes in the order of their first invocations. */
export function clientOwners(
  clients: readonly SeenClient[],
  processes: readonly BegunProcess[],
): ClientOwners {
  const processOf = new Map<number, number>();
  const others: SeenClient[] = [];
  const begin = processes[0]?.firstInvokedNanos ?? Infinity;
  let next = 0;
  let number = clients[0]?.number ?? 0;
  for (const client of clients) {
    // Numbers that never showed up are clients of processes: all others have something to say.
    next += client.number - number;
    number = client.number + 1;
    if (CLUSTER_TYPES.has(client.firstType) || client.firstSentNanos < begin) continue;
    const process = processes[next];
    if (process === undefined || client.firstSentNanos < process.firstInvokedNanos) {
      others.push(client);
      continue;
    }
    processOf.set(client.number, process.process);
    next++;
  }
  return { processOf, others };
}
